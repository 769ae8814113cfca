import pytest

from placement.brokerage.expecting import say_as_planned, say_not_as_planned
from placement.brokerage.placements import begin, release
from placement.domain.errors import OutOfStep
from placement.domain.states import PlacementState
from placement.planning.dates import change_dates
from tests.brokerage.test_absences import open_tasks
from tests.brokerage.test_placements import DOING
from tests.builders import TODAY, a_placement, a_unit, night

HERE = PlacementState.ACTIVE


def test_what_was_in_doubt_is_settled_once_it_goes_as_planned(session):
    stay = a_placement(session, a_unit(session), start=3)
    say_not_as_planned(session, stay, **DOING)
    assert set(open_tasks(session)) == {"not_as_planned"}
    say_as_planned(session, stay, **DOING)
    assert (stay.as_planned_on, open_tasks(session)) == (TODAY, {})


@pytest.mark.parametrize("how", ["arrived", "released", "other dates"])
def test_what_was_in_doubt_is_settled_by_what_follows(session, how):
    stay = a_placement(session, a_unit(session))
    say_not_as_planned(session, stay, **DOING)
    if how == "arrived":
        begin(session, stay, **DOING)
    elif how == "released":
        release(session, stay, reason="did_not_arrive", **DOING)
    else:
        change_dates(session, stay, start_on=night(2), end_on=night(9), **DOING)
    assert "not_as_planned" not in open_tasks(session)


@pytest.mark.parametrize(("state", "start", "nights"), [
    (PlacementState.RESERVED, 3, 4), (PlacementState.CONFIRMED, 15, 4), (HERE, -3, 18), (HERE, -3, None),
    (PlacementState.ENDED, -3, 1),
])  # fmt: skip
def test_nothing_is_said_of_what_is_not_near(session, state, start, nights):
    stay = a_placement(session, a_unit(session), start=start, nights=nights, state=state)
    for say in (say_as_planned, say_not_as_planned):
        with pytest.raises(OutOfStep, match="next two weeks"):
            say(session, stay, **DOING)


def test_of_a_day_that_has_passed_is_said_what_happened(session):
    stay = a_placement(session, a_unit(session), start=-1)
    with pytest.raises(OutOfStep, match="has passed"):
        say_as_planned(session, stay, **DOING)
