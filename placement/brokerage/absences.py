"""Away in hospital and back: the place is kept, and somebody looks at that after a while."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from placement.brokerage.duties import AWAY, begin_duties
from placement.brokerage.locks import lock_stay
from placement.domain.clocks import today
from placement.domain.errors import Invalid, OutOfStep
from placement.domain.people import Actor
from placement.domain.states import PlacementState
from placement.records.lifecycles import move
from placement.records.placements import Placement
from placement.records.tasks import settle_task


def go_away(session: Session, stay: Placement, *, since: date, back_on: date | None, by: Actor, now: datetime) -> None:
    """The person has gone into hospital on a day, and is expected back on another if that is known.

    Raises OutOfStep where the person is not there, and Invalid, naming the field, for a day that cannot be.
    """
    lock_stay(session, stay)
    if since > today(now):
        raise Invalid("Enter today or a day that has passed.", field="since")
    if since < stay.start_on:
        raise Invalid("Enter a day on or after the stay began.", field="since")
    if back_on is not None and back_on < today(now):
        raise Invalid("Enter today or a day to come, or leave it empty.", field="back_on")
    if stay.away_since is not None and stay.state is PlacementState.NOTICE:
        raise OutOfStep("This person is in hospital already.")
    told = {"since": since.isoformat(), "back": back_on.isoformat() if back_on else None}
    verb = "go_away_on_notice" if stay.state is PlacementState.NOTICE else "go_away"
    move(session, stay, verb, by=by, now=now, **told)
    stay.away_since, stay.back_expected_on = since, back_on
    begin_duties(session, stay, AWAY, now=now)


def come_back(session: Session, stay: Placement, *, by: Actor, now: datetime) -> None:
    """The person is back. Raises OutOfStep where they were not away."""
    lock_stay(session, stay)
    if stay.away_since is None:
        raise OutOfStep("This person is not in hospital.")
    verb = "come_back_on_notice" if stay.state is PlacementState.NOTICE else "come_back"
    move(session, stay, verb, by=by, now=now, on=today(now).isoformat())
    stay.away_since = stay.back_expected_on = None
    settle_task(session, "review_absence", stay, by=by, now=now)
