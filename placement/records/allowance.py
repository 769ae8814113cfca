"""Nights beyond the yearly allowance that a manager has granted to one person for one year."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from placement.records.base import Base
from placement.records.councils import OfCouncil


class AllowanceGrant(OfCouncil, Base):
    """Nights more for a person in the year that begins on `year_from`: how many, why, and who granted them."""

    __tablename__ = "allowance_grant"
    __table_args__ = (
        CheckConstraint("nights > 0", name="nights"),
        Index("ix_allowance_grant_person", "person_id", "year_from"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    year_from: Mapped[date]
    nights: Mapped[int]
    reason: Mapped[str] = mapped_column(String(500))
    granted_at: Mapped[datetime]
    granted_by: Mapped[str] = mapped_column(String(120))
    granted_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
