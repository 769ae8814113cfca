"""What a place outside the city asks of brokerage: a manager's sign-off and word to the host council; `ways_back` more.

Each is a task with a time, made with the reservation and gone with the stay.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from placement.brokerage.assigning import write_note
from placement.domain.errors import Invalid, NotAllowed, OutOfStep
from placement.domain.people import Actor, Role
from placement.domain.states import LIVE
from placement.records.events import record
from placement.records.placements import Placement
from placement.records.tasks import ask_for, settle_task
from placement.records.users import User


def managers(session: Session) -> Sequence[User]:
    """Return everybody of brokerage who may sign off, by name."""
    rows = select(User).where(User.role == Role.BROKER, User.is_active, User.is_manager)
    return session.scalars(rows.order_by(User.name, User.id)).all()


def sign_off(session: Session, placement: Placement, *, by: Actor, now: datetime) -> None:
    """A manager agrees to a place outside the city. Raises NotAllowed without the right, OutOfStep if it is done."""
    _require_waiting(session, placement, by)
    placement.signed_off_at, placement.manager_id, placement.approved_by = now, by.user_id, by.name
    record(session, "stay_signed_off", placement, by=by, now=now)
    settle_task(session, "sign_off", placement, by=by, now=now)


def send_back(session: Session, placement: Placement, words: str, *, by: Actor, now: datetime) -> None:
    """A manager does not agree: the reason stands as a note, and brokerage decides again."""
    if not words.strip():
        raise Invalid("Enter why you do not sign this off.", field="words")
    _require_waiting(session, placement, by)
    write_note(session, placement.referral, words, by=by, now=now)
    record(session, "stay_sent_back", placement, by=by, now=now)
    settle_task(session, "sign_off", placement, by=by, now=now)
    to = placement.referral.assigned_to_id or placement.created_by_id
    ask_for(session, "sent_back", placement, due_at=now, by=by, now=now, assigned_to_id=to)


def host_notified(session: Session, placement: Placement, *, by: Actor, now: datetime) -> None:
    """The council in whose area the place lies has been told. Raises OutOfStep if it was told before."""
    session.refresh(placement, with_for_update=True)
    if placement.is_in_city or placement.host_notified_at is not None:
        raise OutOfStep("The host council has been told already, or needs not be.")
    placement.host_notified_at = now
    record(session, "host_notified", placement, by=by, now=now)
    settle_task(session, "notify_host", placement, by=by, now=now)


def _require_waiting(session: Session, placement: Placement, by: Actor) -> None:
    session.refresh(placement, with_for_update=True)
    if placement.is_in_city or placement.signed_off_at is not None or placement.state not in LIVE:
        raise OutOfStep("This place has been signed off already, or nobody needs to any more.")
    may = session.get(User, by.user_id) if by.user_id else None
    if may is None or not (may.is_manager and may.is_active):
        raise NotAllowed("Only a manager with the right to may sign this off. An administrator says who has it.")
