"""Forms that have been sent, each with the answer that it was given: the same form sent again is answered, not done.

The row is written in the unit that does what the form asks, so a form that was refused leaves none, and of two that
are sent at once the database lets one through.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, delete, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from placement.domain.errors import SentAlready
from placement.records.base import Base

KEPT = timedelta(days=1)  # longer than any sign-in lasts


class SentForm(Base):
    """One form that was done, by whom, and what its sender was answered; without a status the answer is on its way."""

    __tablename__ = "sent_form"
    __table_args__ = {}

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), primary_key=True)
    nonce: Mapped[str] = mapped_column(String(64), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64))
    sent_at: Mapped[datetime] = mapped_column(index=True)
    status: Mapped[int | None]
    location: Mapped[str | None] = mapped_column(String(500))
    notices: Mapped[list[Any] | None] = mapped_column(JSON)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """A form as it comes in: who sends it, its own number, and a keyed hash of where it goes and what it says."""

    user_id: int
    nonce: str
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DoneForm:
    """What came of a form. `is_same`: it said the same; without a status the answer is on its way, or was lost."""

    is_same: bool
    status: int | None
    location: str | None
    notices: Sequence[Any]


def claim(session: Session, form: Sending, *, now: datetime) -> None:
    """Say that this unit does what a form asks. Raises SentAlready if it is done, or has just been."""
    insert = (postgresql if session.get_bind().dialect.name == "postgresql" else sqlite).insert
    row = insert(SentForm).values(user_id=form.user_id, nonce=form.nonce, digest=form.digest, sent_at=now)
    # On PostgreSQL this waits for another unit that has claimed the number and not ended yet.
    if session.scalar(row.on_conflict_do_nothing().returning(SentForm.nonce)) is None:
        raise SentAlready("This has been done already.")


def done_before(session: Session, form: Sending) -> DoneForm | None:
    """Return what came of the form that was done under the same number by the same person."""
    row = session.get(SentForm, (form.user_id, form.nonce))
    if row is None:
        return None
    return DoneForm(
        is_same=row.digest == form.digest, status=row.status, location=row.location, notices=row.notices or ()
    )


def keep_answer(session: Session, form: Sending, *, status: int, location: str, notices: list[Any]) -> None:
    """Keep what the sender of a form is answered, and the notices that the next page shows."""
    this = SentForm.user_id == form.user_id, SentForm.nonce == form.nonce
    session.execute(update(SentForm).where(*this).values(status=status, location=location, notices=notices))


def forget_sent(session: Session, *, now: datetime) -> None:
    """Forget the forms that nobody can send again."""
    session.execute(delete(SentForm).where(SentForm.sent_at < now - KEPT))
