"""How much is due today for somebody of brokerage: a count, for an e-mail that says nothing else."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from placement.brokerage.tasks import visible_tasks
from placement.domain.clocks import LONDON, today
from placement.domain.people import Actor
from placement.domain.states import TaskState
from placement.records.tasks import Task


def tasks_due_today(session: Session, *, actor: Actor, now: datetime) -> int:
    """Return how many open tasks are due today or overdue: the actor's own, and those that nobody has taken."""
    midnight = datetime.combine(today(now) + timedelta(days=1), time(), tzinfo=LONDON)
    theirs = or_(Task.assigned_to_id == actor.user_id, Task.assigned_to_id.is_(None))
    rows = visible_tasks(actor).where(Task.state == TaskState.OPEN, Task.due_at < midnight, theirs)
    return session.scalar(select(func.count()).select_from(rows.subquery())) or 0
