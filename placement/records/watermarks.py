"""How far a job that looks at what has happened has looked: one row a job."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, Session, mapped_column

from placement.records.base import Base


class Watermark(Base):
    """The instant up to which a job knows the trail."""

    __tablename__ = "watermark"
    __table_args__ = {}

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    reached_at: Mapped[datetime]


def reached(session: Session, name: str) -> datetime | None:
    """Return up to when a job has looked; None where it never has."""
    mark = session.get(Watermark, name)
    return mark.reached_at if mark else None


def advance(session: Session, name: str, *, to: datetime) -> None:
    """Say up to when a job has looked. A mark never goes back."""
    mark = session.get(Watermark, name, with_for_update=True)
    if mark is None:
        session.add(Watermark(name=name, reached_at=to))
    else:
        mark.reached_at = max(mark.reached_at, to)
