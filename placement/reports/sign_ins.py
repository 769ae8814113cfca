"""Who may sign in, and for whom somebody may sign in."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import case, select
from sqlalchemy.orm import Session, joinedload

from placement.records.pages import START, Key, Page, PlaceInList, page_of
from placement.records.providers import Provider
from placement.records.users import Team, User
from placement.records.visibility import one


def users(session: Session, *, at: PlaceInList = START) -> Page[User]:
    """Return a page of everybody with an account, those who may sign in first, by name."""
    order = Key(column=case((User.is_active, 0), else_=1)), Key(column=User.name), Key(column=User.id)
    return page_of(session, select(User).options(joinedload(User.provider)), *order, at=at)


def providers(session: Session) -> Sequence[Provider]:
    """Return every organisation by name."""
    return session.scalars(select(Provider).order_by(Provider.name, Provider.id)).all()


def provider(session: Session, provider_id: int) -> Provider:
    """Return one organisation. Raises NotFound."""
    return one(session, select(Provider).where(Provider.id == provider_id), "provider")


def user(session: Session, user_id: int) -> User:
    """Return somebody with an account. Raises NotFound."""
    rows = select(User).where(User.id == user_id).options(joinedload(User.provider), joinedload(User.team))
    return one(session, rows, "user")


def teams(session: Session) -> list[tuple[Team, list[str]]]:
    """Return the teams of brokerage by name, each with the names of those who work in it and can sign in."""
    found = session.scalars(select(Team).order_by(Team.name, Team.id)).all()
    rows = select(User.team_id, User.name).where(User.team_id.is_not(None), User.is_active).order_by(User.name)
    people = session.execute(rows).all()
    return [(team, [name for team_id, name in people if team_id == team.id]) for team in found]
