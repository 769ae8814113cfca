import random
from collections import Counter
from datetime import date

import pytest

from placement.domain.reasons import OUT_OF_CITY, OUT_OF_CITY_REASON
from placement.domain.states import LIVE, PlacementState
from placement.reports.out_of_city import BEGUN, Share, live_share, months, reason_of, reasons_now, register
from tests.builders import TODAY, a_placement, a_service, a_unit, night
from tests.conftest import NOW


def stays(session, seed):
    """Add random stays and return (state, start, reason or None in the city) of each."""
    chance = random.Random(seed)
    inside = a_unit(session, accepting=40, capacity=40)
    outside = a_unit(
        session, accepting=40, capacity=40, service=a_service(session, ward_code=None, authority="E07000220")
    )
    found = []
    for _ in range(30):
        reason = chance.choice([None, None, chance.choice(OUT_OF_CITY).slug])
        state, start = chance.choice(list(PlacementState)), -chance.randint(-20, 400)
        out = {"is_in_city": False, "out_of_city_reason": reason, "miles": 9.94} if reason else {}
        a_placement(session, outside if reason else inside, start=start, nights=500, state=state, **out)
        found.append((state, night(start), reason))
    return found


def got(store, ask, **values):
    with store.reading() as session:
        return ask(session, **values)


@pytest.mark.parametrize("seed", range(4))
def test_the_live_share_and_its_reasons_are_what_counting_gives(store, seed):
    with store.writing() as session:
        found = stays(session, seed)
    reasons, inside = got(store, reasons_now)
    live = [reason for state, _, reason in found if state in LIVE]
    by_choice = sum(OUT_OF_CITY_REASON[reason].by_choice for reason in live if reason)

    assert {each.reason.slug: each.count for each in reasons if each.count} == Counter(r for r in live if r)
    assert live_share(reasons, inside) == Share(
        total=len(live), by_choice=by_choice, not_by_choice=sum(map(bool, live)) - by_choice
    )
    assert len(got(store, register, now=NOW)) == sum(map(bool, live))


@pytest.mark.parametrize("seed", range(4))
def test_the_trend_counts_stays_that_began_in_each_of_twelve_months(store, seed):
    with store.writing() as session:
        found = stays(session, seed)
    begun = [(day.replace(day=1), bool(out)) for state, day, out in found if state in BEGUN and day <= TODAY]
    rows = got(store, months, now=NOW)

    assert [row.month for row in rows] == [date(2025, 12, 1), *(date(2026, month, 1) for month in range(1, 12))]
    for row in rows:
        assert row.share.total == sum(first == row.month for first, _ in begun)
        assert row.share.out == begun.count((row.month, True))


def test_the_register_names_councils_and_reasons_and_nobody(store):
    with store.writing() as session:
        unit = a_unit(
            session, accepting=2, capacity=2, service=a_service(session, ward_code=None, authority="E07000220")
        )
        chosen = {"is_in_city": False, "out_of_city_reason": "close_to_family", "miles": 9.94}
        a_placement(session, unit, start=-90, nights=None, **chosen)
        a_placement(session, unit, start=-9, nights=None, **chosen | {"out_of_city_reason": "cost"})
    first, second = got(store, register, now=NOW)

    assert (first.reason.slug, first.authority, first.miles, first.since) == ("cost", "Rugby", 9.9, night(-9))
    assert (second.reason.slug, second.kind) == ("close_to_family", "Crisis")
    assert not {"name", "born_on", "postcode"} & set(type(first).__slots__)


def test_a_share_of_no_placements_is_not_a_number():
    assert Share().percent is None
    assert Share(total=8, by_choice=1).percent == 12


def test_a_reason_that_is_no_longer_in_the_table_is_never_a_choice():
    assert reason_of("an_old_code").label == "an old code"
    assert not reason_of("an_old_code").by_choice


def test_a_transfer_within_a_service_outside_the_city_is_one_placement(store):
    with store.writing() as session:
        house = a_service(session, ward_code=None, authority="E07000220")
        first, second = (a_unit(session, service=house, accepting=3, capacity=3) for _ in range(2))
        out = {"is_in_city": False, "out_of_city_reason": "cost", "miles": 9.0}
        stay = a_placement(session, first, start=-40, nights=45, state=PlacementState.ACTIVE, **out)
        values = {"person": stay.person, "referral": stay.referral, "moved_from_id": stay.id}
        a_placement(session, second, start=5, nights=90, state=PlacementState.CONFIRMED, **values, **out)
        was = a_placement(session, first, start=-50, nights=20, state=PlacementState.ENDED, **out)
        values = {"person": was.person, "referral": was.referral, "moved_from_id": was.id}
        a_placement(session, second, start=-30, nights=90, state=PlacementState.ACTIVE, **values, **out)

    reasons, _ = got(store, reasons_now)
    assert {each.reason.slug: each.count for each in reasons if each.count} == {"cost": 2}
    assert len(got(store, register, now=NOW)) == 2
    assert sum(row.share.out for row in got(store, months, now=NOW)) == 2
