"""Who is to come: people who have been invited to sign in, and organisations that ask to join."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from placement.domain.people import Rights, Role
from placement.records.base import Base
from placement.records.councils import OfCouncil
from placement.records.providers import Provider

OPEN = text("taken_up_at IS NULL AND withdrawn_at IS NULL")


class Invitation(OfCouncil, Base):
    """An invitation by e-mail: until somebody takes it up there is no account. Of its link only the hash is kept."""

    __tablename__ = "invitation"
    __table_args__ = (
        CheckConstraint("(role = 'provider') = (provider_id IS NOT NULL)", name="provider_has_organisation"),
        CheckConstraint("taken_up_at IS NULL OR withdrawn_at IS NULL", name="over"),
        Index("uq_invitation_open", "email", "provider_id", unique=True, sqlite_where=OPEN, postgresql_where=OPEN),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254))
    name: Mapped[str] = mapped_column(String(120))
    role: Mapped[Role]
    provider_id: Mapped[int | None] = mapped_column(ForeignKey("provider.id"), index=True)
    rights: Mapped[Rights]
    hash: Mapped[str] = mapped_column(String(64), unique=True)
    until: Mapped[datetime]
    invited_at: Mapped[datetime]
    invited_by: Mapped[str] = mapped_column(String(120))
    invited_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    taken_up_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]

    provider: Mapped[Provider | None] = relationship()


class JoinRequest(OfCouncil, Base):
    """An organisation that asks to join, as somebody typed it: nothing in it is believed until a person says yes."""

    __tablename__ = "join_request"
    __table_args__ = (
        CheckConstraint("(answered_at IS NULL) = (is_welcome IS NULL)", name="answered"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cqc_location_id: Mapped[str] = mapped_column(String(40))
    organisation: Mapped[str] = mapped_column(String(200))
    name: Mapped[str] = mapped_column(String(120))
    email: Mapped[str] = mapped_column(String(254))
    telephone: Mapped[str] = mapped_column(String(30))
    asked_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[str | None] = mapped_column(String(120))
    is_welcome: Mapped[bool | None]
