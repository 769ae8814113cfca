"""Holding a place while somebody decides: for a stated time nobody else is given it, and then it is free by itself.

Locks are taken in the order of `locks`.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from placement.brokerage.company import require_company
from placement.brokerage.holds import hold_of
from placement.brokerage.protected import require_crisis_place
from placement.brokerage.reservations import Decision, require_searching, require_vacant
from placement.domain.clocks import deadline, today
from placement.domain.errors import Invalid
from placement.domain.holds import HOLD_LENGTH
from placement.domain.people import Actor
from placement.domain.periods import Period
from placement.domain.states import HoldState
from placement.records.events import record
from placement.records.holds import PlaceHold
from placement.records.lifecycles import move
from placement.records.providers import Unit
from placement.records.referrals import Referral


def hold_place(
    session: Session, referral: Referral, unit: Unit, decision: Decision, *, length: str, by: Actor, now: datetime
) -> PlaceHold:
    """Hold a place for a referral that is searched for; one that was held for it before is let go.

    Raises Invalid for a length that is not in HOLD_LENGTHS, NoLongerVacant if a night is not free, OutOfStep if nobody
    searches for the person any more.
    """
    if length not in HOLD_LENGTH:
        raise Invalid("Choose for how long the place is held.", field="length")
    until = deadline(now, HOLD_LENGTH[length].clock)
    return keep_place(session, referral, unit, decision, until=until, held_by=by.name, by=by, now=now)


def keep_place(
    session: Session,
    referral: Referral,
    unit: Unit,
    decision: Decision,
    *,
    until: datetime,
    held_by: str,
    by: Actor,
    now: datetime,
) -> PlaceHold:
    """Hold a place until an instant, in somebody's name. Raises as `hold_place` does."""
    require_searching(session, referral, by=by)
    if before := hold_of(session, referral):
        move(session, before, "let_go", by=by, now=now, referral=referral.id)
        session.flush()
    session.execute(select(Unit.id).where(Unit.id == unit.id).with_for_update())
    require_vacant(session, unit, decision, now=now, held_for=[referral.id])
    nights = Period(decision.start_on, decision.end_on)
    require_crisis_place(session, referral, unit, nights, day=today(now))
    require_company(session, referral, unit, nights, day=today(now))
    hold = PlaceHold(
        referral=referral,
        unit=unit,
        state=HoldState.HELD,
        start_on=decision.start_on,
        end_on=decision.end_on,
        held_at=now,
        held_by=held_by,
        held_by_id=by.user_id,
        held_until=until,
        council=referral.council,
    )
    session.add(hold)
    told = {"referral": referral.id, "unit": unit.id, "until": until.isoformat()}
    record(session, "place_held", hold, by=by, now=now, **told)
    return hold
