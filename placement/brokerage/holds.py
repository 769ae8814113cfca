"""Places that are held while somebody decides: which there are, and how a hold ends. `holding` makes them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from placement.domain.people import Actor
from placement.domain.states import HoldState
from placement.records.holds import PlaceHold
from placement.records.lifecycles import move
from placement.records.providers import Unit
from placement.records.referrals import Referral


def end_hold(session: Session, referral: Referral, unit: Unit | None, *, by: Actor, now: datetime) -> None:
    """End what is held for a referral that is locked: it was for this place, or nobody waits for it any more."""
    if hold := hold_of(session, referral):
        verb = "take" if unit is not None and hold.unit_id == unit.id else "let_go"
        move(session, hold, verb, by=by, now=now, referral=referral.id)


def expire_holds(session: Session, *, by: Actor, now: datetime) -> Sequence[PlaceHold]:
    """Let every place go whose time is over, and return those holds."""
    over = select(PlaceHold).where(PlaceHold.state == HoldState.HELD, PlaceHold.held_until <= now)
    ended = session.scalars(over.order_by(PlaceHold.id).with_for_update(skip_locked=True)).all()
    for hold in ended:
        move(session, hold, "run_out", by=by, now=now, referral=hold.referral_id)
    return ended


def holds_of(session: Session, referral_ids: Collection[int]) -> dict[int, PlaceHold]:
    """Return what is held for some referrals, by their ids, with the place."""
    rows = select(PlaceHold).where(PlaceHold.state == HoldState.HELD, PlaceHold.referral_id.in_(referral_ids))
    deep = joinedload(PlaceHold.unit).joinedload(Unit.service)
    return {hold.referral_id: hold for hold in session.scalars(rows.options(deep))}


def held_referrals(session: Session) -> frozenset[int]:
    """Return the ids of the referrals for which a place is held."""
    return frozenset(session.scalars(select(PlaceHold.referral_id).where(PlaceHold.state == HoldState.HELD)))


def hold_of(session: Session, referral: Referral) -> PlaceHold | None:
    """Return what is held for a referral, its row locked, if anything is."""
    rows = select(PlaceHold).where(PlaceHold.referral_id == referral.id, PlaceHold.state == HoldState.HELD)
    return session.scalars(rows.with_for_update()).one_or_none()
