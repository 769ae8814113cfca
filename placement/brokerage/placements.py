"""Placements: every step after the reservation until the person leaves, and the questions about them.

Each step is one short write unit. Locks are taken in the order of `locks`. The database refuses by itself what these
checks would miss.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from placement.brokerage.deadlines import reply_due
from placement.brokerage.duties import ARRIVED, CONFIRMED, begin_duties, end_duties
from placement.brokerage.locks import lock_homes
from placement.brokerage.moves import stay_on
from placement.domain.clocks import today
from placement.domain.errors import Invalid, OutOfStep
from placement.domain.people import SYSTEM, Actor, Role
from placement.domain.reasons import DECLINE, ENDING, PROVIDERS_DECLINE
from placement.domain.states import LIVE, OPEN, THERE, PlacementState, ReferralState
from placement.domain.staying import RELEASE
from placement.records.lifecycles import move
from placement.records.pages import START, Key, Page, PlaceInList, page_of
from placement.records.placements import Placement
from placement.records.providers import Service, Unit
from placement.records.referrals import Decline, Referral
from placement.records.tasks import ask_for, settle_task
from placement.records.visibility import one, visible_placements

DEEP = (
    selectinload(Placement.person),
    selectinload(Placement.referral).selectinload(Referral.needs),
    selectinload(Placement.referral).selectinload(Referral.dangers),
    selectinload(Placement.unit).selectinload(Unit.service).selectinload(Service.provider),
)


def confirm(session: Session, placement: Placement, *, by: Actor, now: datetime) -> None:
    """The provider says yes: the reservation no longer expires."""
    lock_homes(session, [placement.person_id])
    _lock(session, placement)
    move(session, placement, "confirm", by=by, now=now)
    placement.expires_at = None
    begin_duties(session, placement, CONFIRMED, now=now)


def decline(
    session: Session, placement: Placement, *, reason: str, note: str = "", by: Actor, now: datetime
) -> Decline:
    """Say no, with a coded reason: the place is free again and the pair is not proposed any more.

    Raises Invalid for a reason that is not in the table, or not the provider's to give where it is the provider's no.
    """
    if reason not in (PROVIDERS_DECLINE if by.role is Role.PROVIDER else DECLINE):
        raise Invalid("Choose why you cannot take this person.", field="reason")
    lock_homes(session, [placement.person_id])
    _lock(session, placement)
    move(session, placement, "decline", by=by, now=now, reason=reason)
    _search_again(session, placement, "be_declined", by, now, unit=placement.unit_id, reason=reason)
    placement.ended_reason = "declined"
    end_duties(session, placement, by=by, now=now)
    said = Decline(
        referral_id=placement.referral_id,
        unit_id=placement.unit_id,
        reason=reason,
        note=note,
        declined_by=by.name,
        declined_at=now,
    )
    session.add(said)
    return said


def release(session: Session, placement: Placement, *, reason: str, by: Actor, now: datetime) -> None:
    """Give a reserved or confirmed place back; the referral is searched for again. Raises Invalid without a reason."""
    if reason not in RELEASE:
        raise Invalid("Choose why the place is released.", field="reason")
    lock_homes(session, [placement.person_id])
    _lock(session, placement)
    move(session, placement, "release", by=by, now=now, reason=reason)
    _search_again(session, placement, "lose_place", by, now, placement=placement.id)
    placement.ended_reason = reason
    end_duties(session, placement, by=by, now=now)


def begin(session: Session, placement: Placement, *, by: Actor, now: datetime) -> None:
    """The person has arrived. Raises OutOfStep before the first day of the stay.

    Nobody is in two places: a stay that was to end by this one's first day has ended, whoever forgot to say so.
    """
    if today(now) < placement.start_on:
        raise OutOfStep("This stay has not begun yet. Ask brokerage to change its dates first.")
    lock_homes(session, [placement.person_id])
    _lock(session, placement)
    move(session, placement, "begin", by=by, now=now)
    placement.as_planned_on = None
    settle_task(session, "not_as_planned", placement, by=by, now=now)
    begin_duties(session, placement, ARRIVED, now=now)
    for home in live_placements_of(session, placement.person_id):
        was_to_end = home.end_on is not None and home.end_on <= placement.start_on
        if home is not placement and home.state in THERE and was_to_end:
            _leave(session, home, on=placement.start_on, reason="moved_on", by=SYSTEM, now=now)


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
    lock_homes(session, [placement.person_id])
    _leave(session, placement, on=on, reason=reason, by=by, now=now)


def _leave(session: Session, placement: Placement, *, on: date, reason: str, by: Actor, now: datetime) -> None:
    _lock(session, placement)
    was_end = placement.end_on.isoformat() if placement.end_on else None
    move(session, placement, "end", by=by, now=now, reason=reason, was_end=was_end)
    session.refresh(placement.referral, with_for_update=True)
    placement.end_on, placement.ended_reason, placement.as_planned_on = on, reason, None
    end_duties(session, placement, by=by, now=now)
    if placement.referral.state is ReferralState.PLACED and not goes_on_elsewhere(session, placement):
        move(session, placement.referral, "close", by=by, now=now, placement=placement.id)
        placement.referral.closed_at, placement.referral.closed_reason = now, "placed"


def release_expired(session: Session, *, by: Actor, now: datetime) -> int:
    """Release every reservation whose time has run out; return how many."""
    ran_out = (Placement.state == PlacementState.RESERVED) & (Placement.expires_at <= now)
    lock_homes(session, session.scalars(select(Placement.person_id).where(ran_out)).all())
    rows = select(Placement).where(ran_out)
    expired = session.scalars(rows.options(*DEEP).order_by(Placement.id).with_for_update(skip_locked=True)).all()
    for placement in expired:
        release(session, placement, reason="expired", by=by, now=now)
        referral = placement.referral
        if referral.state in OPEN:
            to = referral.assigned_to_id or placement.created_by_id
            ask_for(session, "hold_over", referral, due_at=now, by=by, now=now, assigned_to_id=to)
    return len(expired)


def placements_page(
    session: Session,
    *states: PlacementState,
    at: PlaceInList = START,
    arrives_by: date | None = None,
    leaves_by: date | None = None,
    leaves_after: date | None = None,
    actor: Actor,
) -> Page[Placement]:
    """Return a page of the placements in some states: those that run out or begin soonest first, past ones newest.

    `arrives_by` and `leaves_by` keep those that are to begin, or whose planned nights end, by a day; `leaves_after`
    those whose nights end after one.
    """
    rows = visible_placements(actor).where(Placement.state.in_(states)).options(*DEEP)
    if arrives_by is not None:
        rows = rows.where(Placement.start_on <= arrives_by)
    if leaves_by is not None:
        rows = rows.where(Placement.end_on <= leaves_by)
    if leaves_after is not None:
        rows = rows.where(Placement.end_on > leaves_after)
    return page_of(session, rows, *_order(states[0]), at=at)


def placement_counts(session: Session, *, actor: Actor) -> Counter[PlacementState]:
    """Return how many placements there are in each state."""
    rows = visible_placements(actor).with_only_columns(Placement.state, func.count(), maintain_column_froms=True)
    counts = Counter[PlacementState]()
    for state, number in session.execute(rows.group_by(Placement.state)):
        counts[state] = number
    return counts


def shown_state(asked: str, counts: Counter[PlacementState], states: Sequence[PlacementState]) -> PlacementState:
    """Return the state that is asked for, or else the first in which there is somebody."""
    for state in states:
        if state.value == asked:
            return state
    return next((state for state in states if counts[state]), states[0])


def _order(state: PlacementState) -> tuple[Key, ...]:
    if state is PlacementState.RESERVED:
        return Key(column=Placement.expires_at), Key(column=Placement.id)  # the database sees that it has one
    return Key(column=Placement.start_on, is_descending=state not in LIVE), Key(column=Placement.id)


def placement(session: Session, placement_id: int, *, actor: Actor) -> Placement:
    """Return one placement. Raises NotFound."""
    return one(session, visible_placements(actor).where(Placement.id == placement_id).options(*DEEP), "placement")


def placement_of(session: Session, referral: Referral) -> Placement | None:
    """Return a referral's newest placement that has not been released."""
    rows = select(Placement).where(Placement.referral_id == referral.id, Placement.state != PlacementState.RELEASED)
    return session.scalars(rows.options(*DEEP).order_by(Placement.id.desc()).limit(1)).first()


def live_placements_of(session: Session, person_id: int) -> Sequence[Placement]:
    """Return where a person lives or is going to live, soonest first."""
    rows = select(Placement).where(Placement.person_id == person_id, Placement.state.in_(LIVE))
    return session.scalars(rows.options(*DEEP).order_by(Placement.start_on, Placement.id)).all()


def goes_on_elsewhere(session: Session, stay: Placement) -> bool:
    """Return whether a referral has another live stay: the one that a transfer begins, or the one that it ends."""
    others = select(Placement.id).where(
        Placement.referral_id == stay.referral_id, Placement.id != stay.id, Placement.state.in_(LIVE)
    )
    return session.scalar(others.limit(1)) is not None


def _search_again(session: Session, stay: Placement, verb: str, by: Actor, now: datetime, **details: str | int) -> None:
    """The place is not to be had any more: its referral is searched for again, and the stay that it ended goes on."""
    referral = stay.referral
    session.refresh(referral, with_for_update=True)
    if referral.state is ReferralState.PLACED and not goes_on_elsewhere(session, stay):
        move(session, referral, verb, by=by, now=now, **details)
        referral.reply_by = reply_due(referral, now)  # whoever is asked next has the time that the first one had
    session.flush()
    stay_on(session, stay, by, now)


def _lock(session: Session, placement: Placement) -> None:
    """Look again at a stay, with its row locked: somebody else may have answered a moment ago."""
    session.flush()
    session.refresh(placement, ["state", "version"], with_for_update=True)
