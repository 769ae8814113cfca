"""A referral that a manager is asked to look at. It is searched for all the same: this stands beside its state."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from placement.brokerage.assigning import write_note
from placement.brokerage.locks import lock_referral
from placement.domain.errors import Invalid, OutOfStep
from placement.domain.people import Actor, Role
from placement.domain.reasons import ESCALATION
from placement.domain.states import OPEN, TaskState
from placement.records.events import record
from placement.records.referrals import Referral
from placement.records.tasks import Task, ask_for, drop_task
from placement.records.users import User

KIND = "escalated"
MARKS = {KIND: "Escalated", "complete_referral": "Not complete"}
"""The open tasks that mark a referral wherever it stands in a list, and the word for each."""


def escalate(
    session: Session, referral: Referral, to: User | None, *, reason: str, words: str = "", by: Actor, now: datetime
) -> Task:
    """Ask a manager to look at a referral: a task for them, at once. One who was asked before is not asked any more.

    Raises Invalid, naming the field, for somebody who is no manager of brokerage or an unknown reason, and OutOfStep
    for a referral that is not searched for.
    """
    if to is None or to.role is not Role.BROKER or not to.is_active or not to.is_manager:
        raise Invalid("Choose the manager.", field="to")
    if reason not in ESCALATION:
        raise Invalid("Choose why a manager is to look at it.", field="reason")
    lock_referral(session, referral)
    if referral.state not in OPEN:
        raise OutOfStep(f"{referral.reference} is {referral.state.label.lower()} now: nobody searches for a place.")
    drop_task(session, KIND, referral, by=by, now=now)
    if words.strip():
        write_note(session, referral, words, by=by, now=now)
    record(session, "referral_escalated", referral, by=by, now=now, to=to.id, reason=reason)
    label = f"Escalated: {ESCALATION[reason].label[0].lower()}{ESCALATION[reason].label[1:]}"
    return ask_for(session, KIND, referral, due_at=now, by=by, now=now, words=label, assigned_to_id=to.id)


def escalations(session: Session, referral_ids: Collection[int]) -> dict[int, Task]:
    """Return the open task of each of some referrals that a manager is looking at; one question."""
    rows = select(Task).where(
        Task.kind == KIND,
        Task.subject == Referral.__tablename__,
        Task.subject_id.in_(referral_ids),
        Task.state == TaskState.OPEN,
    )
    return {task.subject_id: task for task in session.scalars(rows.options(joinedload(Task.assigned_to)))}


def marked(session: Session, referral_ids: Collection[int]) -> dict[int, set[str]]:
    """Return the kinds of MARKS that each of some referrals has an open task of; one question."""
    rows = select(Task.subject_id, Task.kind).where(
        Task.kind.in_(MARKS),
        Task.subject == Referral.__tablename__,
        Task.subject_id.in_(referral_ids),
        Task.state == TaskState.OPEN,
    )
    found: dict[int, set[str]] = {}
    for number, kind in session.execute(rows):
        found.setdefault(number, set()).add(kind)
    return found
