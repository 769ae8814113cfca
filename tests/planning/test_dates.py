"""Other dates for a stay: what a booking would be refused, a change is refused; what it frees is free."""

import pytest

from placement.brokerage.reservations import Decision, reserve
from placement.domain.errors import AlreadyPlaced, Invalid, NoLongerVacant, OutOfStep
from placement.domain.people import Gender
from placement.domain.states import PlacementState
from placement.planning.dates import change_dates
from placement.records.availability import availability
from tests.brokerage.worlds import BROKER, story
from tests.builders import TODAY, a_person, a_placement, a_referral, a_service, a_unit, night
from tests.conftest import NOW

DOING = {"by": BROKER, "now": NOW}
HERE = PlacementState.ACTIVE


def change(session, stay, start, end):
    change_dates(session, stay, start_on=night(start), end_on=None if end is None else night(end), **DOING)


def free(session, unit, start, end):
    return availability(session, [unit.id], day=TODAY).bookable(unit.id, night(start), night(end))


def a_stay(session, unit=None, *, kind="planned", **values):
    person = values.pop("person", None) or a_person(session)
    referral = a_referral(session, kind=kind, person=person)
    return a_placement(session, unit or a_unit(session), person=person, referral=referral, **values)


@pytest.mark.parametrize(("start", "end"), [(2, 9), (0, 9), (4, 7), (4, 20), (12, 30)])
def test_a_stay_that_has_not_begun_may_have_any_free_nights(session, start, end):
    stay = a_stay(session, start=2, nights=5)
    change(session, stay, start, end)

    assert (stay.start_on, stay.end_on) == (night(start), night(end))
    assert story(session, stay) == ["changed the dates of a stay"]
    assert (free(session, stay.unit, start, end), free(session, stay.unit, end, end + 1)) == (0, 1)


def test_who_has_arrived_may_stay_longer_or_shorter_and_nothing_else(session):
    stay = a_stay(session, start=-5, nights=10, state=HERE)
    for end in (9, 2, None):
        change(session, stay, -5, end)
    with pytest.raises(Invalid, match="has arrived"):
        change(session, stay, -4, 9)
    with pytest.raises(Invalid, match="record the departure"):
        change(session, stay, -5, 0)


def test_who_should_have_left_gets_a_new_day_and_is_overdue_no_more(session):
    stay = a_stay(session, start=-9, nights=8, state=HERE)
    stay.seen_there_on = TODAY
    change(session, stay, -9, 3)

    assert not stay.is_overdue(TODAY)
    assert stay.seen_there_on is None
    assert (free(session, stay.unit, 2, 3), free(session, stay.unit, 3, 4)) == (0, 1)


def test_nights_that_are_promised_to_somebody_else_are_refused_and_nothing_changes(session):
    stay = a_stay(session, start=0, nights=5)
    a_placement(session, stay.unit, start=5, nights=5)
    with pytest.raises(NoLongerVacant):
        change(session, stay, 0, 6)

    assert (stay.end_on, story(session, stay)) == (night(5), [])


def test_the_rules_about_nights_are_asked(session):
    leaving = a_stay(session, a_unit(session, service=a_service(session, deregistered_on=night(9))), nights=5)
    with pytest.raises(Invalid, match="Leaves the register on"):
        change(session, leaving, 0, 10)

    house = a_unit(session, gender="same", accepting=5)
    woman = a_stay(session, house, nights=5)
    a_placement(session, house, start=6, nights=5, person=a_person(session, gender=Gender.MAN))
    with pytest.raises(Invalid, match="one gender at a time"):
        change(session, woman, 0, 7)


def test_a_person_is_never_in_two_places(session):
    stay = a_stay(session, nights=5)
    a_stay(session, person=stay.person, start=7, nights=5)
    with pytest.raises((AlreadyPlaced, Invalid)):
        change(session, stay, 0, 8)


@pytest.mark.parametrize(
    ("kind", "start", "end"),
    [("crisis", 0, 43), ("crisis", 0, None), ("planned", 731, 740), ("planned", -1, 5), ("planned", 3, 3)],
)
def test_what_no_booking_could_be_no_change_can_be(session, kind, start, end):
    with pytest.raises(Invalid):
        change(session, a_stay(session, kind=kind, nights=5), start, end)


@pytest.mark.parametrize("state", [PlacementState.ENDED, PlacementState.RELEASED])
def test_a_stay_that_is_over_keeps_its_dates(session, state):
    with pytest.raises(OutOfStep):
        change(session, a_stay(session, state=state), 0, 9)


def test_the_same_dates_are_no_change(session):
    with pytest.raises(Invalid, match="already"):
        change(session, a_stay(session, nights=5), 0, 5)


@pytest.mark.parametrize("start", [4, 9])
def test_a_move_on_another_day_ends_the_present_stay_on_that_day(session, start):
    home = a_stay(session, start=-30, nights=90, state=HERE)
    referral = a_referral(session, kind="move_on", person=home.person, nights=None)
    next_one = reserve(
        session, referral, a_unit(session), Decision(start_on=night(6), end_on=None, ends_current=True), **DOING
    )
    with pytest.raises(OutOfStep, match="moves on"):
        change(session, home, -30, 3)
    change(session, next_one, start, None)

    assert (home.end_on, next_one.start_on) == (night(start), night(start))
    assert story(session, home)[-1] == "will move on"


def test_a_move_cannot_be_later_where_the_present_place_is_promised_from_the_old_day(session):
    home = a_stay(session, start=-30, nights=90, state=HERE)
    referral = a_referral(session, kind="move_on", person=home.person, nights=None)
    next_one = reserve(
        session, referral, a_unit(session), Decision(start_on=night(6), end_on=None, ends_current=True), **DOING
    )
    a_placement(session, home.unit, start=6, nights=9)
    with session.begin_nested() as step:
        with pytest.raises(NoLongerVacant, match="promised to somebody else"):
            change(session, next_one, 8, None)
        step.rollback()
