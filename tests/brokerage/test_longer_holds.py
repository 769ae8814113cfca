from datetime import timedelta

import pytest
from sqlalchemy import select

from placement.brokerage.longer_holds import hold_longer
from placement.brokerage.placements import confirm, release_expired
from placement.domain.errors import Invalid, OutOfStep
from placement.domain.people import SYSTEM
from placement.domain.states import PlacementState, ReferralState, TaskState
from placement.records.settings import set_numbers
from placement.records.tasks import Task
from tests.brokerage.test_placements import DOING, free, reserved
from tests.brokerage.worlds import story
from tests.conftest import NOW


def test_a_place_is_held_by_somebody_for_longer_and_does_not_run_out_meanwhile(session):
    stay = reserved(session)
    assert (stay.held_by, stay.hold_reason) == ("Bo Broker", None)
    was = stay.expires_at
    until = hold_longer(session, stay, longer="1d", reason="assessment", **DOING)

    assert until == stay.expires_at == was + timedelta(days=1)
    assert (stay.state, stay.hold_reason) == (PlacementState.RESERVED, "assessment")
    assert release_expired(session, by=SYSTEM, now=was) == 0
    assert story(session, stay) == ["reserved a place", "held a place for longer"]


def test_a_hold_that_runs_out_frees_the_place_and_is_a_task_of_the_broker(session):
    stay = reserved(session)
    assert release_expired(session, by=SYSTEM, now=stay.expires_at) == 1

    assert (stay.state, stay.ended_reason, free(session, stay.unit)) == (PlacementState.RELEASED, "expired", 1)
    task = session.scalars(select(Task).where(Task.state == TaskState.OPEN)).one()
    assert (task.kind, task.subject_id) == ("hold_over", stay.referral_id)
    assert stay.referral.state is ReferralState.SEARCHING

    reserved(session, stay.referral, now=NOW + timedelta(hours=3))
    assert task.state is TaskState.DONE, "another place has been found"


@pytest.mark.parametrize(("longer", "reason", "field"), [("1d", "", "reason"), ("9y", "visit", "longer")])
def test_a_hold_without_a_reason_or_a_time_is_refused(session, longer, reason, field):
    stay = reserved(session)
    with pytest.raises(Invalid) as refusal:
        hold_longer(session, stay, longer=longer, reason=reason, **DOING)
    assert refusal.value.field == field


def test_nothing_is_held_for_ever_and_nothing_that_is_confirmed(session):
    stay = reserved(session)
    hold_longer(session, stay, longer="7d", reason="visit", **DOING)
    with pytest.raises(Invalid, match="14 days at most"):
        hold_longer(session, stay, longer="7d", reason="visit", **DOING)
    set_numbers(session, {"most_held_days": 20}, **DOING)
    hold_longer(session, stay, longer="7d", reason="visit", **DOING)
    confirm(session, stay, **DOING)
    with pytest.raises(OutOfStep, match="nothing to hold"):
        hold_longer(session, stay, longer="2h", reason="visit", **DOING)
