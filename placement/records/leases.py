"""Long work that one worker at a time has: taken with a lease and a fencing token, free again when the lease is over.

Work is claimed by UPDATE … RETURNING: a worker that died loses it, and one that was only slow cannot write over its
successor. Every kind of such work is a table with these columns and a lifecycle with these moves.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

from sqlalchemy import JSON, ColumnElement, String, Text, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from placement.domain.errors import OutOfStep
from placement.domain.lifecycles import Lifecycle
from placement.domain.people import SYSTEM, Actor
from placement.domain.states import State
from placement.records.events import record
from placement.records.lifecycles import move

LEASE = timedelta(seconds=30)
MOST_ATTEMPTS = 3


class Leased:
    """The columns of work that a worker takes.

    `lease_until`, `heartbeat_at` and `token` let a second worker take over from one that died; `attempts` stops it.
    """

    id: Mapped[int]
    state: Mapped[Any]
    council: Mapped[str]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    cancel_requested: Mapped[bool] = mapped_column(default=False)
    attempts: Mapped[int] = mapped_column(default=0)
    token: Mapped[str | None] = mapped_column(String(32))
    lease_until: Mapped[datetime | None]
    heartbeat_at: Mapped[datetime | None]
    progress: Mapped[list[Any]] = mapped_column(JSON, default=list)
    failure: Mapped[str] = mapped_column(Text, default="")


L = TypeVar("L", bound=Any)


@dataclass(frozen=True, slots=True, kw_only=True)
class Leases(Generic[L]):
    """The work of one table. Its lifecycle has the moves claim, cancel, stop, finish and fail; `name` is what it is.

    `doing` ends the sentence that tells of a worker which stopped while it was at work.
    """

    table: type[L]
    lifecycle: Lifecycle
    name: str
    doing: str

    @property
    def _queued(self) -> State:
        (queued,) = self.lifecycle.moves["claim"].before - {self._working}
        return queued

    @property
    def _working(self) -> State:
        return self.lifecycle.moves["claim"].after

    def _is_free(self, now: datetime) -> ColumnElement[bool]:
        """Return the condition of work that waits, or whose worker has fallen silent."""
        state = self.table.state
        return or_(state == self._queued, (state == self._working) & (self.table.lease_until < now))

    def claim(self, session: Session, row_id: int, *, now: datetime) -> str | None:
        """Take work that waits or was left, and return its fencing token; None if somebody has it or it has ended."""
        token, claim = secrets.token_hex(16), self.lifecycle.moves["claim"]
        claimed = session.execute(
            update(self.table)
            .where(self.table.id == row_id, self._is_free(now))
            .values(
                state=claim.after,
                token=token,
                started_at=now,
                heartbeat_at=now,
                lease_until=now + LEASE,
                attempts=self.table.attempts + 1,
                progress=[],
            )
            .returning(self.table.attempts)
        ).scalar_one_or_none()
        if claimed is None:
            return None
        row = self.claimed(session, row_id, token)
        if claimed > MOST_ATTEMPTS:
            row.attempts = MOST_ATTEMPTS
            why = f"The worker stopped {MOST_ATTEMPTS} times while it was {self.doing}."
            self.fail(session, row_id, token, why, now=now)
            return None
        record(session, claim.event, row, by=SYSTEM, now=now, attempt=claimed)
        return token

    def claimed(self, session: Session, row_id: int, token: str) -> L:
        """Return the work of a token, locked. Raises OutOfStep where another worker has it by now, or it has ended."""
        row: L | None = self._of(session, row_id, token)
        if row is None:
            raise OutOfStep(f"Another worker has taken this {self.name} over, or it was cancelled.")
        return row

    def beat(self, session: Session, row_id: int, token: str, progress: Sequence[Any], *, now: datetime) -> bool:
        """Say that a worker is alive and how far it is; return whether it should go on."""
        row = self._of(session, row_id, token)
        if row is None:
            return False
        row.heartbeat_at, row.lease_until, row.progress = now, now + LEASE, list(progress)
        return not row.cancel_requested

    def fail(self, session: Session, row_id: int, token: str, reason: str, *, now: datetime) -> None:
        """End work that could not be done."""
        row = self.claimed(session, row_id, token)
        row.failure, row.finished_at = reason[:2000], now
        move(session, row, "fail", by=SYSTEM, now=now)

    def stop(self, session: Session, row_id: int, token: str, *, now: datetime) -> None:
        """End work that was cancelled while it was done."""
        row = self.claimed(session, row_id, token)
        row.finished_at = now
        move(session, row, "stop", by=SYSTEM, now=now)

    def cancel(self, session: Session, row: L, *, by: Actor, now: datetime) -> None:
        """Ask a worker to stop, or end what no worker has begun. Raises OutOfStep if it has ended."""
        session.flush()
        session.refresh(row, ["state"], with_for_update=True)  # a worker may have taken it or ended it a moment ago
        if row.state is self._working:  # the worker stops it
            record(session, self.lifecycle.moves["cancel"].event, row, by=by, now=now)
        else:
            move(session, row, "cancel", by=by, now=now)
            row.finished_at = now
        row.cancel_requested = True

    def waiting(self, session: Session, *, now: datetime) -> Sequence[int]:
        """Return the ids of work that waits, or whose worker has fallen silent."""
        return session.scalars(select(self.table.id).where(self._is_free(now)).order_by(self.table.id)).all()

    def _of(self, session: Session, row_id: int, token: str) -> L | None:
        row: L | None = session.get(self.table, row_id, with_for_update=True)
        return row if row is not None and row.token == token and row.state is self._working else None
