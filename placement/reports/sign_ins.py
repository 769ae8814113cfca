"""Who may sign in, and for whom somebody may sign in."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import case, select
from sqlalchemy.orm import Session, joinedload

from placement.records.pages import START, Key, Page, PlaceInList, page_of
from placement.records.providers import Provider
from placement.records.users import User


def users(session: Session, *, at: PlaceInList = START) -> Page[User]:
    """Return a page of everybody with an account, those who may sign in first, by name."""
    order = Key(column=case((User.is_active, 0), else_=1)), Key(column=User.name), Key(column=User.id)
    return page_of(session, select(User).options(joinedload(User.provider)), *order, at=at)


def providers(session: Session) -> Sequence[Provider]:
    """Return every organisation by name."""
    return session.scalars(select(Provider).order_by(Provider.name, Provider.id)).all()
