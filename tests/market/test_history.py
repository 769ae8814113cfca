"""Who changed which number from what to what: page after page, and nothing is lost between two pages."""

from datetime import timedelta
from itertools import pairwise

from placement.market.history import NUMBERS, ReportedChange, reported_changes
from placement.records.pages import ROWS, PlaceInList
from tests.builders import a_report, a_unit
from tests.conftest import NOW


def test_each_report_says_what_it_changed_and_the_first_that_it_is_the_first(store):
    with store.writing() as session:
        unit = a_unit(session, accepting=1, capacity=5)
        a_report(session, unit, maximum=5, occupied=2, accepting=1, reporter="Pia")
        a_report(session, unit, maximum=5, occupied=2, accepting=1, reporter="Per")
        a_report(session, a_unit(session), maximum=1)
        rows = reported_changes(session, unit).rows

        assert [row.report.reporter for row in rows] == ["Per", "Pia", "Somebody"]
        assert [row.changes for row in rows] == [(), (("occupied", 0, 2),), ()]
        assert [row.is_first for row in rows] == [False, False, True]


def test_the_seam_between_two_pages_is_told(store):
    with store.writing() as session:
        unit = a_unit(session, accepting=0, capacity=9)
        for number in range(ROWS + 5):
            a_report(session, unit, maximum=9, occupied=number % 9, reported_at=NOW + timedelta(hours=number))
        first = reported_changes(session, unit)
        second = reported_changes(session, unit, at=PlaceInList(after=first.after))
        rows: list[ReportedChange] = [*first.rows, *second.rows]

        assert len(rows) == first.total == ROWS + 6
        for newer, older in pairwise(rows):
            changed = {name: (was, now) for name, was, now in newer.changes}
            differs = {
                name: (getattr(older.report, name), getattr(newer.report, name))
                for name in NUMBERS
                if getattr(older.report, name) != getattr(newer.report, name)
            }
            assert changed == differs
        assert rows[-1].is_first
