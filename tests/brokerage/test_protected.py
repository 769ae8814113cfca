"""Places kept for planned breaks, where a place is taken past every rule."""

import pytest

from placement.brokerage.holding import hold_place
from placement.brokerage.placements import release
from placement.brokerage.reservations import Decision, reserve
from placement.domain.errors import Invalid, NoLongerVacant
from placement.domain.states import PlacementState, ReferralState
from placement.planning.dates import change_dates
from placement.planning.transfers import transfer
from tests.brokerage.worlds import BROKER
from tests.builders import a_placement, a_referral, a_unit, night
from tests.conftest import NOW

DOING = {"by": BROKER, "now": NOW}


def stay(start=0, nights=14, **more):
    return Decision(start_on=night(start), end_on=night(start + nights), **more)


def reserved(session, referral, unit, start=0, nights=14):
    return reserve(session, referral, unit, stay(start, nights), **DOING)


def capped(session, places=1, **values):
    return a_unit(session, accepting=3, capacity=3, crisis_places=places, **values)


def test_a_protected_unit_takes_nobody_in_a_crisis_and_everybody_else(session):
    unit = capped(session, 0)
    with pytest.raises(NoLongerVacant, match="keeps its places for planned breaks"):
        reserved(session, a_referral(session), unit)
    assert reserved(session, a_referral(session, kind="respite"), unit)


def test_the_one_place_for_crises_is_taken_by_one_on_a_night_while_there_is_room_for_others(session):
    unit = capped(session)
    first = reserved(session, a_referral(session), unit, nights=5)
    with pytest.raises(NoLongerVacant, match="has 1 place for a crisis, which is taken"):
        reserved(session, a_referral(session), unit, start=1, nights=9)
    assert reserved(session, a_referral(session), unit, start=5, nights=9).start_on == first.end_on
    assert reserved(session, a_referral(session, kind="respite"), unit)


def test_two_after_each_other_leave_the_second_place_for_crises_free(session):
    unit = capped(session, 2)
    for start in (0, 7):
        a_placement(session, unit, start=start, nights=7)
    assert reserved(session, a_referral(session), unit)
    with pytest.raises(NoLongerVacant, match="2 places for a crisis"):
        reserved(session, a_referral(session), unit, start=1, nights=2)


def test_a_place_held_for_a_crisis_counts_but_not_against_whom_it_is_held_for(session):
    unit, mine, other = capped(session), a_referral(session), a_referral(session)
    hold_place(session, mine, unit, stay(), length="half_hour", **DOING)
    for refused in (
        lambda: reserved(session, other, unit),
        lambda: hold_place(session, other, unit, stay(1), length="half_hour", **DOING),
    ):
        with pytest.raises(NoLongerVacant, match="for a crisis"):
            refused()
    assert reserved(session, mine, unit)


def test_a_crisis_that_is_given_back_leaves_its_place_to_the_next(session):
    unit = capped(session)
    release(session, reserved(session, a_referral(session), unit), reason="not_needed", **DOING)
    assert reserved(session, a_referral(session), unit)


def test_nobody_is_transferred_into_the_place_of_another_crisis_nor_stays_into_it(session):
    unit = capped(session)
    a_placement(session, unit, start=7)
    here = {"state": PlacementState.ACTIVE, "start": -2}
    with_us = a_placement(session, a_unit(session), referral=placed(session), **here)
    with pytest.raises(Invalid, match=r"place for crises is taken|place for a crisis only"):
        transfer(session, with_us, unit, on=night(1), reason="safety", **DOING)
    there = a_placement(session, unit, referral=placed(session), state=PlacementState.ACTIVE, start=-2, nights=9)
    with pytest.raises(Invalid, match="1 place for crises is taken"):
        change_dates(session, there, start_on=there.start_on, end_on=night(9), **DOING)
    change_dates(session, there, start_on=there.start_on, end_on=night(5), **DOING)


def placed(session):
    return a_referral(session, state=ReferralState.PLACED)
