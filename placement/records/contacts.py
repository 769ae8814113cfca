"""Whom at a council a provider calls about new places: a team and how it is reached, never a person."""

from __future__ import annotations

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from placement.records.base import Base
from placement.records.councils import OfCouncil


class CouncilContact(OfCouncil, Base):
    """Whom to call: the name of a team; telephone and e-mail may be empty, not both."""

    __tablename__ = "council_contact"
    __table_args__ = (UniqueConstraint("council", name="uq_council_contact_council"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    team: Mapped[str] = mapped_column(String(120))
    telephone: Mapped[str] = mapped_column(String(30), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
