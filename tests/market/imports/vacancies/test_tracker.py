from datetime import UTC, datetime, timedelta

import pytest

from placement.domain.errors import Invalid, UnusableFile
from placement.domain.people import SYSTEM, Actor, Role
from placement.domain.tracker import BED_CATEGORIES, COLUMN_MAP
from placement.market.imports.vacancies.reading import plan_vacancies
from placement.market.imports.vacancies.tracker_cells import instant_of
from placement.market.imports.vacancies.tracker_columns import tracker_columns
from placement.records.providers import Unit
from placement.records.tracker import column_map, set_category, set_column_map
from placement.sheets.formats import read_sheet, write_sheet
from tests.builders import a_placement, a_provider, a_report, a_service, a_unit
from tests.conftest import NOW

LONG = [
    "CQC_ID",
    "bed type",
    "MaxCapacity",
    "used_beds",
    "Declared Vacancies",
    "isAcceptingAdmissions",
    "lastupdatedutc",
]
USUAL = {row.slug: row.usual for row in COLUMN_MAP}
AFTER = (NOW - datetime(1899, 12, 30, tzinfo=UTC)) / timedelta(days=1) + 0.5
BEFORE = AFTER - 30


class Home:
    """A home of one unit, and one of two of which each has its category."""

    def __init__(self, session):
        self.session = session
        provider = a_provider(session)
        one = a_service(session, provider=provider, name="One", cqc_location_id="1-111")
        two = a_service(session, provider=provider, name="Two", cqc_location_id="1-222")
        self.one = a_unit(session, service=one, name="All", capacity=20, accepting=None)
        a_report(session, self.one, maximum=20, occupied=15, reserved=1, accepting=4, reported_at=NOW)
        self.first = a_unit(session, service=two, name="First", capacity=8, accepting=None)
        self.second = a_unit(session, service=two, name="Second", capacity=8, accepting=2)
        set_category(session, self.first, "dementia_nursing", by=SYSTEM, now=NOW)
        self.actor = Actor(user_id=None, name="P", role=Role.PROVIDER, provider_id=provider.id)
        session.flush()

    def plan(self, headings, *rows, ending="csv"):
        content = write_sheet(ending, headings, rows)
        return plan_vacancies(self.session, read_sheet(content, name=f"a.{ending}"), actor=self.actor, now=NOW)

    def given(self, headings, *rows):
        """Return (unit, maximum, occupied, reserved, accepting) of each row that can be stored."""
        plan = self.plan(headings, *rows)
        assert plan.wrong == []
        return [
            (row.now.unit.id, row.given.maximum, row.given.occupied, row.given.reserved, row.given.accepting)
            for row in plan.rows
        ]


@pytest.fixture
def home(store):
    with store.writing() as session:
        yield Home(session)


def test_an_extract_with_a_row_for_each_category_goes_to_the_unit_of_that_category(home):
    rows = [
        ["1-111", "General residential", 12, 8, 4, "Open", AFTER],
        ["1-111", "dementia_residential", 8, 7, 1, "yes", AFTER],
        ["1-222", "Dementia Nursing", 8, 6, 2, "TRUE", AFTER],
        ["1-999", "General nursing", 50, 40, 10, "Open", AFTER],
    ]
    plan = home.plan(LONG, *rows)
    assert (plan.others, plan.wrong) == (1, [])
    assert home.given(LONG, *rows) == [(home.one.id, 20, 15, 1, 4), (home.first.id, 8, 6, 0, 2)]
    assert "20 places, 15 used, 5 vacant: it adds up. Admissions: “Open; yes”." in plan.rows[0].notes[0]
    assert [row.is_change for row in plan.rows] == [False, True]


def test_an_extract_with_columns_for_each_category_is_the_same(home):
    headings = ["cqcid", "location", "admissionstatus", "dementia_nursing_maxcapacity", "Used beds: dementia nursing",
                "DementiaNursing Vacancies", "general_nursing_maxcapacity", "general_nursing_usedbeds",
                "general_nursing_vacancies"]  # fmt: skip
    assert home.given(headings, ["1-222", "Two", "Open", 8, 5, 3, "", "", ""]) == [(home.first.id, 8, 5, 0, 3)]
    plan = home.plan(headings, ["1-222", "Two", "Open", 8, 5, 3, 4, 4, 0])
    assert "Say which unit is “General nursing”" in plan.wrong[0].problems["category"]


@pytest.mark.parametrize(
    ("word", "accepting"),
    [("open", 4), ("YES", 4), ("Accepting", 4), ("1", 4), ("Closed", 0), ("no", 0), ("FALSE", 0), ("Paused", None)],
)
def test_words_for_admissions_are_mapped_and_never_guessed(home, word, accepting):
    plan = home.plan(LONG, ["1-111", "", 20, 15, 5, word, AFTER])
    if accepting is None:
        assert "Not known, as sent: “Paused”" in plan.wrong[0].problems["admissions"]
        words = {"accepting_words": (*USUAL["accepting_words"], "paused")}
        set_column_map(home.session, home.actor.council, words, by=SYSTEM, now=NOW)
        plan = home.plan(LONG, ["1-111", "", 20, 15, 5, word, AFTER])
        accepting = 4
    assert plan.rows[0].given.accepting == accepting


def test_a_closed_status_outweighs_an_open_home_and_silence_is_not_known(home):
    headings = [*LONG, "admission status"]
    assert home.plan(headings, ["1-111", "", 20, 15, 5, "yes", AFTER, "closed"]).rows[0].given.accepting == 0
    assert home.plan(headings, ["1-111", "", 20, 15, 5, "", AFTER, "open"]).rows[0].given.accepting == 4
    assert (
        "does not say whether"
        in home.plan(headings, ["1-111", "", 20, 15, 5, "", AFTER]).wrong[0].problems["admissions"]
    )


@pytest.mark.parametrize(
    ("included", "accepting"),
    [(("reserved", "closed"), 1), (("closed",), 3), (("reserved",), 2), ((), 4)],
)
def test_what_the_vacancies_include_is_taken_off_them_as_the_map_says(home, included, accepting):
    set_column_map(home.session, home.actor.council, {"included": included}, by=SYSTEM, now=NOW)
    headings = [*LONG, "reserved", "closedbeds"]
    row = home.plan(headings, ["1-111", "", 20, 14, 4, "open", AFTER, 2, 1]).rows[0]
    assert (row.given.reserved, row.given.accepting) == (2, accepting)


def test_a_row_from_before_the_newest_numbers_is_left_as_it_is(home):
    plan = home.plan(LONG, ["1-111", "", 20, 10, 10, "open", BEFORE])
    assert (len(plan.older), plan.changed) == (1, [])


def test_a_reserved_place_that_the_extract_knows_nothing_of_stays_reserved(home):
    a_placement(home.session, home.one, start=2, nights=30)
    home.session.flush()
    (row,) = home.plan(LONG, ["1-111", "", 20, 15, 5, "open", AFTER]).rows
    assert (row.given.reserved, row.given.accepting) == (2, 3)


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        (["1-111", "", 20, 18, 5, "open", AFTER], "18 used beds and 5 vacancies are more than 20 places"),
        (["1-111", "", "many", 18, 5, "open", AFTER], "whole number"),
        (["1-111", "", "", 18, 5, "open", AFTER], "Fill this in"),
        (["1-111", "Penthouse", 20, 15, 5, "open", AFTER], "none of the ten bed categories"),
        (["1-111", "", 20, 15, 5, "open", "yesterday"], "Enter a time such as"),
        (["1-111", "", 20, 15, 5, "open", "7"], "Enter a time such as"),
        (["1-222", "", 20, 15, 5, "open", AFTER], "must name its bed category"),
        (["1-222", "transitional", 20, 15, 5, "open", AFTER], "Say which unit is “Transitional”"),
    ],
)
def test_a_row_says_what_to_mend(home, cells, words):
    (row,) = home.plan(LONG, cells).wrong
    assert words in " ".join(row.problems.values())


def test_the_same_beds_twice_and_a_part_of_a_home_are_not_taken_for_the_whole(home):
    row = ["1-111", "transitional", 10, 5, 5, "open", AFTER]
    plan = home.plan(LONG, row, row)
    assert "Another row of this file is about the same beds: keep one" in plan.wrong[-1].problems.values()
    assert [row.is_good for row in plan.rows] == [False, False]
    plan = home.plan(LONG, row, ["1-111", "general_nursing", "", 5, 5, "open", AFTER])
    assert len(plan.wrong) == 2
    assert plan.changed == []


def test_two_units_of_one_category_are_asked_about(home):
    set_category(home.session, home.session.get_one(Unit, home.second.id), "dementia_nursing", by=SYSTEM, now=NOW)
    home.session.flush()
    plan = home.plan(LONG, ["1-222", "dementia_nursing", 16, 10, 6, "open", AFTER])
    assert "Several units here are counted as “Dementia nursing”" in plan.wrong[0].problems["category"]


def test_a_council_reads_its_own_headings(home):
    headings = ["Ref", "Beds (all)", "In use", "Spare", "Open?"]
    with pytest.raises(UnusableFile):
        home.plan(headings, ["1-111", 20, 12, 8, "aye"])
    words = {"cqc_id": ("ref",), "maximum": ("beds all",), "occupied": ("in use",), "vacancies": ("spare",),
             "admissions": ("open",), "accepting_words": ("aye",)}  # fmt: skip
    assert set_column_map(home.session, home.actor.council, words, by=SYSTEM, now=NOW) == 6
    assert set_column_map(home.session, home.actor.council, words, by=SYSTEM, now=NOW) == 0
    assert column_map(home.session, home.actor.council)["occupied"] == ("in use",)
    assert home.given(headings, ["1-111", 20, 12, 8, "aye"]) == [(home.one.id, 20, 12, 1, 7)]


@pytest.mark.parametrize(
    ("cell", "is_local", "instant"),
    [
        ("46203.5", False, datetime(2026, 6, 30, 12, tzinfo=UTC)),
        ("46203.5", True, datetime(2026, 6, 30, 11, tzinfo=UTC)),
        ("2026-06-30 12:00", False, datetime(2026, 6, 30, 12, tzinfo=UTC)),
        ("2026-06-30T12:00:00+01:00", False, datetime(2026, 6, 30, 11, tzinfo=UTC)),
        ("30/06/2026 12:00", True, datetime(2026, 6, 30, 11, tzinfo=UTC)),
    ],
)
def test_times_are_serials_of_excel_or_written(cell, is_local, instant):
    assert instant_of(cell, is_local=is_local) == instant


@pytest.mark.parametrize("cell", ["", "soon", "nan", "inf", "-1", "1e9", "31/02/2026"])
def test_what_is_no_time_is_refused(cell):
    with pytest.raises(Invalid):
        instant_of(cell, is_local=False)


def test_our_own_file_is_no_extract_and_every_category_is_known_in_wide_headings():
    assert (
        tracker_columns(["Unit number", "Maximum capacity", "Occupied", "Reserved", "Vacant and accepting"], USUAL)
        is None
    )
    wide = [f"{name}_{category}" for category in BED_CATEGORIES for name in ("maxcapacity", "usedbeds", "vacancies")]
    found = tracker_columns(["cqcid", "admissionstatus", *wide], USUAL)
    assert set(found.grouped) == set(BED_CATEGORIES)
