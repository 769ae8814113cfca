"""What somebody had typed when their sign-in ended: kept for an hour, for the same person, the newest form each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from placement.domain.people import Actor
from placement.records.base import Base
from placement.records.councils import OfCouncil
from placement.records.users import User

KEPT = timedelta(hours=1)
MOST_CHARACTERS = 200_000
Fields = Sequence[tuple[str, str]]


class KeptForm(OfCouncil, Base):
    """The form that a user sent after their sign-in had ended; nothing in it was done."""

    __tablename__ = "kept_form"
    __table_args__ = {}

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), primary_key=True)
    path: Mapped[str] = mapped_column(String(500))
    fields: Mapped[list[Any]] = mapped_column(JSON)
    had_file: Mapped[bool]
    kept_at: Mapped[datetime] = mapped_column(index=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedBefore:
    """A form as it was typed: where it goes, its fields, and whether a file was sent with it, which is not kept."""

    path: str
    fields: Fields
    had_file: bool = False


def keep_form(session: Session, user_id: int, typed: TypedBefore, *, now: datetime) -> bool:
    """Keep what a user typed instead of what was kept before; return whether it is kept.

    Nobody's, a deactivated user's, and what is too long for any form of ours is not.
    """
    user = session.get(User, user_id)
    size = sum(len(name) + len(value) for name, value in typed.fields)
    if user is None or not user.is_active or size > MOST_CHARACTERS:
        return False
    row = session.get(KeptForm, user_id, with_for_update=True) or KeptForm(user_id=user_id, council=user.council)
    row.path, row.fields, row.had_file, row.kept_at = typed.path, [list(e) for e in typed.fields], typed.had_file, now
    session.add(row)
    return True


def kept_form(session: Session, *, actor: Actor, now: datetime) -> TypedBefore | None:
    """Return what the actor had typed in the last hour and has not been given back."""
    own = select(KeptForm).where(KeptForm.user_id == actor.user_id, KeptForm.kept_at > now - KEPT)
    row = session.scalar(own)
    if row is None:
        return None
    return TypedBefore(path=row.path, fields=[(name, value) for name, value in row.fields], had_file=row.had_file)


def give_back(session: Session, *, actor: Actor) -> None:
    """Forget what the actor had typed: the browser has it again, or it is not wanted."""
    session.execute(delete(KeptForm).where(KeptForm.user_id == actor.user_id))


def forget_kept_forms(session: Session, *, now: datetime) -> None:
    """Forget everything that was kept for longer than its hour."""
    session.execute(delete(KeptForm).where(KeptForm.kept_at <= now - KEPT))
