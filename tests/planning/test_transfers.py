"""A transfer: one stay ends on the day on which the next begins, and goes on if that comes to nothing."""

import pytest

from placement.brokerage.notices import give_notice
from placement.brokerage.placements import begin, confirm, decline, end, release_expired
from placement.domain.errors import Invalid, NoLongerVacant, OutOfStep
from placement.domain.people import SYSTEM
from placement.domain.states import PlacementState, ReferralState
from placement.planning.dates import change_dates
from placement.planning.transfers import came_from, moved_to, places_to_move_to, transfer
from tests.brokerage.worlds import BROKER, RUGBY, story
from tests.builders import TODAY, a_person, a_placement, a_referral, a_service, a_unit, night
from tests.conftest import NOW
from tests.planning.test_dates import free

DOING = {"by": BROKER, "now": NOW}
HERE = PlacementState.ACTIVE


def a_resident(session, **values):
    person = a_person(session)
    referral = a_referral(session, kind="move_on", nights=None, person=person, state=ReferralState.PLACED)
    given = {"start": -30, "nights": None, "state": HERE} | values
    return a_placement(session, a_unit(session), person=person, referral=referral, **given)


def moving(session, stay, unit=None, on=7, reason="needs_changed"):
    return transfer(session, stay, unit or a_unit(session), on=night(on), reason=reason, **DOING)


def test_the_person_is_in_one_place_on_every_night_and_the_history_is_kept(session):
    home = a_resident(session, nights=60)
    new = moving(session, home)

    assert (home.state, home.end_on, new.start_on, new.end_on) == (HERE, night(7), night(7), night(30))
    assert (free(session, home.unit, 6, 7), free(session, home.unit, 7, 8), free(session, new.unit, 7, 8)) == (0, 1, 0)
    assert (new.state, new.referral, moved_to(session, home)) == (PlacementState.RESERVED, home.referral, new)
    assert came_from(session, new) == [home]
    assert story(session, new) == ["reserved a place", "planned a transfer"]


def test_on_the_day_one_stay_ends_the_other_begins_and_the_referral_stays_placed(session):
    home = a_resident(session)
    new = moving(session, home, on=0)
    confirm(session, new, **DOING)
    begin(session, new, **DOING)

    assert (home.state, home.end_on, new.state) == (PlacementState.ENDED, TODAY, HERE)
    assert new.referral.state is ReferralState.PLACED
    end(session, new, on=TODAY, reason="moved_home", **DOING)
    assert new.referral.state is ReferralState.CLOSED


@pytest.mark.parametrize("how", ["declined", "expired"])
def test_a_transfer_that_comes_to_nothing_leaves_the_person_where_they_are(session, how):
    home = a_resident(session)
    new = moving(session, home)
    if how == "declined":
        decline(session, new, reason="staffing", **DOING)
    else:
        release_expired(session, by=SYSTEM, now=new.expires_at)

    assert (home.state, home.end_on, home.referral.state) == (HERE, None, ReferralState.PLACED)
    assert moved_to(session, home) is None


def test_another_day_for_the_move_moves_both(session):
    home = a_resident(session)
    new = moving(session, home)
    change_dates(session, new, start_on=night(9), end_on=None, **DOING)
    assert (home.end_on, new.start_on) == (night(9), night(9))


def test_a_notice_ends_the_place_and_not_the_stay(session):
    home = a_resident(session)
    give_notice(session, home, last_night=night(6), giver="provider", **DOING)
    new = moving(session, home, on=7)
    assert (home.state, home.end_on, new.end_on) == (PlacementState.NOTICE, night(7), None)


def test_nights_that_are_taken_are_named_and_nothing_changes(session):
    home, full = a_resident(session), a_unit(session)
    a_placement(session, full, start=10, nights=3)
    with session.begin_nested() as step:
        with pytest.raises(NoLongerVacant, match="the nights of 3 to 5 December 2026"):
            moving(session, home, full)
        step.rollback()
    session.refresh(home)
    assert (home.end_on, story(session, home)) == (None, [])


@pytest.mark.parametrize(("on", "reason", "field"), [(-1, "safety", "start_on"), (40, "safety", "start_on"),
                                                     (7, "nicer", "reason")])  # fmt: skip
def test_what_cannot_be_is_refused(session, on, reason, field):
    with pytest.raises(Invalid) as refusal:
        moving(session, a_resident(session, nights=60), on=on, reason=reason)
    assert refusal.value.field == field


def test_rules_speak_against_a_unit_and_the_city_ends_at_its_border(session):
    home = a_resident(session)
    wrong = a_unit(session, min_age=70)
    outside = a_unit(session, service=a_service(session, authority=RUGBY))
    for unit in (wrong, outside, home.unit):
        with pytest.raises(Invalid) as refusal:
            moving(session, home, unit)
        assert refusal.value.field == "unit"


def test_who_moves_already_is_not_transferred_again_nor_who_is_not_there(session):
    home = a_resident(session)
    moving(session, home)
    with pytest.raises(OutOfStep, match="moves on already"):
        moving(session, home)
    with pytest.raises(OutOfStep):
        moving(session, a_placement(session, a_unit(session)))


def test_other_units_of_the_service_come_first_with_what_speaks_against_them(session):
    home = a_resident(session)
    full = a_unit(session, service=home.unit.service, name="A full one", accepting=0)
    fits, other = a_unit(session, service=home.unit.service, name="B"), a_unit(session)
    found = places_to_move_to(session, home, on=TODAY, now=NOW)

    assert [each.unit for each in found] == [full, fits, other]
    assert [bool(each.refused) for each in found] == [True, False, False]
    assert [each.is_same_service for each in found] == [True, True, False]


@pytest.mark.parametrize("state", [PlacementState.ACTIVE, PlacementState.NOTICE, PlacementState.CONFIRMED])
@pytest.mark.parametrize("nights", [1, 29, 30, 31, 32, 60, None], ids="{} nights".format)
@pytest.mark.parametrize("on", [0, 1, 2, 29, 30, 5_000, 2_900_000], ids="day {}".format)
def test_where_a_person_might_move_is_told_on_any_day_or_why_nowhere(session, state, nights, on):
    """A stay that was to end today is one whose departure nobody has recorded yet: its page is read all the same."""
    home = a_resident(session, nights=nights, state=state)
    home.end_on_before_notice = home.end_on if state is PlacementState.NOTICE else None
    a_unit(session, service=home.unit.service)
    goes_on = state is not PlacementState.CONFIRMED and (nights is None or nights > 30)
    if goes_on:
        assert [each.refused for each in places_to_move_to(session, home, on=night(on), now=NOW)] == [()]
    else:
        with pytest.raises(OutOfStep):
            places_to_move_to(session, home, on=night(on), now=NOW)
