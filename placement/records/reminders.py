"""That a service was reminded of its vacancies, day by day, and that somebody of the council asks for it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from placement.domain.clocks import today
from placement.records.base import Base
from placement.records.insertion import put, put_once


class Reminder(Base):
    """One day on which somebody of the service was reminded: one, however many people were written to."""

    __tablename__ = "reminder"
    __table_args__ = (UniqueConstraint("service_id", "on_day", name="uq_reminder_day"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id", ondelete="CASCADE"))
    on_day: Mapped[date]
    reminded_at: Mapped[datetime]


class Chase(Base):
    """That a service is to be reminded although reminders have stopped or are not due: by whom, since when.

    A newer one takes the place of the one before; it is over with the next reminder.
    """

    __tablename__ = "chase"
    __table_args__ = {}

    service_id: Mapped[int] = mapped_column(ForeignKey("service.id", ondelete="CASCADE"), primary_key=True)
    asked_at: Mapped[datetime]
    asked_by: Mapped[str] = mapped_column(String(120))


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminded:
    """When a service was reminded, the oldest first, and since when somebody has asked for it to be reminded."""

    at: tuple[datetime, ...] = ()
    chased_at: datetime | None = None

    def since(self, updated_at: datetime | None) -> tuple[datetime, ...]:
        """Return the reminders that were written since numbers were last reported."""
        return tuple(each for each in self.at if updated_at is None or each > updated_at)

    def is_chased(self, day: date) -> bool:
        """Return whether somebody asked for a reminder and none was written since, or only on this day."""
        return self.chased_at is not None and not any(each >= self.chased_at and today(each) < day for each in self.at)


def reminded(session: Session) -> dict[int, Reminded]:
    """Return the reminders of each service that has any, by its id; two questions."""
    at: dict[int, list[datetime]] = {}
    for service_id, when in session.execute(select(Reminder.service_id, Reminder.reminded_at).order_by(Reminder.id)):
        at.setdefault(service_id, []).append(when)
    chased: Mapping[int, datetime] = {row.service_id: row.asked_at for row in session.scalars(select(Chase))}
    return {
        service_id: Reminded(at=tuple(at.get(service_id, ())), chased_at=chased.get(service_id))
        for service_id in at.keys() | chased.keys()
    }


def note_reminder(session: Session, service_id: int, *, now: datetime) -> bool:
    """Note that a service was reminded today; False if that was noted before."""
    return put_once(session, Reminder, {"service_id": service_id, "on_day": today(now)}, reminded_at=now)


def note_chase(session: Session, service_ids: Collection[int], by: str, *, now: datetime) -> None:
    """Note that some services are to be reminded, whatever has been written to them before."""
    for service_id in sorted(service_ids):
        put(session, Chase, {"service_id": service_id}, asked_at=now, asked_by=by)
