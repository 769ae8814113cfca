"""What is stored of a plan when the records have gone on since it was made."""

import pytest

from placement.domain.people import Actor, Role
from placement.market.imports.vacancies.reading import plan_vacancies
from placement.market.imports.vacancies.saving import MOST_IN_A_UNIT, in_parts, save_numbers, together
from placement.records.availability import newest_reports
from placement.sheets.formats import read_sheet, write_sheet
from tests.builders import a_placement, a_provider, a_report, a_service, a_unit
from tests.conftest import NOW

HEADINGS = ["Unit number", "Maximum capacity", "Occupied", "Reserved", "Vacant and accepting"]


@pytest.fixture
def stock(store):
    """Return twelve services of a provider with two units each, whose places are all free, and who asks."""
    with store.writing() as session:
        provider = a_provider(session)
        for number in range(12):
            service = a_service(session, provider=provider, name=f"House {number:02}")
            for name in ("Ground", "First"):
                a_unit(session, service=service, name=name, capacity=4, accepting=4)
        session.flush()
        actor = Actor(user_id=None, name="P", role=Role.PROVIDER, provider_id=provider.id)
        yield session, actor, [unit.id for each in provider.services for unit in each.units]


def planned(session, actor, rows):
    sheet = read_sheet(write_sheet("csv", HEADINGS, rows), name="a.csv")
    return plan_vacancies(session, sheet, actor=actor, now=NOW)


def saved(session, actor, plan, *, also_same=False):
    parts = in_parts(plan, also_same=also_same)
    return together([save_numbers(session, part, confirmed=(), by=actor, now=NOW) for part in parts])


def occupied(session, unit_ids):
    reports = newest_reports(session, unit_ids)
    return [reports[each].occupied for each in unit_ids]


def test_a_service_that_was_reported_or_booked_meanwhile_is_left_out_whole_and_the_others_are_stored(stock):
    session, actor, units = stock
    plan = planned(session, actor, [[unit, 4, 1, 0, 3] for unit in units])
    a_report(session, plan.rows[1].now.unit, maximum=4, occupied=2, accepting=2, reported_at=NOW)
    a_placement(session, plan.rows[2].now.unit, start=2, nights=9)
    session.flush()
    done = saved(session, actor, plan)
    assert (done.changed, done.confirmed) == (20, 0)
    assert [name for name, _ in done.left_out] == ["House 00", "House 01"]
    assert "First was updated by" in done.left_out[0][1]
    assert "A place in Ground was reserved" in done.left_out[1][1]
    assert occupied(session, units) == [0, 2, 0, 0, *[1] * 20]


def test_only_what_changes_is_stored_unless_the_rest_is_confirmed(stock):
    session, actor, units = stock
    plan = planned(session, actor, [[units[0], 4, 1, 0, 3], *([unit, 4, 0, 0, 4] for unit in units[1:])])
    before = {unit: report.id for unit, report in newest_reports(session, units).items()}
    assert saved(session, actor, plan).changed == 1
    after = {unit: report.id for unit, report in newest_reports(session, units).items()}
    assert [unit for unit in units if before[unit] != after[unit]] == units[:1]

    plan = planned(session, actor, [[unit, 4, 0, 0, 4] for unit in units[1:]])
    assert (plan.changed, saved(session, actor, plan, also_same=True).confirmed) == ([], 23)
    assert all(newest_reports(session, units)[unit].is_unchanged for unit in units[1:])


def test_services_are_stored_in_the_order_of_their_numbers_a_few_at_a_time(stock):
    session, actor, units = stock
    plan = planned(session, actor, [[unit, 4, 1, 0, 3] for unit in reversed(units)])
    parts = in_parts(plan, also_same=False)
    assert [len(part) for part in parts] == [MOST_IN_A_UNIT, 2]
    services = [rows[0].now.service.id for part in parts for rows in part]
    assert services == sorted(services)
