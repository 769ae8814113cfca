"""The audit trail: who did what to which record, when. The database refuses to change or delete a line."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from placement.domain.people import Actor
from placement.records.base import Base


class AuditLine(Base):
    """One thing that happened. `details` holds codes and numbers, never names or free text about a person."""

    __tablename__ = "audit_line"
    __table_args__ = (Index("ix_audit_line_subject", "subject", "subject_id"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    happened_at: Mapped[datetime] = mapped_column(index=True)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    actor_name: Mapped[str] = mapped_column(String(120))
    action: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int]
    details: Mapped[dict[str, Any]]


def record(session: Session, action: str, subject: Base, *, by: Actor, now: datetime, **details: Any) -> AuditLine:
    """Write a line about a row; the row gets its id first if it is new."""
    if subject.id is None:  # type: ignore[attr-defined]  # every audited table has an id
        session.flush()
    line = AuditLine(
        happened_at=now,
        actor_id=by.user_id,
        actor_name=by.name,
        action=action,
        subject=subject.__tablename__,
        subject_id=subject.id,  # type: ignore[attr-defined]  # every audited table has an id
        details=details,
    )
    session.add(line)
    return line


def timeline(session: Session, subject: str, subject_id: int) -> Sequence[AuditLine]:
    """Return what happened to one record, newest first."""
    lines = select(AuditLine).where(AuditLine.subject == subject, AuditLine.subject_id == subject_id)
    return session.scalars(lines.order_by(AuditLine.happened_at.desc(), AuditLine.id.desc())).all()
