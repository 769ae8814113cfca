"""A move from one place to the next: the first stay ends for the second, and goes on if the second comes to nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from placement.domain.people import Actor
from placement.domain.states import LIVE
from placement.records.audit import AuditLine, record, timeline
from placement.records.availability import availability
from placement.records.placements import Placement
from placement.records.providers import Unit
from placement.records.referrals import Referral

WILL_MOVE_ON = "will move on"


def end_for_move(session: Session, referral: Referral, day: date, by: Actor, now: datetime) -> None:
    """A move ends where the person lives now, on the day of the move."""
    for current in _live(session, referral.person_id):
        if current.start_on < day and (current.end_on is None or current.end_on > day):
            was, current.end_on = current.end_on, day
            told = {"on": day.isoformat(), "was": was.isoformat() if was else None, "referral": referral.id}
            record(session, WILL_MOVE_ON, current, by=by, now=now, **told)


def stay_on(session: Session, moving: Placement, by: Actor, now: datetime) -> None:
    """The move is off: the stay that it would have ended goes on, unless its place has been promised to others."""
    for current in _live(session, moving.person_id):
        line = _ended_by(session, current, moving)
        if line is None or current.end_on is None:
            continue
        until = date.fromisoformat(line.details["was"]) if line.details["was"] else None
        session.execute(select(Unit.id).where(Unit.id == current.unit_id).with_for_update())
        is_free = availability(session, [current.unit_id]).bookable(current.unit_id, current.end_on, until)
        if is_free and not _is_elsewhere(session, current, current.end_on, until):
            current.end_on = until
            record(session, "stays on", current, by=by, now=now, until=line.details["was"])
        else:
            record(session, "cannot stay on", current, by=by, now=now, on=current.end_on.isoformat())


def _ended_by(session: Session, current: Placement, moving: Placement) -> AuditLine | None:
    """Return the line of the move that gave a stay its present end, if it was this one."""
    if current.end_on != moving.start_on:
        return None
    lines = (line for line in timeline(session, "placement", current.id) if line.action == WILL_MOVE_ON)
    newest = next(lines, None)
    return newest if newest and newest.details.get("referral") == moving.referral_id else None


def _is_elsewhere(session: Session, current: Placement, start: date, end: date | None) -> bool:
    others = (other for other in _live(session, current.person_id) if other is not current)
    return any(
        (end is None or other.start_on < end) and (other.end_on is None or start < other.end_on) for other in others
    )


def _live(session: Session, person_id: int) -> Sequence[Placement]:
    rows = select(Placement).where(Placement.person_id == person_id, Placement.state.in_(LIVE))
    return session.scalars(rows.order_by(Placement.start_on, Placement.id)).all()
