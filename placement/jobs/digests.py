"""Each person's one e-mail of the day: written from the hour that they chose, never in the quiet hours, never twice."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from placement.brokerage.due_today import tasks_due_today
from placement.domain.clocks import LONDON, today
from placement.domain.digests import DIGEST
from placement.domain.people import Role
from placement.domain.text import amount
from placement.jobs.claimed import Clock
from placement.market.freshness import stale
from placement.market.reminders import remind
from placement.records.accounts import councils_at_work
from placement.records.digests import last_written, quiet_hours, take_day, wishes, written_on
from placement.records.messages import send_later
from placement.records.sessions import Store, retried
from placement.records.users import User


def write_digests(store: Store, *, clock: Clock) -> int:
    """Write to everybody whose hour has come and who has something to be told of; return to how many."""
    written = 0
    with store.reading() as session:
        councils = councils_at_work(session)
    for council in councils:
        with store.reading(council) as session:
            waiting = _waiting(session, clock())
        for user_id in waiting:
            written += retried(store, partial(_write, user_id=user_id, now=clock()), council=council)
    return written


def _waiting(session: Session, now: datetime) -> list[int]:
    """Return who of the council's people may be written to now and has something to be told of."""
    quiet = quiet_hours(session)
    if quiet.are_now(now):
        return []
    rows = session.scalars(select(User).where(User.is_active, User.role.in_(DIGEST)).order_by(User.id)).all()
    wanted = wishes(session, {user.id: user.role for user in rows})
    had = written_on(session, wanted, today(now))
    hour = now.astimezone(LONDON).hour
    free = [
        user
        for user in rows
        if user.id not in had and wanted[user.id].is_on and quiet.allowed(wanted[user.id].hour) <= hour
    ]
    known = stale(session, now=now) if free else []
    to_remind = {row.service.provider_id for row in known if row.is_to_remind}
    is_any_silent = any(row.silent_since for row in known)
    return [
        user.id
        for user in free
        if user.role is Role.BROKER or (user.provider_id in to_remind if user.provider_id else is_any_silent)
    ]


def _write(session: Session, user_id: int, now: datetime) -> bool:
    user = session.get_one(User, user_id)
    return WRITERS[user.role](session, user, now)


def _to_provider(session: Session, user: User, now: datetime) -> bool:
    return remind(session, user, stale(session, now=now, provider_ids=[user.provider_id or 0]), now=now)


def _to_commissioner(session: Session, user: User, now: datetime) -> bool:
    """Tell of the services that have stopped answering since the last such e-mail."""
    before = last_written(session, user.id)
    known = stale(session, now=now)
    since = [row for row in known if row.silent_since and (before is None or row.silent_since > before)]
    return _send(session, user, amount(len(since), "service"), "/commissioner/freshness", now) if since else False


def _to_broker(session: Session, user: User, now: datetime) -> bool:
    due = tasks_due_today(session, actor=user.actor(), now=now)
    return _send(session, user, amount(due, "task"), "/broker/tasks", now) if due else False


def _send(session: Session, user: User, reference: str, path: str, now: datetime) -> bool:
    if not take_day(session, user.id, now=now):
        return False
    kind = DIGEST[user.role].message
    send_later(session, kind, to=user.email, reference=reference, path=path, now=now, council=user.council)
    return True


WRITERS: Mapping[Role, Callable[[Session, User, datetime], bool]] = {
    Role.PROVIDER: _to_provider,
    Role.COMMISSIONER: _to_commissioner,
    Role.BROKER: _to_broker,
}
