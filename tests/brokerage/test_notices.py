import pytest

from placement.brokerage.notices import give_notice, take_notice_back
from placement.brokerage.reservations import reserve
from placement.domain.errors import AlreadyPlaced, Invalid, NoLongerVacant, OutOfStep
from placement.domain.people import Actor, Role
from placement.domain.states import PlacementState
from placement.planning.dates import change_dates
from tests.brokerage.test_absences import a_resident, away, open_tasks
from tests.brokerage.test_placements import DOING, an_open_ended, chosen, free, reserved
from tests.brokerage.worlds import story
from tests.builders import TODAY, a_placement, a_unit, night
from tests.conftest import NOW

NOTICE, HERE = PlacementState.NOTICE, PlacementState.ACTIVE
PROVIDER = Actor(user_id=None, name="P", role=Role.PROVIDER)


def given(session, stay, last=9, giver="person"):
    give_notice(session, stay, last_night=night(last), giver=giver, **DOING)


def test_from_the_day_after_the_last_night_the_place_is_free(session):
    stay = a_resident(session)
    given(session, stay)

    assert (stay.state, stay.end_on, stay.notice_by, stay.notice_on) == (NOTICE, night(10), "person", TODAY)
    assert (free(session, stay.unit, 9, 10), free(session, stay.unit, 10, None)) == (0, 1)
    assert set(open_tasks(session)) == {"find_next"}
    take_notice_back(session, stay, **DOING)
    assert (stay.state, stay.end_on, stay.notice_on, open_tasks(session)) == (HERE, None, None, {})
    assert story(session, stay) == ["wrote down a notice", "took a notice back"]


def test_a_place_that_was_promised_after_a_notice_is_not_taken_back(session):
    stay = a_resident(session)
    given(session, stay)
    reserved(session, unit=stay.unit, choice=chosen(12, 3))
    with pytest.raises(NoLongerVacant, match="the nights of 5 to 7 December 2026"):
        take_notice_back(session, stay, **DOING)
    assert stay.state is NOTICE


def test_who_is_promised_elsewhere_after_a_notice_does_not_stay(session):
    stay = a_resident(session)
    given(session, stay)
    reserve(session, an_open_ended(session, person=stay.person), a_unit(session), chosen(10, None), **DOING)
    with pytest.raises(AlreadyPlaced):
        take_notice_back(session, stay, **DOING)


def test_a_notice_taken_back_leaves_who_is_in_hospital_there(session):
    stay = a_resident(session)
    away(session, stay)
    given(session, stay)
    take_notice_back(session, stay, **DOING)
    assert (stay.state, stay.away_since) == (PlacementState.AWAY, TODAY)


@pytest.mark.parametrize(
    ("last", "giver", "field"),
    [(-1, "person", "last_night"), (800, "person", "last_night"), (9, "nobody", "giver"), (29, "person", "last_night")],
)
def test_what_cannot_be_is_refused(session, last, giver, field):
    stay = a_placement(session, a_unit(session), start=-5, nights=30, state=HERE)
    with pytest.raises(Invalid) as refusal:
        given(session, stay, last, giver)
    assert refusal.value.field == field


def test_a_provider_does_not_speak_for_the_council(session):
    stay = a_resident(session)
    with pytest.raises(Invalid):
        give_notice(session, stay, last_night=night(9), giver="council", by=PROVIDER, now=NOW)


def test_dates_of_a_stay_under_notice_are_changed_by_taking_the_notice_back(session):
    stay = a_resident(session)
    given(session, stay)
    with pytest.raises(OutOfStep, match="notice back first"):
        change_dates(session, stay, start_on=stay.start_on, end_on=night(20), **DOING)
    with pytest.raises(OutOfStep):
        given(session, stay)
