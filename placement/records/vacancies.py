"""What providers report: the four numbers, append-only, and the places closed for a while."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from placement.records.base import Base
from placement.records.providers import Unit


class VacancyReport(Base):
    """The four numbers of one unit at one instant; the database refuses to change or delete a row.

    A report accounts for the live stays known at that instant: their `counted_in_id` points here, and `counted` is
    how many places of `occupied + reserved` they hold, at the night when most of them are there at once.
    """

    __tablename__ = "vacancy_report"
    __table_args__ = (
        CheckConstraint("maximum >= 0 AND occupied >= 0 AND reserved >= 0 AND accepting >= 0", name="not_negative"),
        CheckConstraint("occupied + reserved + accepting <= maximum", name="adds_up"),
        CheckConstraint("counted >= 0 AND counted <= occupied + reserved", name="counted"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    reported_at: Mapped[datetime]
    reported_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    reporter: Mapped[str] = mapped_column(String(120))
    maximum: Mapped[int]
    occupied: Mapped[int]
    reserved: Mapped[int]
    accepting: Mapped[int]
    counted: Mapped[int] = mapped_column(default=0)
    not_admitting_reason: Mapped[str | None] = mapped_column(String(40))
    is_unchanged: Mapped[bool] = mapped_column(default=False)

    unit: Mapped[Unit] = relationship(foreign_keys=[unit_id])


class Closure(Base):
    """Places out of service for the nights [start_on, end_on); places None stands for the whole unit."""

    __tablename__ = "closure"
    __table_args__ = (
        CheckConstraint("end_on > start_on", name="period"),
        CheckConstraint("places > 0", name="places"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    start_on: Mapped[date]
    end_on: Mapped[date | None]
    places: Mapped[int | None]
    reason: Mapped[str] = mapped_column(String(40))
    created_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(String(120))
    cancelled_at: Mapped[datetime | None]

    unit: Mapped[Unit] = relationship()
