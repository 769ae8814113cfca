"""Who has stopped answering reminders: a task for commissioning, until numbers are reported or somebody has rung."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from placement.domain.clocks import after_working_time
from placement.domain.people import SYSTEM
from placement.domain.states import TaskState
from placement.market.freshness import ServiceFreshness, stale
from placement.records.councils import scope_of
from placement.records.providers import Service
from placement.records.tasks import Task, ask_for, settle_task

KIND = "ring_silent"
TIME_TO_RING = timedelta(hours=8)  # of working time: by the same hour of the next working day


def keep_silence_tasks(session: Session, *, now: datetime) -> int:
    """Ask commissioning to ring each service that has just stopped answering, and end what has been answered since.

    Only the council that keeps a provider is asked, and once for each silence: whoever has rung is not asked again
    before four more reminders stay without an answer. Return how many were asked for.
    """
    silent = {row.service.id: row for row in stale(session, now=now) if _is_ours(session, row)}
    asked = _last_asked(session)
    for service_id in sorted(_open(session) - silent.keys()):
        settle_task(session, KIND, session.get_one(Service, service_id), by=SYSTEM, now=now)
    fresh = [row for row in silent.values() if not _was_asked(row, asked)]
    for row in sorted(fresh, key=lambda each: each.service.id):
        due_at = after_working_time(now, TIME_TO_RING)
        ask_for(session, KIND, row.service, due_at=due_at, by=SYSTEM, now=now)
    return len(fresh)


def _is_ours(session: Session, row: ServiceFreshness) -> bool:
    return row.silent_since is not None and row.service.provider.keeper == scope_of(session)


def _was_asked(row: ServiceFreshness, asked: Mapping[int, datetime]) -> bool:
    before = asked.get(row.service.id)
    return before is not None and row.silent_since is not None and before >= row.silent_since


def _last_asked(session: Session) -> dict[int, datetime]:
    rows = select(Task.subject_id, func.max(Task.made_at)).where(Task.kind == KIND).group_by(Task.subject_id)
    return {number: made_at for number, made_at in session.execute(rows)}  # noqa: C416  # a row is no pair to mypy


def _open(session: Session) -> set[int]:
    return set(session.scalars(select(Task.subject_id).where(Task.kind == KIND, Task.state == TaskState.OPEN)))
