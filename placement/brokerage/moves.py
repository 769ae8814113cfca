"""A move from one place to the next: the first stay ends for the second, and goes on if the second comes to nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import NoReturn

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from placement.brokerage.protected import limit_reached, require_crisis_place
from placement.domain.clocks import today
from placement.domain.errors import AlreadyPlaced, NoLongerVacant
from placement.domain.people import Actor
from placement.domain.periods import Period, nights_in_words
from placement.domain.states import LIVE
from placement.records.availability import availability
from placement.records.events import record
from placement.records.placements import Placement
from placement.records.providers import Unit
from placement.records.referrals import Referral


def end_for_move(session: Session, referral: Referral, day: date, by: Actor, now: datetime) -> None:
    """A move ends where the person lives now, on the day of the move."""
    for current in _live(session, referral.person_id):
        if current.start_on < day and not current.period.is_over(day):
            current.end_on_before_move, current.end_on = current.end_on, day
            current.ends_for_referral_id = referral.id
            told = {"on": day.isoformat(), "was": _iso(current.end_on_before_move), "referral": referral.id}
            record(session, "stay_will_move_on", current, by=by, now=now, **told)


def stay_on(session: Session, moving: Placement, by: Actor, now: datetime) -> None:
    """The move is off: the stay that it would have ended goes on, unless its place has been promised to others."""
    for current in _live(session, moving.person_id):
        if current.ends_for_referral_id != moving.referral_id or current.end_on != moving.start_on:
            continue
        until = current.end_on_before_move
        session.execute(select(Unit.id).where(Unit.id == current.unit_id).with_for_update())
        known = availability(session, [current.unit_id], day=today(now), without=[current.id])
        nights, where = Period(current.end_on, until), current.unit
        is_free = known.bookable(current.unit_id, current.end_on, until)
        is_free = is_free and limit_reached(session, current.referral, where, nights, day=today(now)) is None
        if is_free and not _is_elsewhere(session, current, nights):
            current.end_on, current.ends_for_referral_id, current.end_on_before_move = until, None, None
            record(session, "stay_goes_on", current, by=by, now=now, until=_iso(until))
        else:
            record(session, "stay_cannot_go_on", current, by=by, now=now, on=current.end_on.isoformat())


def require_still_free(session: Session, stay: Placement, until: date | None, *, now: datetime) -> None:
    """Raise unless a stay may end on a later day, None for no end, as if it had never ended sooner.

    NoLongerVacant where its place is promised to others on a night between, AlreadyPlaced where the person is. The
    caller holds the lock of the unit.
    """
    day = today(now)
    known, nights = availability(session, [stay.unit_id], day=day, without=[stay.id]), Period(stay.end_on or day, until)
    # Who was to have left by today has no end known again.
    first, last = max(nights.start, day), until if until is None or until > day else None
    if (last is None or last > first) and not known.bookable(stay.unit_id, first, last):
        full = nights_in_words(known.full(stay.unit_id, first, last))
        raise NoLongerVacant(f"The place is promised to somebody else on {full}.")
    if last is None or last > first:
        require_crisis_place(session, stay.referral, stay.unit, Period(first, last), day=day, without=[stay.id])
    if (until is None or until > nights.start) and _is_elsewhere(session, stay, nights):
        raise AlreadyPlaced("This person is promised a place elsewhere on these nights.")


def homes_ending_for(session: Session, moving: Placement) -> list[Placement]:
    """Return the stays that end on the first night of another because the person moves there."""
    live = _live(session, moving.person_id)
    return [
        each
        for each in live
        if each.ends_for_referral_id == moving.referral_id and each.end_on == moving.start_on and each is not moving
    ]


def refuse_overlap(error: IntegrityError) -> NoReturn:
    """Say in the words of the checks why the database refused nights; raise the error itself if it is another."""
    if "one_place_a_person" in str(error.orig):
        raise AlreadyPlaced("This person already has a place on some of these nights.") from error
    if "placement_over" in str(error.orig):
        raise NoLongerVacant("The last place was taken a moment ago.") from error
    raise error


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _is_elsewhere(session: Session, current: Placement, nights: Period) -> bool:
    others = (other for other in _live(session, current.person_id) if other is not current)
    return any(other.period.overlaps(nights) for other in others)


def _live(session: Session, person_id: int) -> Sequence[Placement]:
    rows = select(Placement).where(Placement.person_id == person_id, Placement.state.in_(LIVE))
    return session.scalars(rows.order_by(Placement.start_on, Placement.id)).all()
