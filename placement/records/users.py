"""People who sign in, what they may be, and their live sign-ins."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from placement.domain.people import Actor, Rights, Role
from placement.records.base import Base
from placement.records.councils import OfCouncil
from placement.records.providers import Provider


class Team(OfCouncil, Base):
    """Some of brokerage who share their work."""

    __tablename__ = "team"
    __table_args__ = (UniqueConstraint("council", "name", name="uq_team_name"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60))


class User(OfCouncil, Base):
    """A person with a role; a provider's user belongs to that provider and has rights there.

    `is_manager`: may sign off. `is_limited`: to the services in `member_service`, be they none by now. Who has no
    password (the empty hash) signs in by links alone.
    """

    __tablename__ = "user"
    __table_args__ = (
        CheckConstraint("(role = 'provider') = (provider_id IS NOT NULL)", name="provider_has_organisation"),
        CheckConstraint("rights = 'editor' OR role = 'provider'", name="rights"),
        CheckConstraint("NOT is_limited OR (role = 'provider' AND rights <> 'lead')", name="limited"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    role: Mapped[Role]
    provider_id: Mapped[int | None] = mapped_column(ForeignKey("provider.id"), index=True)
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"), index=True)
    is_manager: Mapped[bool] = mapped_column(default=False, server_default=false())
    rights: Mapped[Rights] = mapped_column(default=Rights.EDITOR, server_default=Rights.EDITOR.value)
    is_limited: Mapped[bool] = mapped_column(default=False, server_default=false())
    password_hash: Mapped[str] = mapped_column(String(200))
    is_active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]

    provider: Mapped[Provider | None] = relationship()
    team: Mapped[Team | None] = relationship()

    def actor(self) -> Actor:
        """Return this person as the one who acts."""
        return Actor(
            user_id=self.id,
            name=self.name,
            role=self.role,
            provider_id=self.provider_id,
            council=self.council,
            team_id=self.team_id,
            is_manager=self.is_manager,
            rights=self.rights,
            is_limited=self.is_limited,
        )


class MemberService(Base):
    """A service that somebody who is limited to some of their provider's sees and keeps."""

    __tablename__ = "member_service"
    __table_args__ = {}

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), primary_key=True)
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id", ondelete="CASCADE"), primary_key=True, index=True)


class SignIn(Base):
    """One live sign-in. The browser holds the token; only its hash is stored, and deleting the row signs out.

    `waits_for_code`: half a sign-in, which opens nothing until the second step is done.
    """

    __tablename__ = "sign_in"
    __table_args__ = {}

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    waits_for_code: Mapped[bool] = mapped_column(default=False, server_default=false())

    user: Mapped[User] = relationship()


class SecondStep(Base):
    """One person's second step. Until `confirmed_at` it is being set up and asked of nobody."""

    __tablename__ = "second_step"
    __table_args__ = {}

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), primary_key=True)
    sealed: Mapped[str] = mapped_column(String(300))
    confirmed_at: Mapped[datetime | None]
    last_interval: Mapped[int] = mapped_column(default=0)


class PaperCode(Base):
    """A code on paper, of which only the hash is kept; the row goes with its use."""

    __tablename__ = "paper_code"
    __table_args__ = {}

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)


class SignInTries(Base):
    """Wrong passwords of one account or address in the current window, counted by atomic SQL."""

    __tablename__ = "sign_in_tries"
    __table_args__ = {}

    subject: Mapped[str] = mapped_column(String(64), primary_key=True)
    window_start_at: Mapped[datetime]
    tries: Mapped[int]
