"""That a manager has decided otherwise than a rule, for one person and one place."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from placement.records.base import Base
from placement.records.councils import OfCouncil
from placement.records.providers import Unit

_STANDS = text("undone_at IS NULL")


class PairOverride(OfCouncil, Base):
    """Rules that do not stand against a unit for a referral. `facts` are the rules by slug, with what each said then.

    It covers just these facts: where a rule says something else today, somebody has to decide again.
    """

    __tablename__ = "pair_override"
    __table_args__ = (
        CheckConstraint("(undone_at IS NULL) = (undone_by IS NULL)", name="undone"),
        Index(
            "uq_pair_override_pair", "referral_id", "unit_id", unique=True,
            sqlite_where=_STANDS, postgresql_where=_STANDS,
        ),
        {"sqlite_autoincrement": True},
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    referral_id: Mapped[int] = mapped_column(ForeignKey("referral.id", ondelete="CASCADE"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    facts: Mapped[dict[str, str]] = mapped_column(JSON)
    reason: Mapped[str] = mapped_column(Text)
    given_by: Mapped[str] = mapped_column(String(120))
    given_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    given_at: Mapped[datetime]
    undone_by: Mapped[str | None] = mapped_column(String(120))
    undone_at: Mapped[datetime | None]

    unit: Mapped[Unit] = relationship()
