"""What a person is written once a day: whether and from which hour they want it, and on which days they had it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from placement.domain.clocks import today
from placement.domain.digests import DIGEST, USUAL_HOUR
from placement.domain.people import Role
from placement.domain.quiet_hours import QuietHours
from placement.records.base import Base
from placement.records.insertion import put, put_once
from placement.records.settings import numbers, numbers_of_all


class DigestChoice(Base):
    """What a person has said about their digest; who has said nothing has what is usual for their role."""

    __tablename__ = "digest_choice"
    __table_args__ = (CheckConstraint("hour BETWEEN 0 AND 23", name="hour"),)

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), primary_key=True)
    is_on: Mapped[bool]
    hour: Mapped[int]


class Digest(Base):
    """That a person was written to on a day, London time: the key that keeps two workers from writing twice."""

    __tablename__ = "digest"
    __table_args__ = (UniqueConstraint("user_id", "on_day", name="uq_digest_day"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    on_day: Mapped[date]
    written_at: Mapped[datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Whether a person wants a digest, and from which hour of the day."""

    is_on: bool
    hour: int


def wishes(session: Session, roles: Mapping[int, Role]) -> dict[int, Wish]:
    """Return what each of some users wants, by their id; `roles` says what they are. One question."""
    rows = session.scalars(select(DigestChoice).where(DigestChoice.user_id.in_(roles)))
    said = {row.user_id: Wish(is_on=row.is_on, hour=row.hour) for row in rows}
    usual = {role: Wish(is_on=role in DIGEST and DIGEST[role].is_usual, hour=USUAL_HOUR) for role in Role}
    return {user_id: said.get(user_id, usual[role]) for user_id, role in roles.items()}


def choose_digest(session: Session, user_id: int, wish: Wish) -> None:
    """Keep what a person wants from now on."""
    put(session, DigestChoice, {"user_id": user_id}, is_on=wish.is_on, hour=wish.hour)


def quiet_hours(session: Session) -> QuietHours:
    """Return the quiet hours of the council at work."""
    known = numbers(session)
    return QuietHours(start=known["quiet_from_hour"], end=known["quiet_until_hour"])


def quiet_councils(session: Session, *, now: datetime) -> set[str]:
    """Return the councils whose quiet hours it is at an instant, by their codes; one question for all of them."""
    known = numbers_of_all(session, ("quiet_from_hour", "quiet_until_hour"))
    hours = {code: QuietHours(start=each["quiet_from_hour"], end=each["quiet_until_hour"]) for code, each in known}
    return {code for code, quiet in hours.items() if quiet.are_now(now)}


def written_on(session: Session, user_ids: Collection[int], day: date) -> set[int]:
    """Return who of some users has had a digest on a day."""
    rows = select(Digest.user_id).where(Digest.user_id.in_(user_ids), Digest.on_day == day)
    return set(session.scalars(rows))


def last_written(session: Session, user_id: int) -> datetime | None:
    """Return when a person last had a digest."""
    return session.scalar(select(func.max(Digest.written_at)).where(Digest.user_id == user_id))


def take_day(session: Session, user_id: int, *, now: datetime) -> bool:
    """Take a person's one digest of this day; False if it is taken, also by another worker a moment ago."""
    return put_once(session, Digest, {"user_id": user_id, "on_day": today(now)}, written_at=now)
