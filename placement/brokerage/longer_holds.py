"""Holding a reserved place for longer: by whom, until when and why. What is not held any more runs out by itself."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from placement.brokerage.locks import lock_stay
from placement.domain.errors import Invalid
from placement.domain.people import Actor
from placement.domain.staying import HELD, HOLD
from placement.domain.text import amount
from placement.records.lifecycles import move, require
from placement.records.placements import Placement
from placement.records.settings import number


def hold_longer(
    session: Session, placement: Placement, *, longer: str, reason: str, by: Actor, now: datetime
) -> datetime:
    """Hold a reserved place for longer, from its end on or from now where that has passed; return until when.

    `longer` is a row of HELD_FOR, `reason` one of HOLDS. Raises OutOfStep where the place is not reserved any more, and
    Invalid, naming the field, for another word or a place that was held long enough.
    """
    if reason not in HOLD:
        raise Invalid("Choose why the place is held for longer.", field="reason")
    if longer not in HELD:
        raise Invalid("Choose for how much longer.", field="longer")
    lock_stay(session, placement)
    require(placement, "hold_longer", by=by)
    until = max(now, placement.expires_at or now) + HELD[longer].by
    most = number(session, "most_held_days")
    if until > placement.created_at + timedelta(days=most):
        raise Invalid(f"A place can be held for {amount(most, 'day')} at most. Choose a shorter time.", field="longer")
    move(session, placement, "hold_longer", by=by, now=now, until=until.isoformat(), reason=reason)
    placement.expires_at, placement.hold_reason, placement.held_by = until, reason, by.name
    return until
