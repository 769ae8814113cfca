"""What brokerage gives a provider of who a person is: by whom, until when, and which files with it."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, String, Table, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from placement.domain.clocks import today
from placement.records.attachments import Attachment
from placement.records.base import Base
from placement.records.councils import OfCouncil
from placement.records.placements import Placement

_STANDS = text("taken_back_at IS NULL")

pack_file = Table(
    "pack_file",
    Base.metadata,
    Column("pack_id", Integer, ForeignKey("pack.id", ondelete="CASCADE"), primary_key=True),
    Column("attachment_id", Integer, ForeignKey("attachment.id", ondelete="CASCADE"), primary_key=True),
)


class Pack(OfCouncil, Base):
    """The details of a person for the provider of one stay, to be read until an instant. `note` is for the provider.

    Of the person nothing is copied: who reads the pack reads what is recorded then.
    """

    __tablename__ = "pack"
    __table_args__ = (
        CheckConstraint("until > given_at", name="until"),
        CheckConstraint("(taken_back_at IS NULL) = (taken_back_by IS NULL)", name="taken_back"),
        Index("uq_pack_standing", "placement_id", unique=True, sqlite_where=_STANDS, postgresql_where=_STANDS),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    placement_id: Mapped[int] = mapped_column(ForeignKey("placement.id", ondelete="CASCADE"), index=True)
    note: Mapped[str] = mapped_column(Text, default="")
    given_at: Mapped[datetime]
    given_by: Mapped[str] = mapped_column(String(120))
    until: Mapped[datetime]
    taken_back_at: Mapped[datetime | None]
    taken_back_by: Mapped[str | None] = mapped_column(String(120))

    placement: Mapped[Placement] = relationship()
    files: Mapped[list[Attachment]] = relationship(secondary=pack_file, order_by=Attachment.id)

    @property
    def last_day(self) -> date:
        """The day at the end of which it is over."""
        return today(self.until - timedelta(seconds=1))
