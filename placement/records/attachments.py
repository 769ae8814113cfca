"""Files kept with a referral. The row says what there is; the bytes stand outside the database, under its key."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from placement.records.base import Base
from placement.records.councils import OfCouncil
from placement.records.referrals import Referral


class Attachment(OfCouncil, Base):
    """One file. It is for brokerage alone, but for a provider that is given it with a pack."""

    __tablename__ = "attachment"
    __table_args__ = (
        CheckConstraint("size > 0", name="size"),
        UniqueConstraint("key", name="uq_attachment_key"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    referral_id: Mapped[int] = mapped_column(ForeignKey("referral.id", ondelete="CASCADE"), index=True)
    key: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(100))
    kind: Mapped[str] = mapped_column(String(10))
    size: Mapped[int]
    added_at: Mapped[datetime]
    added_by: Mapped[str] = mapped_column(String(120))

    referral: Mapped[Referral] = relationship()
