"""What keeps a unit from being proposed: a place held while somebody decides, and a place ruled out for somebody."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from placement.domain.periods import Period
from placement.domain.states import HoldState
from placement.records.base import Base
from placement.records.councils import OfCouncil
from placement.records.providers import Unit
from placement.records.referrals import Referral

_HELD = text("state = 'held'")


class PlaceHold(OfCouncil, Base):
    """A place of a unit that is kept for a referral on the nights [start_on, end_on) until `held_until`.

    It is a promise within the council, not a booking: the provider is told nothing, and whoever needs the place more
    can let it go. A referral has one at a time. `end_on` None stands for open-ended.
    """

    __tablename__ = "place_hold"
    __table_args__ = (
        CheckConstraint("end_on > start_on", name="period"),
        Index("uq_place_hold_referral", "referral_id", unique=True, sqlite_where=_HELD, postgresql_where=_HELD),
        Index("ix_place_hold_held_until", "held_until", sqlite_where=_HELD, postgresql_where=_HELD),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    referral_id: Mapped[int] = mapped_column(ForeignKey("referral.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    state: Mapped[HoldState] = mapped_column(default=HoldState.HELD)
    start_on: Mapped[date]
    end_on: Mapped[date | None]
    held_at: Mapped[datetime]
    held_by: Mapped[str] = mapped_column(String(120))
    held_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    held_until: Mapped[datetime]

    referral: Mapped[Referral] = relationship()
    unit: Mapped[Unit] = relationship()

    @property
    def period(self) -> Period:
        """The nights on which the place is kept."""
        return Period(self.start_on, self.end_on)


class RuledOut(OfCouncil, Base):
    """A unit that a broker has ruled out for a referral, with the reason; it counts until `undone_at`."""

    __tablename__ = "ruled_out"
    __table_args__ = (
        CheckConstraint("(undone_at IS NULL) = (undone_by IS NULL)", name="undone"),
        Index(
            "uq_ruled_out_pair", "referral_id", "unit_id", unique=True,
            sqlite_where=text("undone_at IS NULL"), postgresql_where=text("undone_at IS NULL"),
        ),
        {"sqlite_autoincrement": True},
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    referral_id: Mapped[int] = mapped_column(ForeignKey("referral.id", ondelete="CASCADE"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    reason: Mapped[str] = mapped_column(String(40))
    note: Mapped[str] = mapped_column(String(500), default="", server_default="")
    ruled_by: Mapped[str] = mapped_column(String(120))
    ruled_at: Mapped[datetime]
    undone_by: Mapped[str | None] = mapped_column(String(120))
    undone_at: Mapped[datetime | None]

    unit: Mapped[Unit] = relationship()
