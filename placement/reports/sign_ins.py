"""Who may sign in, and for whom somebody may sign in."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from placement.records.providers import Provider
from placement.records.users import User


def users(session: Session) -> Sequence[User]:
    """Return everybody with an account, those who may sign in first, by name."""
    rows = select(User).options(joinedload(User.provider))
    return session.scalars(rows.order_by(User.is_active.desc(), User.name, User.id)).all()


def providers(session: Session) -> Sequence[Provider]:
    """Return every organisation by name."""
    return session.scalars(select(Provider).order_by(Provider.name, Provider.id)).all()
