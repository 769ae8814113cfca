import pytest
from sqlalchemy import select

from placement.brokerage.absences import come_back, go_away
from placement.brokerage.notices import give_notice
from placement.brokerage.placements import end
from placement.domain.errors import Invalid, OutOfStep
from placement.domain.states import PlacementState, TaskState
from placement.records.settings import set_numbers
from placement.records.tasks import Task
from tests.brokerage.test_placements import DOING, free
from tests.brokerage.worlds import story
from tests.builders import TODAY, a_placement, a_unit, night

AWAY, HERE = PlacementState.AWAY, PlacementState.ACTIVE


def a_resident(session, **values):
    return a_placement(session, a_unit(session), start=-30, nights=None, state=HERE, **values)


def open_tasks(session):
    return {each.kind: each for each in session.scalars(select(Task).where(Task.state == TaskState.OPEN))}


def away(session, stay, since=0, back=None):
    back_on = None if back is None else night(back)
    go_away(session, stay, since=night(since), back_on=back_on, **DOING)


def test_the_place_of_who_is_in_hospital_is_kept_and_reviewed_after_two_weeks(session):
    stay = a_resident(session)
    away(session, stay, since=-1, back=9)

    assert (stay.state, stay.away_since, stay.back_expected_on) == (AWAY, night(-1), night(9))
    assert free(session, stay.unit, 0, None) == 0
    assert open_tasks(session)["review_absence"].due_at.date() == night(13)
    come_back(session, stay, **DOING)
    assert (stay.state, stay.away_since, open_tasks(session)) == (HERE, None, {})
    assert story(session, stay) == ["went into hospital", "came back from hospital"]


def test_after_how_many_days_a_kept_place_is_reviewed_an_administrator_says(session):
    set_numbers(session, {"absence_review_days": 5}, **DOING)
    stay = a_resident(session)
    away(session, stay)
    assert open_tasks(session)["review_absence"].due_at.date() == night(5)


def test_who_was_to_leave_keeps_the_place_from_a_hospital_bed_too(session):
    stay = a_placement(session, a_unit(session), start=-30, nights=29, state=HERE)
    away(session, stay)
    assert stay.is_overdue(TODAY)
    assert free(session, stay.unit, 0, None) == 0


@pytest.mark.parametrize(("since", "back", "field"), [(1, None, "since"), (-31, None, "since"), (0, -1, "back_on")])
def test_days_that_cannot_be_are_refused(session, since, back, field):
    with pytest.raises(Invalid) as refusal:
        away(session, a_resident(session), since, back)
    assert refusal.value.field == field


def test_nobody_goes_away_twice_or_comes_back_who_was_not_away(session):
    stay = a_resident(session)
    with pytest.raises(OutOfStep):
        come_back(session, stay, **DOING)
    away(session, stay)
    with pytest.raises(OutOfStep):
        away(session, stay)


def test_under_notice_a_person_goes_and_comes_back_and_the_notice_stands(session):
    stay = a_resident(session)
    give_notice(session, stay, last_night=night(9), giver="person", **DOING)
    away(session, stay)
    with pytest.raises(OutOfStep, match="already"):
        away(session, stay)
    assert (stay.state, stay.away_since) == (PlacementState.NOTICE, TODAY)
    come_back(session, stay, **DOING)
    assert (stay.state, stay.away_since, stay.end_on) == (PlacementState.NOTICE, None, night(10))


def test_a_stay_ends_from_hospital_and_its_review_with_it(session):
    stay = a_resident(session)
    away(session, stay)
    end(session, stay, on=TODAY, reason="died", **DOING)
    assert (stay.state, open_tasks(session)) == (PlacementState.ENDED, {})
