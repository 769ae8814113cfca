"""Files of locations whose registration has ended have nearly the columns of those that are registered."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from placement.brokerage.attention import open_concerns
from placement.domain.errors import UnusableFile
from placement.domain.people import SYSTEM
from placement.domain.states import PlacementState
from placement.market.imports.apply import apply_import
from placement.market.imports.changes import Action, LeftOutReason
from placement.market.imports.cqc import directories
from placement.market.imports.cqc.combine import combine
from placement.market.imports.cqc.files import read_file, read_paths
from placement.market.imports.cqc.layouts import ENDINGS, HSCA_ENDED, LAYOUTS
from placement.market.imports.cqc.rows import Source
from placement.market.imports.duals import NO_PRIMARY
from placement.market.imports.plan import plan_import
from placement.records.events import AuditLine
from placement.records.placements import Placement
from placement.records.providers import Service
from tests.builders import TODAY, a_placement, a_report, a_service, a_unit
from tests.conftest import NOW

from .registers import a_location, imported, planned, service_changes, the_service

ENDED_ID = "1-9000000011"
ENDED_ON = date(2024, 3, 14)
HEADER = (
    "Location ID,Location Name,Location Status,Location HSCA start date,Location HSCA End Date,Location Postal Code,"
    "Location Type/Sector,Provider ID,Provider Name,Service type - Care home service without nursing"
)


def a_row(status="Inactive", end="14/03/2024"):
    return f"{ENDED_ID},Gate House,{status},01/10/2010,{end},CV3 1EZ,Social Care Org,1-9100000011,Gate Limited,Y"


def read(*rows, header=HEADER):
    return read_file("\n".join([header, *rows]).encode(), name="ended.csv")


def plan_of(store, gazetteer, reading, on=TODAY):
    with store.reading() as session:
        return plan_import(session, combine(reading), gazetteer, on=on, problems=reading.problems)


def test_an_ended_registration_adds_nothing_and_says_when_it_ended(store, gazetteer, field_cases):
    reading = read_paths([field_cases / "02-ended-registrations" / "deactivated_locations.csv"])
    plan = plan_of(store, gazetteer, reading)

    assert (plan.changes, plan.problems) == ((), ())
    assert [(each.cqc_id, each.reason, each.words) for each in plan.left_out] == [
        (ENDED_ID, LeftOutReason.ENDED, "registration ended on 2024-03-14")
    ]


def test_a_service_of_the_register_is_ended_on_its_date_with_its_event(store, gazetteer):
    imported(store, gazetteer, a_location(ENDED_ID, name="Gate House"))
    (location,) = read(a_row()).locations
    plan = imported(store, gazetteer, location)

    assert [(each.cqc_id, each.action) for each in service_changes(plan)] == [(ENDED_ID, Action.DEREGISTERED)]
    with store.reading() as session:
        service = the_service(session, ENDED_ID)
        assert (service.deregistered_on, service.is_listed) == (ENDED_ON, False)
        assert session.query(AuditLine).filter_by(event="service_unlisted_by_cqc").count() == 1
    assert planned(store, gazetteer, location).changes == ()


def test_an_end_told_again_never_lists_what_is_not_listed(store, gazetteer):
    imported(store, gazetteer, a_location(ENDED_ID))
    with store.writing() as session:
        the_service(session, ENDED_ID).is_listed = False
    for row in (a_row(), a_row(end="01/02/2023"), a_row(status="Active"), a_row(end="")):
        imported(store, gazetteer, *read(row).locations)

        with store.reading() as session:
            assert not the_service(session, ENDED_ID).is_listed


def test_live_stays_are_counted_in_a_note_and_none_is_ended(store, gazetteer):
    with store.writing() as session:
        unit = a_unit(session, service=a_service(session, cqc_location_id=ENDED_ID), accepting=3, capacity=3)
        a_placement(session, unit)
        a_placement(session, unit, state=PlacementState.ACTIVE, start=-30, nights=10)  # has not left yet
        a_placement(session, unit, state=PlacementState.ENDED, start=-30, nights=10)
    rows = read(a_row()).locations
    plan = imported(store, gazetteer, *rows)

    (note,) = plan.notes
    assert "ended on 2024-03-14, and 2 stays are still live there or reserved" in note.words
    with store.reading() as session:
        assert session.query(Placement).filter_by(state=PlacementState.ENDED).count() == 1
    assert planned(store, gazetteer, *rows).notes == (note,)  # until each is dealt with


def test_an_end_still_to_come_lists_and_adds_until_its_day(store, gazetteer):
    end = TODAY + timedelta(days=30)
    row = a_row(status="Active", end=f"{end:%d/%m/%Y}")
    imported(store, gazetteer, *read(row).locations)

    with store.reading() as session:
        service = the_service(session, ENDED_ID)
        assert (service.is_registered_on(TODAY), service.is_registered_on(end)) == (True, False)
    assert planned(store, gazetteer, *read(row).locations).changes == ()


@pytest.mark.parametrize(
    ("row", "is_registered", "problems"),
    [
        (a_row(), False, []),
        (a_row(status="active", end=""), True, []),
        (a_row(status="De-Activated", end=""), False, []),
        (a_row(status=""), False, []),
        (a_row(status="", end=""), None, [directories.NO_END]),
        (a_row(status="Pending"), None, [directories.NO_STATUS.format("Location Status")]),
    ],
)
def test_a_row_is_what_its_status_and_its_end_say(row, is_registered, problems):
    reading = read(row)

    assert [each.is_registered for each in reading.locations] == ([] if problems else [is_registered])
    assert [each.reason for each in reading.problems] == problems


def test_a_row_that_says_it_is_registered_after_its_end_has_ended_and_a_note_says_so(store, gazetteer):
    plan = plan_of(store, gazetteer, read(a_row(status="Active")))

    assert plan.changes == ()
    assert [note.words for note in plan.notes] == [
        "The file says that it is registered, and that its registration ended on 2024-03-14: taken as ended"
    ]


def test_a_status_beside_the_columns_of_a_directory_is_read():
    header = HEADER.replace("Location HSCA End Date", "More")

    assert [each.is_registered for each in read(a_row(end=""), a_row("Active", ""), header=header).locations] == [
        False,
        True,
    ]


def test_of_one_date_the_file_of_ends_is_believed(store, gazetteer):
    imported(store, gazetteer, a_location(ENDED_ID))
    both = (a_location(ENDED_ID, source=Source.HSCA_LOCATIONS), *read(a_row()).locations)

    assert [each.action for each in service_changes(planned(store, gazetteer, *both))] == [Action.DEREGISTERED]


def test_a_ratings_file_registers_nobody():
    header = "Location ID,Location Name,Service / Population Group,Domain,Latest Rating"
    reading = read(f"{ENDED_ID},Gate House,Overall,Overall,Good", header=header)

    assert [each.is_registered for each in reading.locations] == [None]


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.label)
@pytest.mark.parametrize("ending", ENDINGS)
def test_no_layout_reads_past_a_column_that_speaks_of_an_end(layout, ending):
    column = ending.replace("*", " it ").strip()
    header = [*layout.wanted, *layout.columns.values(), column]
    text = ",".join(dict.fromkeys(header)) + "\n"
    if layout is HSCA_ENDED or column == "location status":
        assert read_file(text.encode(), name="file.csv").rows_read == 0
        return
    with pytest.raises(UnusableFile, match="no longer"):
        read_file(text.encode(), name="file.csv")


def test_the_same_beds_are_counted_once_and_dormant_homes_are_not_listed(store, gazetteer, field_cases):
    reading = read_paths([field_cases / "04-dormant-and-dual" / "hsca_dormant_dual.csv"])
    plan = plan_of(store, gazetteer, reading)
    with store.writing() as session:
        apply_import(session, plan, by=SYSTEM, now=NOW)

    with store.reading() as session:
        services = session.scalars(select(Service)).all()
        places = {each.cqc_location_id: (each.is_listed, each.units[0].capacity) for each in services}
    assert places == {"1-9000000021": (False, 18), "1-9000000022": (True, 25)}
    assert [(each.cqc_id, each.reason) for each in plan.left_out] == [("1-9000000023", LeftOutReason.SAME_BEDS)]
    assert {note.cqc_id: note.words.split(":")[0].split(" (")[0] for note in plan.notes} == {
        "1-9000000021": "It is dormant",
        "1-9000000023": "It has the same beds as 1-9000000022",
    }
    assert plan_of(store, gazetteer, reading).changes == ()


def test_a_notice_of_several_lines_above_the_header_is_no_header(field_cases):
    reading = read_paths([field_cases / "04-dormant-and-dual" / "hsca_with_notice.csv"])

    assert (len(reading.locations), reading.problems) == (1, ())


def test_a_home_that_falls_dormant_is_unlisted_with_its_event_and_listed_again_when_it_opens(store, gazetteer):
    imported(store, gazetteer, a_location(ENDED_ID))
    with store.writing() as session:
        unit = the_service(session, ENDED_ID).units[0]
        a_report(session, unit, maximum=10, accepting=10)
        a_placement(session, unit)
    plan = imported(store, gazetteer, a_location(ENDED_ID, is_dormant=True))

    assert [each.action for each in service_changes(plan)] == [Action.DORMANT]
    assert "It is dormant, and 1 stay is still live" in plan.notes[0].words
    with store.reading() as session:
        assert not the_service(session, ENDED_ID).is_listed
        assert session.query(AuditLine).filter_by(event="service_dormant_by_cqc").count() == 1
    assert planned(store, gazetteer, a_location(ENDED_ID, is_dormant=True)).changes == ()
    imported(store, gazetteer, a_location(ENDED_ID, is_dormant=False))
    with store.reading() as session:
        assert the_service(session, ENDED_ID).is_listed


def test_a_dormant_home_that_a_person_listed_stays_listed(store, gazetteer):
    imported(store, gazetteer, a_location(ENDED_ID, is_dormant=True))
    with store.writing() as session:
        the_service(session, ENDED_ID).is_listed = True  # somebody knows better

    assert planned(store, gazetteer, a_location(ENDED_ID, is_dormant=True)).changes == ()


PRIMARY, SECONDARY = "1-1000001", "1-1000002"


def a_twin(location_id):
    return a_location(location_id, is_dual=True, primary_id=PRIMARY)


def added(plan):
    return [each.cqc_id for each in service_changes(plan) if each.action is Action.ADDED]


@pytest.mark.parametrize(
    ("stored", "read", "adds", "says"),
    [
        ([], [SECONDARY, PRIMARY], [PRIMARY], "same beds as 1-1000001"),
        ([PRIMARY], [SECONDARY], [], "counted there"),
        ([SECONDARY], [SECONDARY, PRIMARY], [], "counted"),
        ([], [SECONDARY], [SECONDARY], "counted here"),
        ([PRIMARY, SECONDARY], [SECONDARY, PRIMARY], [], "join the two by hand"),
    ],
)
def test_beds_are_counted_once_whichever_of_the_two_is_known(stored, read, adds, says, store, gazetteer):
    for each in stored:
        imported(store, gazetteer, a_location(each))
    plan = planned(store, gazetteer, *map(a_twin, read))

    assert added(plan) == adds
    assert any(says in note.words for note in plan.notes)


def test_a_primary_with_no_part_in_the_market_hides_no_beds(store, gazetteer):
    rows = (replace(a_twin(PRIMARY), is_social_care=False), a_twin(SECONDARY))

    assert added(planned(store, gazetteer, *rows)) == [SECONDARY]


def test_a_dual_registration_without_its_other_half_is_noted(store, gazetteer):
    plan = planned(store, gazetteer, a_location(PRIMARY, is_dual=True))

    assert [note.words for note in plan.notes] == [NO_PRIMARY]


def test_the_stays_that_an_ended_registration_leaves_behind_stand_on_the_work_list(store, gazetteer):
    with store.writing() as session:
        unit = a_unit(session, service=a_service(session, cqc_location_id=ENDED_ID), accepting=5)
        living = a_placement(session, unit, start=-9, nights=None, state=PlacementState.ACTIVE).id
        a_placement(session, unit, start=-9, nights=5, state=PlacementState.ENDED)
    imported(store, gazetteer, *read(a_row()).locations)
    with store.reading() as session:
        assert [(each.placement_id, each.cause) for each in open_concerns(session, actor=SYSTEM)] == [
            (living, "register")
        ]
