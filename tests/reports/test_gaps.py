from itertools import product

import pytest
from sqlalchemy import event

from placement.domain.features import Strength
from placement.domain.states import ReferralState
from placement.geography.ward_names import NEW_WARDS, OLD_WARDS
from placement.records.providers import SharedCap
from placement.records.referrals import ReferralNeed
from placement.reports.asked import OUTSIDE, UNPLACED, DemandPeriod, Level
from placement.reports.gaps import gap_map
from tests.builders import a_person, a_placement, a_provider, a_referral, a_service, a_unit
from tests.reports.markets import a_market, a_question, counted

FOLESHILL = OLD_WARDS.wards[4].code
QUESTIONS = [
    {"needs": needs, "kind": kind, "period": period, "level": level}
    for needs, kind, period, level in product(
        [(), ("dementia",), ("sleep_in",), ("dementia", "nurse")], ["", "crisis"], DemandPeriod, Level
    )
]


def ask(store, **values):
    with store.reading() as session:
        return gap_map(session, a_question(**values))


def row_of(gaps, code):
    return next(row for row in (*gaps.rows, gaps.outside) if row.area.code == code)


@pytest.mark.parametrize("seed", range(5))
def test_every_sum_is_what_counting_one_by_one_gives(store, seed):
    with store.writing() as session:
        market = a_market(session, seed)

    for values in QUESTIONS:
        gaps = ask(store, **values)
        rows = {row.area.code: (row.demand, row.supply, row.capacity, row.stale) for row in (*gaps.rows, gaps.outside)}
        assert {code: found for code, found in rows.items() if any(found)} == counted(market, gaps.asked)
        for name in ("demand", "supply", "capacity", "stale", "units"):
            assert getattr(gaps.city, name) == sum(getattr(row, name) for row in gaps.rows)


def test_an_empty_city_still_has_a_row_for_every_ward(store):
    gaps = ask(store)

    assert [row.area.name for row in gaps.rows] == [ward.name for ward in OLD_WARDS.wards]
    assert all(row.is_empty for row in gaps.rows)


def test_a_person_from_outside_the_city_counts_in_a_row_of_its_own(store):
    with store.writing() as session:
        a_referral(session, person=a_person(session, ward_code=None, authority="E07000222"), ward_code=None)
        a_referral(session, person=a_person(session, ward_code=None, authority=None), ward_code=None)
    gaps = ask(store)

    assert row_of(gaps, OUTSIDE).demand == 2
    assert gaps.city.demand == 0


def test_a_ward_of_another_vintage_has_a_row_for_wards_and_finds_its_locality(store):
    with store.writing() as session:
        a_unit(session, accepting=2, service=a_service(session, ward_code=NEW_WARDS.wards[4].code))

    assert row_of(ask(store), UNPLACED).supply == 2
    assert row_of(ask(store, level=Level.LOCALITY), "north").supply == 2


def test_a_place_that_two_units_share_is_counted_once(store):
    with store.writing() as session:
        service = a_service(session, ward_code=FOLESHILL)
        units = [a_unit(session, service=service, accepting=3), a_unit(session, service=service, accepting=3)]
        session.add(SharedCap(service_id=service.id, name="Night staff", places=4, units=units))

    assert row_of(ask(store), FOLESHILL).supply == 4


def test_a_place_that_is_booked_tonight_is_not_free(store):
    with store.writing() as session:
        unit = a_unit(session, accepting=2, capacity=5, service=a_service(session, ward_code=FOLESHILL))
        a_placement(session, unit, start=0)

    assert row_of(ask(store), FOLESHILL).supply == 1


def test_only_essential_needs_are_demand(store):
    with store.writing() as session:
        for strength in Strength:
            a_referral(session).needs = [ReferralNeed(slug="dementia", strength=strength)]

    assert ask(store, needs=("dementia",)).city.demand == 1


def test_a_draft_is_not_demand(store):
    with store.writing() as session:
        a_referral(session, state=ReferralState.DRAFT)

    assert ask(store).city.demand == ask(store, period=DemandPeriod.YEAR).city.demand == 0


def test_a_service_that_is_no_longer_listed_supplies_nothing(store):
    with store.writing() as session:
        a_unit(session, service=a_service(session, ward_code=FOLESHILL, is_listed=False))

    assert row_of(ask(store), FOLESHILL).is_empty


def test_the_number_of_queries_does_not_grow_with_the_city(store):
    def queries():
        seen = []
        event.listen(store.engine, "before_cursor_execute", lambda *call: seen.append(call[2]))
        ask(store, needs=("dementia",), kind="crisis")
        return sum(statement.lstrip().upper().startswith("SELECT") for statement in seen)

    with store.writing() as session:
        a_unit(session, offers=("dementia",))
    few = queries()
    with store.writing() as session:
        provider = a_provider(session)
        for _ in range(20):
            a_unit(session, service=a_service(session, provider=provider), offers=("dementia",))
            a_referral(session, essential=("dementia",))
    assert queries() == few
