"""What a provider says ahead of an arrival or a departure: that it goes as planned, or that it does not."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from placement.brokerage.locks import lock_stay
from placement.domain.clocks import today
from placement.domain.errors import OutOfStep
from placement.domain.people import Actor
from placement.domain.states import THERE, PlacementState
from placement.domain.staying import AHEAD
from placement.records.events import record
from placement.records.placements import Placement
from placement.records.tasks import ask_for, settle_task


def next_step_on(stay: Placement, day: date) -> date | None:
    """Return the day on which the person is to arrive or to leave, if that is near or has passed."""
    if stay.state is PlacementState.CONFIRMED:
        step = stay.start_on
    elif stay.state in THERE and stay.end_on is not None:
        step = stay.end_on
    else:
        return None
    return step if step <= day + AHEAD else None


def say_as_planned(session: Session, stay: Placement, *, by: Actor, now: datetime) -> None:
    """The next step will be as planned. Raises OutOfStep where none is near, or its day has come."""
    day = _required(session, stay, now)
    if day < today(now):
        raise OutOfStep("The day has passed. Say what has happened instead.")
    stay.as_planned_on = today(now)
    record(session, "goes_as_planned", stay, by=by, now=now, on=day.isoformat())
    settle_task(session, "not_as_planned", stay, by=by, now=now)


def say_not_as_planned(session: Session, stay: Placement, *, by: Actor, now: datetime) -> None:
    """The person has not come, or will not come or go, as planned: brokerage decides what follows."""
    day = _required(session, stay, now)
    stay.as_planned_on = None
    record(session, "not_as_planned", stay, by=by, now=now, on=day.isoformat())
    to = stay.referral.assigned_to_id
    ask_for(session, "not_as_planned", stay, due_at=now, by=by, now=now, assigned_to_id=to)


def _required(session: Session, stay: Placement, now: datetime) -> date:
    lock_stay(session, stay)
    day = next_step_on(stay, today(now))
    if day is None:
        raise OutOfStep("Nobody is to arrive or to leave here in the next two weeks.")
    return day
