from itertools import product

import pytest
from sqlalchemy import event

from placement.geography.ward_names import NEW_WARDS, OLD_WARDS
from placement.records.providers import SharedCap
from placement.reports.asked import UNPLACED, Level
from placement.reports.gaps import gap_map
from tests.builders import a_placement, a_provider, a_referral, a_service, a_unit
from tests.reports.markets import a_market, a_question, counted

FOLESHILL = OLD_WARDS.wards[4].code
QUESTIONS = [
    {"needs": needs, "kind": kind, "level": level}
    for needs, kind, level in product([(), ("dementia",), ("sleep_in",), ("dementia", "nurse")], ["", "crisis"], Level)
]


def ask(store, **values):
    with store.reading() as session:
        return gap_map(session, a_question(**values))


def row_of(gaps, code):
    return next(row for row in (*gaps.rows, gaps.outside) if row.area.code == code)


@pytest.mark.parametrize("seed", range(5))
def test_every_sum_of_places_is_what_counting_one_by_one_gives(store, seed):
    with store.writing() as session:
        market = a_market(session, seed)

    for values in QUESTIONS:
        gaps = ask(store, **values)
        rows = {row.area.code: (row.supply, row.capacity, row.stale) for row in (*gaps.rows, gaps.outside)}
        wanted = {code: found[1:] for code, found in counted(market, gaps.asked).items() if any(found[1:])}
        assert {code: found for code, found in rows.items() if any(found)} == wanted
        for name in ("supply", "capacity", "stale", "units"):
            assert getattr(gaps.city, name) == sum(getattr(row, name) for row in gaps.rows)


def test_an_empty_city_still_has_a_row_for_every_ward(store):
    gaps = ask(store)

    assert [row.area.name for row in gaps.rows] == [ward.name for ward in OLD_WARDS.wards]
    assert [row.number for row in gaps.rows] == list(range(1, 19))


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


def test_a_type_of_service_is_asked_for_and_offered(store):
    with store.writing() as session:
        for service_type in ("nursing", "homecare"):
            service = a_service(session, ward_code=FOLESHILL, service_type=service_type)
            a_unit(session, service=service, accepting=3)

    assert row_of(ask(store), FOLESHILL).services == 2
    assert row_of(ask(store, service_type="nursing"), FOLESHILL).supply == 3


def test_a_service_that_is_no_longer_listed_supplies_nothing(store):
    with store.writing() as session:
        a_unit(session, service=a_service(session, ward_code=FOLESHILL, is_listed=False))

    assert not row_of(ask(store), FOLESHILL).units


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
