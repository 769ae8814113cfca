"""Two people swap their stays while one of them is given back, answered, or swapped by somebody else."""

from collections import Counter

import pytest
from sqlalchemy import select

from placement.brokerage.placements import confirm, release
from placement.domain.states import PlacementState, ReferralState
from placement.planning.dates import change_dates
from placement.planning.swaps import swap
from placement.records.placements import Placement
from tests.builders import a_placement, a_referral, a_service, a_unit, night
from tests.conftest import NOW
from tests.races.stage import BROKER, at
from tests.races.test_last_place import small_and_full


def staged(store, size):
    """Store two people with a stay each in units of one place."""
    setting = {"ones": [], "others": []}
    with store.writing() as session:
        service = a_service(session)
        for _ in range(size):
            for name, start in (("ones", 7), ("others", 20)):
                unit = a_unit(session, service=service)
                referral = a_referral(session, kind="respite", nights=5, state=ReferralState.PLACED)
                stay = a_placement(
                    session, unit, referral=referral, person=referral.person, start=start, nights=5,
                    state=PlacementState.RESERVED,
                )  # fmt: skip
                setting[name].append(stay.id)
    return setting


def swap_them(session, setting, number, _racer):
    one, other = (session.get_one(Placement, at(setting, name, number)) for name in ("ones", "others"))
    swap(session, one, other, by=BROKER, now=NOW)


def swap_the_other_way(session, setting, number, _racer):
    one, other = (session.get_one(Placement, at(setting, name, number)) for name in ("others", "ones"))
    swap(session, one, other, by=BROKER, now=NOW)


def give_back(session, setting, number, _racer):
    stay = session.get_one(Placement, at(setting, "others", number))
    release(session, stay, reason="not_needed", by=BROKER, now=NOW)


def answer(session, setting, number, _racer):
    confirm(session, session.get_one(Placement, at(setting, "ones", number)), by=BROKER, now=NOW)


def put_off(session, setting, number, _racer):
    stay = session.get_one(Placement, at(setting, "ones", number))
    change_dates(session, stay, start_on=night(8), end_on=night(12), by=BROKER, now=NOW)


@small_and_full(10, 300)
@pytest.mark.parametrize("meanwhile", [swap_the_other_way, give_back, answer, put_off])
def test_whatever_happens_meanwhile_nobody_is_left_in_two_places_or_in_one_place_with_another(
    store, database, racers, size, meanwhile
):
    result = racers.race(database.url, [swap_them, meanwhile], rounds=size, setting=staged(store, size))

    assert result.unhandled == []
    with store.reading() as session:
        live = session.scalars(select(Placement).where(Placement.state != PlacementState.RELEASED)).all()
        assert max(Counter(stay.unit_id for stay in live).values()) == 1
        assert max(Counter(stay.person_id for stay in live).values()) == 1
        assert len(live) == (size if meanwhile is give_back else 2 * size)
        assert all(stay.end_on > stay.start_on for stay in live)
