"""Whose rows are whose: the council on a row, the councils that can place in a service, and the scope of a session."""

from __future__ import annotations

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, Session, mapped_column

from placement.domain.councils import COUNCIL, COVENTRY, Council
from placement.records.base import Base

SCOPE = "council"
EVERY_COUNCIL = {"every_council": True}
"""Execution options of a question about places, which are taken whoever has taken them."""


class OfCouncil:
    """A row that belongs to one council: in its session it is born with it, and no other council's session sees it."""

    council: Mapped[str] = mapped_column(String(9), default=COVENTRY.code)


class ServiceCouncil(Base):
    """A council that can place people in a service."""

    __tablename__ = "service_council"
    __table_args__ = {}

    council: Mapped[str] = mapped_column(String(9), primary_key=True)
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id", ondelete="CASCADE"), primary_key=True, index=True)


def scope(session: Session, council: str | None) -> None:
    """Let a session see one council's rows only; None: everybody's, as the product itself does."""
    session.info[SCOPE] = council


def scope_of(session: Session) -> str | None:
    """Return the code of the council whose rows a session sees, None for everybody's."""
    found: str | None = session.info.get(SCOPE)
    return found


def council_of(session: Session) -> Council:
    """Return the council that a session works for; where it works for all, the first one."""
    return COUNCIL[scope_of(session) or COVENTRY.code]
