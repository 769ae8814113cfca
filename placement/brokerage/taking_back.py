"""Taking back what was tapped by mistake: an arrival or a departure of the wrong person, for a day after it.

Everything that came with it goes back as well: where the person lived until the arrival, a referral that the departure
closed, the tasks of either.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from placement.brokerage.duties import ARRIVED, AWAY, NOTICE, begin_duties, end_step
from placement.brokerage.locks import lock_stay
from placement.brokerage.moves import require_still_free
from placement.domain.errors import AlreadyPlaced, OutOfStep
from placement.domain.people import SYSTEM, Actor
from placement.domain.states import THERE, PlacementState, ReferralState
from placement.domain.staying import TAKEN_BACK_WITHIN
from placement.records.events import AuditLine
from placement.records.lifecycles import move, require
from placement.records.placements import Placement


def can_take_back(session: Session, stay: Placement, *, now: datetime) -> AuditLine | None:
    """Return the arrival or departure of a stay that can still be taken back: the newest, not older than a day."""
    event = {PlacementState.ACTIVE: "person_arrived", PlacementState.ENDED: "person_left"}.get(stay.state)
    line = _newest(session, stay, event) if event else None
    return line if line is not None and now - line.happened_at <= TAKEN_BACK_WITHIN else None


def take_arrival_back(session: Session, stay: Placement, *, by: Actor, now: datetime) -> None:
    """The person has not arrived after all; where they lived until then they live again.

    Raises OutOfStep where nobody has arrived or it was too long ago, NoLongerVacant where the place that they left for
    it has been promised to others since.
    """
    before = select(Placement.unit_id).where(
        Placement.person_id == stay.person_id, Placement.state == PlacementState.ENDED
    )
    lock_stay(session, stay, also=session.scalars(before).all())
    require(stay, "take_arrival_back", by=by)
    line = _require_recent(session, stay, now)
    for home in _left_for(session, stay, line):
        _stand_again(session, home, by=SYSTEM, now=now)
    move(session, stay, "take_arrival_back", by=by, now=now)
    end_step(session, stay, ARRIVED, by=by, now=now)


def take_departure_back(session: Session, stay: Placement, *, by: Actor, now: datetime) -> None:
    """The person has not left after all: the stay is as it was before.

    Raises OutOfStep where nobody has left, it was too long ago or the referral is looked for again, AlreadyPlaced where
    the person lives elsewhere by now, and NoLongerVacant where the place has been promised to others since.
    """
    lock_stay(session, stay, also=[stay.unit_id])
    require(stay, "take_departure_back", by=by)
    _require_recent(session, stay, now)
    elsewhere = select(Placement.id).where(Placement.person_id == stay.person_id, Placement.state.in_(THERE))
    if session.scalar(elsewhere.limit(1)) is not None:
        raise AlreadyPlaced("This person lives somewhere else now. Take that arrival back first.")
    _stand_again(session, stay, by=by, now=now)


def _stand_again(session: Session, stay: Placement, *, by: Actor, now: datetime) -> None:
    line = _newest(session, stay, "person_left")
    was_end = line.details.get("was_end") if line else None
    until = date.fromisoformat(was_end) if was_end else None
    require_still_free(session, stay, until, now=now)
    away, notice = stay.away_since is not None, stay.notice_on is not None
    verb = "take_departure_back" + ("_on_notice" if notice else "_away" if away else "")
    stay.end_on, stay.ended_reason = until, None
    move(session, stay, verb, by=by, now=now, until=was_end)
    session.flush()
    referral = stay.referral
    session.refresh(referral, with_for_update=True)
    if referral.state not in (ReferralState.PLACED, ReferralState.CLOSED):
        # A move to another unit has come to nothing since: with the old stay it would have a place and be looked for.
        raise OutOfStep("A place is looked for again since this departure. Ring brokerage to put it right.")
    if referral.state is ReferralState.CLOSED:
        move(session, referral, "stand_again", by=by, now=now, placement=stay.id)
        referral.closed_at = referral.closed_reason = None
    for step, is_due in ((ARRIVED, True), (AWAY, away), (NOTICE, notice)):
        if is_due:
            begin_duties(session, stay, step, now=now)


def _left_for(session: Session, stay: Placement, arrival: AuditLine) -> Sequence[Placement]:
    """Return the stays that this arrival ended."""
    rows = select(Placement).where(
        Placement.person_id == stay.person_id,
        Placement.state == PlacementState.ENDED,
        Placement.ended_reason == "moved_on",
        Placement.end_on == stay.start_on,
        Placement.id != stay.id,
    )
    homes = session.scalars(rows.order_by(Placement.id).with_for_update()).all()
    lines = {home.id: _newest(session, home, "person_left") for home in homes}
    return [home for home in homes if (line := lines[home.id]) and line.happened_at == arrival.happened_at]


def _require_recent(session: Session, stay: Placement, now: datetime) -> AuditLine:
    line = can_take_back(session, stay, now=now)
    if line is None:
        raise OutOfStep("This can be taken back for a day only. Ring brokerage to put it right.")
    return line


def _newest(session: Session, stay: Placement, event: str) -> AuditLine | None:
    rows = select(AuditLine).where(
        AuditLine.subject == Placement.__tablename__, AuditLine.subject_id == stay.id, AuditLine.event == event
    )
    return session.scalars(rows.order_by(AuditLine.id.desc()).limit(1)).first()
