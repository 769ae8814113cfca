"""Places of a unit that are none of the council's: kept for a purpose, promised from a day, or to be free from one."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from placement.domain.limits import MOST_PLACES
from placement.domain.others import PURPOSE
from placement.domain.periods import Period
from placement.records.base import Base
from placement.records.providers import Unit


class OtherStay(Base):
    """So many places of a unit, kept for a purpose on the nights [start_on, end_on); end_on None: no end is known.

    `purpose` is one of PURPOSE, `name` says of which contract or team. `counted_in_id` is the vacancy report whose
    numbers include these places: somebody who lives there, or what was kept when it was made. On `ended_at` somebody
    said that they are free as of `end_on`; from `over_at` on the row says nothing any more.
    """

    __tablename__ = "other_stay"
    __table_args__ = (
        CheckConstraint("end_on >= start_on", name="period"),
        CheckConstraint(f"places BETWEEN 1 AND {MOST_PLACES}", name="places"),
        CheckConstraint("ended_at IS NULL OR end_on IS NOT NULL", name="ended"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(120), default="", server_default="")
    places: Mapped[int] = mapped_column(default=1)
    start_on: Mapped[date]
    end_on: Mapped[date | None]
    counted_in_id: Mapped[int | None] = mapped_column(ForeignKey("vacancy_report.id"), index=True)
    created_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(String(120))
    ended_at: Mapped[datetime | None]
    over_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    unit: Mapped[Unit] = relationship()

    __mapper_args__ = {"version_id_col": version}

    def held(self, day: date) -> Period:
        """Return the nights, as they are known on a day: a day on which people were to leave is only a plan."""
        nights = Period(self.start_on, self.end_on)
        return Period(self.start_on) if self.is_overdue(day) else nights

    def is_overdue(self, day: date) -> bool:
        """Return whether people were to have left by a day and nobody has said that they did."""
        is_person = PURPOSE[self.purpose].is_person
        return is_person and self.ended_at is None and self.end_on is not None and self.end_on <= day
