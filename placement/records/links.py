"""Links by e-mail that do one thing without an account: for one user, for a time, once. Only their hash is kept.

Whoever looks at mail before its reader only looks: a link is used up by its button. A newer link about the same thing
takes the place of the one before.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, UniqueConstraint, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from placement.domain.errors import NotFound
from placement.records.base import Base
from placement.records.councils import EVERY_COUNCIL
from placement.records.users import User


class Purpose(StrEnum):
    """What a link is for; its subject is the id of such a record."""

    OFFER = "offer"
    VACANCIES = "vacancies"  # of a provider
    SIGN_IN = "sign_in"


class MailLink(Base):
    """The newest link of one user about one thing. `used_at` is when its button was pressed."""

    __tablename__ = "mail_link"
    __table_args__ = (
        UniqueConstraint("purpose", "subject_id", "user_id", name="uq_mail_link_purpose"),
        UniqueConstraint("hash", name="uq_mail_link_hash"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    purpose: Mapped[Purpose] = mapped_column(String(20))
    subject_id: Mapped[int]
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    hash: Mapped[str] = mapped_column(String(64))
    until: Mapped[datetime]
    used_at: Mapped[datetime | None]

    user: Mapped[User] = relationship()


def new_link(session: Session, purpose: Purpose, subject_id: int, user_id: int, *, until: datetime) -> str:
    """Return a secret that opens something once; what this user had before about it opens nothing any more."""
    secret = secrets.token_urlsafe(32)
    known = select(MailLink).where(
        MailLink.purpose == purpose, MailLink.subject_id == subject_id, MailLink.user_id == user_id
    )
    row = session.scalars(known).one_or_none() or MailLink(purpose=purpose, subject_id=subject_id, user_id=user_id)
    row.hash, row.until, row.used_at = hash_of(secret), until, None
    session.add(row)
    session.flush()
    return secret


def link_of(session: Session, purpose: Purpose, secret: str, *, now: datetime, lock: bool = False) -> MailLink:
    """Return the link that a secret stands for.

    Raises NotFound for one that is used, over or never was, or whose user has left.
    """
    rows = select(MailLink).where(MailLink.hash == hash_of(secret), MailLink.purpose == purpose)
    rows = rows.with_for_update() if lock else rows
    found = session.scalars(rows.execution_options(populate_existing=True)).one_or_none()
    if found is None or found.used_at is not None or found.until <= now:
        raise NotFound("This link has been used already, or its time is over.")
    user_of_link(session, found.user_id, only_signs_in=purpose is Purpose.SIGN_IN)
    return found


def known_link(session: Session, purpose: Purpose, secret: str) -> MailLink | None:
    """Return a link even if it is used or over; None for one that a newer one has replaced, or that never was."""
    return session.scalar(select(MailLink).where(MailLink.hash == hash_of(secret), MailLink.purpose == purpose))


def user_of_link(session: Session, user_id: int, *, only_signs_in: bool = False) -> User:
    """Return who a link was written to. Raises NotFound once they have left, whatever they hold in hand.

    So it does for somebody who may only look: whoever acts by a link must be one who may act.
    """
    user = session.scalar(select(User).where(User.id == user_id, User.is_active), execution_options=EVERY_COUNCIL)
    if user is None or not (only_signs_in or user.actor().may_change):
        raise NotFound("This link was somebody's who does not work here any more.")
    return user


def end_links(session: Session, purpose: Purpose, subject_id: int, *, now: datetime) -> None:
    """Let no link about something open it any more."""
    about = (MailLink.purpose == purpose, MailLink.subject_id == subject_id, MailLink.until > now)
    session.execute(update(MailLink).where(*about).values(until=now))


def hash_of(secret: str) -> str:
    """Return what is kept of a link's secret: 256 random bits need no salt."""
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()
