"""A referral that goes back to who sent it: what is missing, by question, and sending it again."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from placement.brokerage.assigning import write_note
from placement.brokerage.choices import stand_by_choice
from placement.brokerage.deadlines import set_clocks
from placement.brokerage.locks import lock_referral
from placement.brokerage.referrals import leave_search, require_complete
from placement.domain.errors import Invalid
from placement.domain.people import Actor, Role
from placement.domain.sections import QUESTION, ReferralQuestion
from placement.records.events import AuditLine
from placement.records.lifecycles import move, require
from placement.records.notes import CaseNote
from placement.records.referrals import Referral
from placement.records.tasks import ask_for, settle_task
from placement.records.users import User

SENT = ("referral_submitted", "referral_resubmitted")


@dataclass(frozen=True, slots=True, kw_only=True)
class SentBack:
    """What a referral was sent back for: the questions in their order, the note, by whom and when."""

    questions: tuple[ReferralQuestion, ...]
    note: str
    by: str
    at: datetime


def return_referral(
    session: Session, referral: Referral, questions: Collection[str], words: str, *, by: Actor, now: datetime
) -> None:
    """Send a referral back to who sent it. Raises Invalid, naming the field, without a question.

    Nobody is asked about a place until it comes again, and its clocks stand still.
    """
    asked = [slug for slug in QUESTION if slug in questions]
    if not asked:
        raise Invalid("Choose what is missing.", field="questions")
    lock_referral(session, referral)
    require(referral, "return", by=by)
    note = write_note(session, referral, words, by=by, now=now) if words.strip() else None
    leave_search(session, referral, by=by, now=now)
    move(session, referral, "return", by=by, now=now, questions=asked, note=note.id if note else None)
    to = _sender(session, referral)
    ask_for(session, "complete_missing", referral, due_at=now, by=by, now=now, assigned_to_id=to)


def resubmit_referral(session: Session, referral: Referral, *, by: Actor, now: datetime) -> None:
    """Send a completed referral again: the search goes on and the clocks with it. Raises OutOfStep if it cannot be."""
    lock_referral(session, referral)
    require(referral, "resubmit", by=by)
    require_complete(referral, now=now)
    move(session, referral, "resubmit", by=by, now=now)
    settle_task(session, "complete_missing", referral, by=by, now=now)
    stand_by_choice(session, referral, by=by, now=now)
    set_clocks(session, referral)


def sent_back(session: Session, referral: Referral) -> SentBack | None:
    """Return what a referral was last sent back for, None where it never was."""
    line = _newest(session, referral, ("referral_returned",))
    if line is None:
        return None
    asked = tuple(QUESTION[slug] for slug in line.details["questions"] if slug in QUESTION)
    note = session.get(CaseNote, line.details["note"]) if line.details.get("note") else None
    return SentBack(questions=asked, note=note.words if note else "", by=line.actor_name, at=line.happened_at)


def _sender(session: Session, referral: Referral) -> int | None:
    """Return who sent a referral last, if they still work in brokerage; else whose it is."""
    line = _newest(session, referral, SENT)
    sender = session.get(User, line.actor_id) if line and line.actor_id else None
    if sender is not None and sender.role is Role.BROKER and sender.is_active:
        return sender.id
    return referral.assigned_to_id


def _newest(session: Session, referral: Referral, events: Collection[str]) -> AuditLine | None:
    rows = select(AuditLine).where(
        AuditLine.subject == Referral.__tablename__, AuditLine.subject_id == referral.id, AuditLine.event.in_(events)
    )
    return session.scalars(rows.order_by(AuditLine.id.desc()).limit(1)).first()
