"""Who has opened a referral lately: one row for each of its brokers, the last page that they opened.

It is told for a quarter of an hour and then forgotten. Looking is no event: nothing of it stands in the trail.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from placement.records.base import Base
from placement.records.insertion import put
from placement.records.users import User

TOLD_FOR = timedelta(minutes=15)
AGAIN_AFTER = timedelta(minutes=1)  # who looks at one page again and again is noted once a minute


class Looking(Base):
    """That a user opened a referral; `section` is the page of questions that they opened, empty for any other page."""

    __tablename__ = "looking"
    __table_args__ = {}

    referral_id: Mapped[int] = mapped_column(ForeignKey("referral.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), primary_key=True)
    section: Mapped[str] = mapped_column(String(20), default="")
    seen_at: Mapped[datetime] = mapped_column(index=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Glance:
    """Who looked at what, and when."""

    user_id: int
    name: str
    section: str
    at: datetime

    def is_still(self, section: str, now: datetime) -> bool:
        """Return whether this says all that there is to say of somebody who looks now."""
        return self.section == section and now - self.at < AGAIN_AFTER


def looks_at(session: Session, referral_id: int, *, now: datetime) -> Sequence[Glance]:
    """Return who has opened a referral lately, the newest first."""
    rows = select(Looking.user_id, User.name, Looking.section, Looking.seen_at).join(User, User.id == Looking.user_id)
    lately = rows.where(Looking.referral_id == referral_id, Looking.seen_at > now - TOLD_FOR)
    found = session.execute(lately.order_by(Looking.seen_at.desc(), Looking.user_id))
    return [Glance(user_id=row[0], name=row[1], section=row[2], at=row[3]) for row in found]


def note_look(session: Session, referral_id: int, user_id: int, section: str, *, now: datetime) -> None:
    """Note that somebody has opened a referral, instead of what was noted of them before."""
    put(session, Looking, {"referral_id": referral_id, "user_id": user_id}, section=section, seen_at=now)


def forget_looks(session: Session, *, now: datetime) -> None:
    """Forget who looked and is told of no more."""
    session.execute(delete(Looking).where(Looking.seen_at <= now - TOLD_FOR))
