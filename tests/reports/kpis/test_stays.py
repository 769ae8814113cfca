"""Measures of stays: every count on every one of them is what plain SQL counts."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import text

from placement.domain.reasons import OUT_OF_CITY_REASON
from placement.domain.services import rating_label
from placement.domain.states import PlacementState
from placement.reports.kpis.in_city import in_city_tables
from placement.reports.kpis.outside import outside_tables
from placement.reports.kpis.ratings import rating_tables
from placement.reports.kpis.stays import stays_begun
from placement.reports.small_numbers import rounded
from tests.reports.kpis.worlds import a_year, asked_for, cells_of, placed, units_of

PLAIN = text("""
    SELECT p.person_id, r.kind, p.is_in_city, p.out_of_city_reason, s.quality, p.rank, p.start_on, p.weekly_pence
    FROM placement p JOIN referral r ON r.id = p.referral_id JOIN unit u ON u.id = p.unit_id
    JOIN service s ON s.id = u.service_id
    WHERE p.state IN ('confirmed', 'active', 'away', 'notice', 'ended')
      AND p.start_on >= :first AND p.start_on < :last
      AND NOT EXISTS (
        SELECT 1 FROM placement q WHERE q.person_id = p.person_id AND q.start_on >= :first AND q.start_on < :last
          AND q.state IN ('confirmed', 'active', 'away', 'notice', 'ended')
          AND (q.start_on > p.start_on OR q.start_on = p.start_on AND q.id > p.id))
""")


def plainly(session):
    """Return the newest stay of everybody, by SQL alone."""
    year = asked_for().year
    rows = session.execute(PLAIN, {"first": year.start.isoformat(), "last": year.end.isoformat()})
    return [row._mapping for row in rows]


def held(told, count):
    """Return whether a figure is the count as it may be told."""
    return told is None or (told == rounded(count) and not 0 < count < 8)


@pytest.fixture(params=range(2))
def year(store, request):
    with store.writing() as session:
        a_year(session, request.param)
    return store


def test_where_people_were_placed_is_what_sql_counts(year):
    with year.reading() as session:
        people, told = plainly(session), cells_of(in_city_tables(session, asked_for())[0])

    inside = sum(bool(row["is_in_city"]) for row in people)
    assert told["All", "People placed"] == rounded(len(people))
    assert held(told["All", "In the city"], inside)
    for slug, label in (("crisis", "Crisis"), ("respite", "Respite"), ("planned", "Planned"), ("move_on", "Move-on")):
        those = [row for row in people if row["kind"] == slug]
        assert held(told[label, "People placed"], len(those))
        assert held(told[label, "In the city"], sum(bool(row["is_in_city"]) for row in those))


def test_reasons_and_ratings_are_what_sql_counts(year):
    with year.reading() as session:
        people = plainly(session)
        reasons = cells_of(outside_tables(session, asked_for())[0])
        ratings = cells_of(rating_tables(session, asked_for())[0])
    outside = [row for row in people if not row["is_in_city"]]

    assert held(reasons["All", "People placed outside"], len(outside))
    for reason in OUT_OF_CITY_REASON.values():
        for (label, words), told in reasons.items():
            if label.startswith(reason.label) and words == "People placed outside":
                assert held(told, sum(row["out_of_city_reason"] == reason.slug for row in outside))
    for quality in (0, 1, 2, 3, None):
        those = sum(row["quality"] == quality for row in people)
        assert held(ratings.get((rating_label(quality), "People placed"), 0), those)
    assert held(ratings["Good", "In the city"], sum(row["quality"] == 2 for row in people if row["is_in_city"]))


def test_with_enough_people_everything_is_told(store):
    with store.writing() as session:
        good, poor, _, outside = units_of(session)
        for unit, people, out in ((good, 30, None), (poor, 12, None), (outside, 18, "cost")):
            for _ in range(people):
                placed(session, unit, days_ago=100, out=out)
    with store.reading() as session:
        where = cells_of(in_city_tables(session, asked_for())[0])
        rating = cells_of(rating_tables(session, asked_for())[0])

    assert [where["Planned", each] for each in ("People placed", "In the city", "Outside, not by choice")] == [
        60,
        40,
        20,
    ]
    assert where["All", "In-city share"] == 67, "42 of 60 are 70, and 40 of 60 is what is told"
    assert rating["Good", "Of a hundred in the city"] == 75
    assert rating["Requires improvement", "In the city"] == 10
    assert rating["Good", "Of a hundred outside"] == 100


def test_the_quarters_tell_of_those_whose_newest_stay_began_in_them(year):
    with year.reading() as session:
        people = plainly(session)
        for span in asked_for().spans[1:]:
            told = cells_of(in_city_tables(session, asked_for(span.slug))[0])
            those = [row for row in people if span.period.holds(_date(row["start_on"]))]
            assert held(told["All", "People placed"], len(those))


def test_what_places_outside_cost_and_how_far_they_are(store):
    with store.writing() as session:
        unit = units_of(session)[3]
        for number in range(10):
            placed(session, unit, days_ago=100, out="no_vacancy", weekly_pence=100_000 + 10_000 * number)
    with store.reading() as session:
        told = cells_of(outside_tables(session, asked_for())[0])

    label = "No vacancy in the city (not by choice)"
    assert told[label, "Price a week, average"] == 145_000
    assert told[label, "Miles, median"] == 12


def test_a_stay_that_goes_on_elsewhere_on_the_same_side_is_none_of_its_own(store):
    with store.writing() as session:
        unit = units_of(session)[0]
        first = placed(session, unit, days_ago=100)
        placed(session, unit, days_ago=90, person=first.person, moved_from_id=first.id)
        placed(session, unit, days_ago=80, state=PlacementState.RESERVED)
    with store.reading() as session:
        assert [stay.thing_id for stay in stays_begun(session, asked_for())] == [first.id]


def test_of_few_people_nothing_is_told_and_of_none_there_is_no_row(store):
    with store.reading() as session:
        assert in_city_tables(session, asked_for())[0].rows == ()
    with store.writing() as session:
        unit = units_of(session)[0]
        for _ in range(5):
            placed(session, unit, days_ago=100)
    with store.reading() as session:
        (row, everybody) = in_city_tables(session, asked_for())[0].rows
    assert row.values == everybody.values == (None, None, 0, 0, None)


def _date(value):
    return value if isinstance(value, date) else date.fromisoformat(value)
