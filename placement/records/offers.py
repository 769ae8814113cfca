"""Requests to providers: whom brokerage asked about a place for a referral, what was answered, and the thread."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from placement.domain.periods import Period
from placement.domain.states import OfferState
from placement.records.base import Base
from placement.records.councils import OfCouncil
from placement.records.placements import Placement
from placement.records.providers import Unit
from placement.records.referrals import Referral

_UNDER_WAY = text("state IN ('later', 'sent', 'viewed', 'asking', 'interested', 'offered')")


class Offer(OfCouncil, Base):
    """One unit asked about one referral for the nights [start_on, end_on).

    `rank` is its place in the ranked list that the broker saw, `wave` 1 for those asked at once and more for those
    that are `due_at` a later instant unless somebody has said yes. What a provider offers stands in `weekly_pence`,
    `offered_start_on` and `conditions`.
    """

    __tablename__ = "offer"
    __table_args__ = (
        CheckConstraint("end_on >= start_on", name="period"),
        CheckConstraint("state IN ('later', 'withdrawn') OR sent_at IS NOT NULL", name="sent"),
        CheckConstraint("state <> 'declined' OR decline_reason IS NOT NULL", name="declined"),
        CheckConstraint("weekly_pence > 0", name="price"),
        Index("ix_offer_unit_state", "unit_id", "state"),
        Index(
            "uq_offer_under_way",
            "referral_id",
            "unit_id",
            unique=True,
            sqlite_where=_UNDER_WAY,
            postgresql_where=_UNDER_WAY,
        ),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    referral_id: Mapped[int] = mapped_column(ForeignKey("referral.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    state: Mapped[OfferState] = mapped_column(default=OfferState.LATER, index=True)
    rank: Mapped[int]
    wave: Mapped[int] = mapped_column(default=1)
    start_on: Mapped[date]
    end_on: Mapped[date | None]
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    due_at: Mapped[datetime]
    reply_by: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]
    chased_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[str] = mapped_column(String(120), default="")
    decline_reason: Mapped[str | None] = mapped_column(String(40))
    note: Mapped[str] = mapped_column(String(500), default="")
    weekly_pence: Mapped[int | None]
    offered_start_on: Mapped[date | None]
    conditions: Mapped[str] = mapped_column(Text, default="")
    placement_id: Mapped[int | None] = mapped_column(ForeignKey("placement.id"))
    version: Mapped[int] = mapped_column(default=1)

    referral: Mapped[Referral] = relationship()
    unit: Mapped[Unit] = relationship()
    placement: Mapped[Placement | None] = relationship()
    thread: Mapped[list[OfferMessage]] = relationship(back_populates="offer", order_by="OfferMessage.id")

    __mapper_args__ = {"version_id_col": version}

    @property
    def period(self) -> Period:
        """The nights that are asked for."""
        return Period(self.start_on, self.end_on)


class OfferMessage(Base):
    """A question of the provider, or brokerage's answer. Both are told not to name the person."""

    __tablename__ = "offer_message"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    offer_id: Mapped[int] = mapped_column(ForeignKey("offer.id"), index=True)
    is_providers: Mapped[bool]
    author: Mapped[str] = mapped_column(String(120))
    words: Mapped[str] = mapped_column(Text)
    said_at: Mapped[datetime]

    offer: Mapped[Offer] = relationship(back_populates="thread")
