"""What the council has said of units' claims: each ruling stays, also after it was undone."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from placement.domain.claims import ClaimVerdict
from placement.domain.features import Evidence
from placement.records.base import Base
from placement.records.councils import OfCouncil
from placement.records.providers import Unit


class ClaimRuling(OfCouncil, Base):
    """One ruling on what a unit says of a feature, by the council; it counts until `undone_at`.

    `was`, `was_on` and `was_by` are the evidence that it took the place of, which comes back when it is undone.
    """

    __tablename__ = "claim_ruling"
    __table_args__ = (
        CheckConstraint("(undone_at IS NULL) = (undone_by IS NULL)", name="undone"),
        Index("ix_claim_ruling_claim", "unit_id", "slug"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    slug: Mapped[str] = mapped_column(String(40))
    verdict: Mapped[ClaimVerdict]
    note: Mapped[str] = mapped_column(String(500))
    ruled_by: Mapped[str] = mapped_column(String(120))
    ruled_at: Mapped[datetime]
    was: Mapped[Evidence]
    was_on: Mapped[date | None]
    was_by: Mapped[str] = mapped_column(String(120))
    undone_by: Mapped[str | None] = mapped_column(String(120))
    undone_at: Mapped[datetime | None]

    unit: Mapped[Unit] = relationship()
