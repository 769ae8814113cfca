from datetime import timedelta

import pytest

from placement.brokerage.placements import begin, confirm, end
from placement.brokerage.taking_back import take_arrival_back, take_departure_back
from placement.domain.errors import AlreadyPlaced, NoLongerVacant, OutOfStep
from placement.domain.states import PlacementState, ReferralState
from tests.brokerage.test_absences import a_resident, away, open_tasks
from tests.brokerage.test_notices import given
from tests.brokerage.test_placements import DOING, a_mover, chosen, free, reserved
from tests.brokerage.worlds import BROKER, story
from tests.builders import TODAY, a_placement, a_unit, night
from tests.conftest import NOW

PLACED_FOR = (ReferralState.PLACED, ReferralState.CLOSED)

HERE = PlacementState.ACTIVE
A_DAY_LATER = {"by": BROKER, "now": NOW + timedelta(hours=25)}


def arrived(session):
    stay = a_placement(session, a_unit(session))
    begin(session, stay, **DOING)
    return stay


def moved(session):
    home, referral = a_mover(session)
    home.referral.state = ReferralState.PLACED
    stay = reserved(session, referral, choice=chosen(0, None, ends_current=True))
    confirm(session, stay, **DOING)
    begin(session, stay, **DOING)
    return home, stay


def test_an_arrival_is_taken_back_with_its_tasks_for_a_day(session):
    stay = arrived(session)
    assert set(open_tasks(session)) == {"exit_review"}
    with pytest.raises(OutOfStep, match="for a day only"):
        take_arrival_back(session, stay, **A_DAY_LATER)
    take_arrival_back(session, stay, **DOING)

    assert (stay.state, open_tasks(session)) == (PlacementState.CONFIRMED, {})
    assert story(session, stay) == ["arrived", "took an arrival back"]


def test_where_the_person_lived_until_the_arrival_they_live_again(session):
    home, stay = moved(session)
    assert home.state is PlacementState.ENDED
    take_arrival_back(session, stay, **DOING)

    assert (home.state, home.end_on, home.ended_reason) == (HERE, TODAY, None)
    assert free(session, home.unit, 0, None) == 0, "the person is still there"


def test_an_arrival_stands_where_the_old_place_was_given_away_since(session):
    home, stay = moved(session)
    reserved(session, unit=home.unit, choice=chosen(3, 4))
    with session.begin_nested() as step:
        with pytest.raises(NoLongerVacant, match="the nights of 26 to 29 November 2026"):
            take_arrival_back(session, stay, **DOING)
        step.rollback()


@pytest.mark.parametrize("before", [HERE, PlacementState.AWAY, PlacementState.NOTICE])
def test_a_departure_taken_back_leaves_the_stay_as_it_was(session, before):
    stay = a_resident(session)
    stay.referral.state = ReferralState.PLACED
    if before is PlacementState.AWAY:
        away(session, stay)
    if before is PlacementState.NOTICE:
        given(session, stay)
    until, asked = stay.end_on, set(open_tasks(session))
    end(session, stay, on=TODAY, reason="moved_home", **DOING)
    assert (stay.referral.state, free(session, stay.unit, 0, None)) == (ReferralState.CLOSED, 1)
    take_departure_back(session, stay, **DOING)

    assert (stay.state, stay.end_on, stay.ended_reason) == (before, until, None)
    assert (stay.referral.state, set(open_tasks(session)) - {"exit_review"}) == (ReferralState.PLACED, asked)


def test_a_departure_stands_after_a_day_or_once_the_place_or_the_person_is_elsewhere(session):
    stay = a_resident(session)
    end(session, stay, on=TODAY, reason="moved_home", **DOING)
    with pytest.raises(OutOfStep):
        take_departure_back(session, stay, **A_DAY_LATER)
    a_placement(session, stay.unit, start=2, nights=2)
    with pytest.raises(NoLongerVacant):
        take_departure_back(session, stay, **DOING)
    home, _ = moved(session)
    with pytest.raises(AlreadyPlaced):
        take_departure_back(session, home, **DOING)


def test_what_has_not_happened_is_not_taken_back(session):
    stay = a_placement(session, a_unit(session), start=2)
    for undo in (take_arrival_back, take_departure_back):
        with pytest.raises(OutOfStep):
            undo(session, stay, **DOING)
    assert night(2) == stay.start_on


@pytest.mark.parametrize("state", [each for each in ReferralState if each not in PLACED_FOR])
def test_a_departure_stands_once_its_referral_is_searched_for_again(session, state):
    """Whose move to another unit came to nothing after they had left is looked for again: one place is enough."""
    stay = a_resident(session)
    stay.referral.state = ReferralState.PLACED
    end(session, stay, on=TODAY, reason="moved_home", **DOING)
    stay.referral.state = state
    session.flush()
    with session.begin_nested() as step:
        with pytest.raises(OutOfStep, match="Ring brokerage"):
            take_departure_back(session, stay, **DOING)
        step.rollback()
    session.refresh(stay)
    assert (stay.state, stay.referral.state) == (PlacementState.ENDED, state)
