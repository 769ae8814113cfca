"""Ward sets and the localities (LITs) that are drawn from them: dated, versioned data, never a constant."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from placement.domain.states import WardSetState
from placement.records.base import Base
from placement.records.councils import OfCouncil


class StoredLocality(OfCouncil, Base):
    """One Local Implementation Team area."""

    __tablename__ = "locality"
    __table_args__ = (UniqueConstraint("council", "slug", name="uq_locality_slug"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(80))


class StoredWardSet(OfCouncil, Base):
    """One vintage of ward outlines. Of those that are stored, the newest import is the one in use."""

    __tablename__ = "ward_set"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(60))
    name: Mapped[str] = mapped_column(String(160))
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    is_approximate: Mapped[bool]
    imported_at: Mapped[datetime]
    state: Mapped[WardSetState] = mapped_column(default=WardSetState.STORED)

    wards: Mapped[list[StoredWard]] = relationship(back_populates="ward_set", order_by="StoredWard.code")


class StoredWard(Base):
    """One ward of a set: code, name, outline (GeoJSON geometry, CRS84) and the locality it is counted in."""

    __tablename__ = "ward"
    __table_args__ = (
        UniqueConstraint("ward_set_id", "code", name="uq_ward_set_code"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ward_set_id: Mapped[int] = mapped_column(ForeignKey("ward_set.id", ondelete="CASCADE"))
    code: Mapped[str] = mapped_column(String(9))
    name: Mapped[str] = mapped_column(String(80))
    locality_id: Mapped[int | None] = mapped_column(ForeignKey("locality.id"))
    outline: Mapped[dict[str, Any] | None] = mapped_column(JSON)

    ward_set: Mapped[StoredWardSet] = relationship(back_populates="wards")
    locality: Mapped[StoredLocality | None] = relationship()
