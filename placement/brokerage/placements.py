"""Placements: every step after the reservation until the person leaves, and the questions about them.

Each step is one short write unit. Locks are always taken in the order person, referral, unit, stay; units in the order
of their ids. The database refuses by itself what these checks would miss.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from placement.brokerage.moves import stay_on
from placement.domain.clocks import today
from placement.domain.errors import Invalid, OutOfStep
from placement.domain.people import Actor
from placement.domain.reasons import DECLINE, ENDINGS
from placement.domain.states import LIVE, STATE_LABELS, PlacementState, ReferralState, require_move
from placement.records.audit import record
from placement.records.placements import Placement
from placement.records.providers import Service, Unit
from placement.records.referrals import Decline, Referral
from placement.records.visibility import one, visible_placements

ENDING = {reason.slug: reason for reason in ENDINGS}
DEEP = (
    selectinload(Placement.person),
    selectinload(Placement.referral).selectinload(Referral.needs),
    selectinload(Placement.unit).selectinload(Unit.service).selectinload(Service.provider),
)


def confirm(session: Session, placement: Placement, *, by: Actor, now: datetime) -> None:
    """The provider says yes: the reservation no longer expires."""
    _move(session, placement, PlacementState.CONFIRMED)
    placement.expires_at = None
    record(session, "confirmed a place", placement, by=by, now=now)


def decline(
    session: Session, placement: Placement, *, reason: str, note: str = "", by: Actor, now: datetime
) -> Decline:
    """The provider says no, with a coded reason: the place is free again and the pair is not proposed any more."""
    if reason not in DECLINE:
        raise Invalid("Choose why you cannot take this person.", field="reason")
    _lock_homes(session, [placement.person_id])
    _lock(session, placement)
    if placement.state is not PlacementState.RESERVED:
        raise OutOfStep(f"This is {STATE_LABELS[placement.state].lower()} now, so it cannot be declined.")
    _release(session, placement, "declined", by, now)
    said = Decline(
        referral_id=placement.referral_id,
        unit_id=placement.unit_id,
        reason=reason,
        note=note,
        declined_by=by.name,
        declined_at=now,
    )
    session.add(said)
    record(session, "declined a place", placement, by=by, now=now, reason=reason)
    record(session, "was declined", placement.referral, by=by, now=now, unit=placement.unit_id, reason=reason)
    return said


def release(session: Session, placement: Placement, *, by: Actor, now: datetime, reason: str = "withdrawn") -> None:
    """Give a reserved or confirmed place back; the referral is searched for again."""
    _lock_homes(session, [placement.person_id])
    _release(session, placement, reason, by, now)
    record(session, "released a place", placement, by=by, now=now, reason=reason)
    record(session, "lost its place", placement.referral, by=by, now=now, placement=placement.id)


def begin(session: Session, placement: Placement, *, by: Actor, now: datetime) -> None:
    """The person has arrived. Raises OutOfStep before the first day of the stay."""
    if today(now) < placement.start_on:
        raise OutOfStep("This stay has not begun yet. Ask brokerage to change its dates first.")
    _move(session, placement, PlacementState.ACTIVE)
    record(session, "arrived", placement, by=by, now=now)


def end(session: Session, placement: Placement, *, on: date, reason: str, by: Actor, now: datetime) -> None:
    """The person has left on a day, or will not come back. Raises Invalid, naming the field.

    A day to come is refused: an ended stay frees its place at once.
    """
    if reason not in ENDING:
        raise Invalid("Choose why the stay ended.", field="reason")
    if on > today(now):
        raise Invalid("Enter today or a day that has passed.", field="on")
    if on < placement.start_on:
        raise Invalid("Enter a day on or after the stay began.", field="on")
    _move(session, placement, PlacementState.ENDED)
    session.refresh(placement.referral, with_for_update=True)
    placement.end_on, placement.ended_reason = on, reason
    if placement.referral.state is ReferralState.PLACED:
        placement.referral.state = ReferralState.CLOSED
        placement.referral.closed_at, placement.referral.closed_reason = now, "placed"
        record(session, "closed a referral", placement.referral, by=by, now=now, placement=placement.id)
    record(session, "left", placement, by=by, now=now, reason=reason)


def release_expired(session: Session, *, by: Actor, now: datetime) -> int:
    """Release every reservation whose time has run out; return how many."""
    ran_out = (Placement.state == PlacementState.RESERVED) & (Placement.expires_at <= now)
    _lock_homes(session, session.scalars(select(Placement.person_id).where(ran_out)).all())
    rows = select(Placement).where(ran_out)
    expired = session.scalars(rows.options(*DEEP).order_by(Placement.id).with_for_update(skip_locked=True)).all()
    for placement in expired:
        release(session, placement, by=by, now=now, reason="expired")
    return len(expired)


def placements(
    session: Session,
    *,
    actor: Actor,
    live_only: bool = True,
    states: Collection[PlacementState] = LIVE,
    limit: int = 500,
) -> Sequence[Placement]:
    """Return placements in some states, or in all unless `live_only`, those that begin soonest first."""
    rows = visible_placements(actor)
    if live_only:
        rows = rows.where(Placement.state.in_(states))
    return session.scalars(rows.options(*DEEP).order_by(Placement.start_on, Placement.id).limit(limit)).all()


def placement(session: Session, placement_id: int, *, actor: Actor) -> Placement:
    """Return one placement. Raises NotFound."""
    found: Placement = one(
        session, visible_placements(actor).where(Placement.id == placement_id).options(*DEEP), "placement"
    )
    return found


def placement_of(session: Session, referral: Referral) -> Placement | None:
    """Return a referral's newest placement that has not been released."""
    rows = select(Placement).where(Placement.referral_id == referral.id, Placement.state != PlacementState.RELEASED)
    return session.scalars(rows.options(*DEEP).order_by(Placement.id.desc()).limit(1)).first()


def live_placements_of(session: Session, person_id: int) -> Sequence[Placement]:
    """Return where a person lives or is going to live, soonest first."""
    rows = select(Placement).where(Placement.person_id == person_id, Placement.state.in_(LIVE))
    return session.scalars(rows.options(*DEEP).order_by(Placement.start_on, Placement.id)).all()


def _release(session: Session, placement: Placement, reason: str, by: Actor, now: datetime) -> None:
    _move(session, placement, PlacementState.RELEASED)
    placement.ended_reason = reason
    session.refresh(placement.referral, with_for_update=True)
    if placement.referral.state is ReferralState.PLACED:
        placement.referral.state = ReferralState.SEARCHING
    session.flush()
    stay_on(session, placement, by, now)


def _lock_homes(session: Session, person_ids: Collection[int]) -> None:
    """Lock every unit that these people have a place in, before any stay: a report locks in this order too."""
    homes = select(Placement.unit_id).where(Placement.person_id.in_(person_ids), Placement.state.in_(LIVE))
    session.execute(select(Unit.id).where(Unit.id.in_(homes)).order_by(Unit.id).with_for_update())


def _lock(session: Session, placement: Placement) -> None:
    """Look again at a stay, with its row locked: somebody else may have answered a moment ago."""
    session.flush()
    session.refresh(placement, ["state", "version"], with_for_update=True)


def _move(session: Session, placement: Placement, state: PlacementState) -> None:
    _lock(session, placement)
    require_move(placement.state, state)
    placement.state = state
