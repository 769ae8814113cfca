"""Tasks: what somebody has to do by a time about a record, given to a person or to nobody yet.

Any room asks for one in the unit in which the need for it arises, and ends it in the unit in which it is met.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from placement.domain.clocks import today
from placement.domain.people import SYSTEM, Actor
from placement.domain.states import TaskState
from placement.domain.tasks import SUBJECTS, TASK
from placement.records.base import Base
from placement.records.councils import OfCouncil
from placement.records.events import record
from placement.records.lifecycles import move
from placement.records.users import User

_ONCE = text("state = 'open' AND kind <> 'follow_up'")


class Task(OfCouncil, Base):
    """Something to do. `seen_at` is when somebody of brokerage first opened it; an alert nobody saw stands out."""

    __tablename__ = "task"
    __table_args__ = (
        CheckConstraint("(state = 'open') = (ended_at IS NULL)", name="ended"),
        Index("uq_task_once", "kind", "subject", "subject_id", unique=True, sqlite_where=_ONCE, postgresql_where=_ONCE),
        Index("ix_task_due", "council", "state", "due_at"),
        Index("ix_task_subject", "subject", "subject_id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int]
    state: Mapped[TaskState] = mapped_column(default=TaskState.OPEN)
    words: Mapped[str] = mapped_column(String(200), default="")
    due_at: Mapped[datetime]
    assigned_to_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    made_at: Mapped[datetime]
    made_by: Mapped[str] = mapped_column(String(120))
    seen_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str] = mapped_column(String(120), default="")
    reason: Mapped[str | None] = mapped_column(String(40))

    assigned_to: Mapped[User | None] = relationship()


def ask_for(
    session: Session,
    kind: str,
    about: Base,
    *,
    due_at: datetime,
    by: Actor,
    now: datetime,
    words: str = "",
    assigned_to_id: int | None = None,
) -> Task:
    """Note something to do about a record; what it has once at a time, and has, is brought forward and not doubled.

    Raises KeyError for a kind that is not in TASKS, ValueError for a record that this kind is not about. The caller
    holds the record's lock, where two could ask at once.
    """
    subject = about.__tablename__
    if subject not in SUBJECTS or TASK[kind].subject not in ("", subject):
        raise ValueError(f"a {subject} has no task {kind}")
    session.flush()
    subject_id: int = about.id  # type: ignore[attr-defined]  # every table of SUBJECTS has an id
    if TASK[kind].is_once and (known := open_task(session, kind, subject, subject_id)):
        known.due_at = min(known.due_at, due_at)
        return known
    task = Task(
        state=TaskState.OPEN,
        kind=kind,
        subject=subject,
        subject_id=subject_id,
        words=words,
        due_at=due_at,
        assigned_to_id=assigned_to_id,
        made_at=now,
        made_by=by.name,
        council=getattr(about, "council", None),
    )
    session.add(task)
    due = today(due_at).isoformat()
    record(session, "task_made", task, by=by, now=now, kind=kind, about=subject, about_id=subject_id, due=due)
    return task


def settle_task(session: Session, kind: str, about: Base, *, by: Actor, now: datetime) -> None:
    """End the open task of a kind about a record, if there is one: what it asked for has happened, whoever did it."""
    settle_tasks(session, (kind,), about, by=by, now=now)


def settle_tasks(session: Session, kinds: Collection[str], about: Base, *, by: Actor, now: datetime) -> None:
    """End the open tasks of these kinds about a record, of which it has each once at a time; one question."""
    for task in _open_of(session, kinds, about):
        end_task(session, task, "do", by=SYSTEM, now=now)  # a provider's answer ends a task that it never sees
        task.ended_by = by.name


def drop_task(session: Session, kind: str, about: Base, *, by: Actor, now: datetime) -> None:
    """End the open task of a kind about a record, if there is one: nobody needs to do it any more."""
    drop_tasks(session, (kind,), about, by=by, now=now)


def drop_tasks(session: Session, kinds: Collection[str], about: Base, *, by: Actor, now: datetime) -> None:
    """End the open tasks of these kinds about a record: nobody needs to do them any more; one question."""
    for task in _open_of(session, kinds, about):
        end_task(session, task, "dismiss", by=SYSTEM, now=now, reason="not_needed")
        task.ended_by = by.name


def end_task(session: Session, task: Task, verb: str, *, by: Actor, now: datetime, reason: str | None = None) -> None:
    """Do or dismiss a task. Raises OutOfStep if somebody was quicker."""
    told = {"reason": reason} if reason else {}
    move(session, task, verb, by=by, now=now, **told)
    task.ended_at, task.ended_by, task.reason = now, by.name, reason
    task.seen_at = task.seen_at or now


def _open_of(session: Session, kinds: Collection[str], about: Base) -> Sequence[Task]:
    """Return the open tasks of some kinds about a record, their rows locked in the order of their numbers."""
    about_it = (Task.subject == about.__tablename__, Task.subject_id == about.id)  # type: ignore[attr-defined]
    rows = select(Task).where(*about_it, Task.kind.in_(kinds), Task.state == TaskState.OPEN)
    return session.scalars(rows.order_by(Task.id).with_for_update()).all()


def open_task(session: Session, kind: str, subject: str, subject_id: int) -> Task | None:
    """Return the open task of a kind about a record, its row locked: somebody may be saying that it is done."""
    rows = select(Task).where(Task.kind == kind, Task.subject == subject, Task.subject_id == subject_id)
    return session.scalars(rows.where(Task.state == TaskState.OPEN).with_for_update()).first()
