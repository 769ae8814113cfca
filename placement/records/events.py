"""The audit trail: who did what to which record, when. The database refuses to change or delete a line.

What can happen stands in `domain/events.py`; this module writes it and tells it again.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, inspect, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from placement.domain.events import refusal, sentence_of, slugs_seen_by
from placement.domain.people import Actor
from placement.records.base import Base
from placement.records.councils import OfCouncil, scope_of
from placement.records.telling import tell


class AuditLine(OfCouncil, Base):
    """One thing that happened: `event` is the slug of its kind, `details` hold codes and numbers."""

    __tablename__ = "audit_line"
    __table_args__ = (Index("ix_audit_line_subject", "subject", "subject_id"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    happened_at: Mapped[datetime] = mapped_column(index=True)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    actor_name: Mapped[str] = mapped_column(String(120))
    event: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int]
    details: Mapped[dict[str, Any]]

    @property
    def sentence(self) -> str:
        """What happened, in words."""
        return sentence_of(self.event)


def record(session: Session, event: str, subject: Base, *, by: Actor, now: datetime, **details: Any) -> AuditLine:
    """Write a line about a row, and to whom it is told; the row gets its id first if it is new.

    Raises ValueError for an event, a subject or a detail that is not in EVENTS, and for a detail that is no code.
    """
    if wrong := refusal(event, subject.__tablename__, details):
        raise ValueError(wrong)
    if subject.id is None:  # type: ignore[attr-defined]  # every audited table has an id
        session.flush()
    line = AuditLine(
        happened_at=now,
        actor_id=by.user_id,
        actor_name=by.name,
        event=event,
        subject=subject.__tablename__,
        subject_id=subject.id,  # type: ignore[attr-defined]  # every audited table has an id
        details=details,
        council=getattr(subject, "council", None) or scope_of(session) or by.council,
    )
    session.add(line)
    tell(session, event, subject, by=by, now=now)
    return line


def changes(row: Base, *, told: Collection[str]) -> dict[str, Any]:
    """Return what has been changed in a row and not yet been flushed, as a detail of its event: [before, after] each.

    `told` are the columns whose values are codes and numbers about no person; of every other it is only told that it
    changed.
    """
    found: dict[str, Any] = {}
    for column in inspect(row).mapper.column_attrs:
        history = inspect(row).attrs[column.key].history
        if history.added and list(history.added) != list(history.deleted):
            before = history.deleted[0] if history.deleted else None
            values = [_as_code(before), _as_code(history.added[0])]
            found[column.key] = values if column.key in told else CHANGED
    return found


CHANGED = "changed"


def _as_code(value: Any) -> Any:
    if isinstance(value, date | datetime):
        return value.isoformat()
    return value.split() if isinstance(value, str) else value


def newest_line(
    session: Session, kinds: Collection[str], *, subject: Base | None = None, **details: Any
) -> AuditLine | None:
    """Return the newest line of some kinds that has these details; about one record, or of the whole council."""
    lines = select(AuditLine).where(AuditLine.event.in_(kinds))
    if subject is not None:
        number = subject.id  # type: ignore[attr-defined]  # every audited table has an id
        lines = lines.where(AuditLine.subject == subject.__tablename__, AuditLine.subject_id == number)
    found = session.scalars(lines.order_by(AuditLine.id.desc()))
    return next((line for line in found if details.items() <= line.details.items()), None)


def timeline(session: Session, subject: Base, *, actor: Actor) -> Sequence[AuditLine]:
    """Return what happened to one record, newest first, as far as the actor may see it."""
    lines = select(AuditLine).where(
        AuditLine.subject == subject.__tablename__,
        AuditLine.subject_id == subject.id,  # type: ignore[attr-defined]  # every audited table has an id
        AuditLine.event.in_(slugs_seen_by(actor.role)),
    )
    return session.scalars(lines.order_by(AuditLine.happened_at.desc(), AuditLine.id.desc())).all()
