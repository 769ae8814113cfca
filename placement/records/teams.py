"""Teams of brokerage: adding one, and saying where somebody works and what they may."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from placement.domain.errors import Invalid, NotAllowed
from placement.domain.people import Actor
from placement.domain.text import plain
from placement.records.accounts import locked_user
from placement.records.events import record
from placement.records.users import Team, User


def set_hand(
    session: Session, user_id: int, *, team_id: int | None, is_manager: bool, by: Actor, now: datetime
) -> User:
    """Say in which team somebody of brokerage works and whether they may sign off.

    Raises NotFound, Invalid for a team that there is not, NotAllowed for giving oneself the right.
    """
    user = locked_user(session, user_id)
    if team_id is not None and session.get(Team, team_id) is None:
        raise Invalid("Choose one of the teams.", field="team")
    if is_manager and not user.is_manager and user.id == by.user_id:
        raise NotAllowed("Somebody else has to give you this right.")
    if user.team_id != team_id:
        record(session, "team_changed", user, by=by, now=now, before=user.team_id, after=team_id)
        user.team_id = team_id
    if user.is_manager != is_manager:
        record(session, "manager_right_changed", user, by=by, now=now, may=is_manager)
        user.is_manager = is_manager
    return user


def add_team(session: Session, name: str, *, by: Actor, now: datetime) -> Team:
    """Add a team of brokerage. Raises Invalid without a name, and for one that there is."""
    words = plain(name)
    if not words:
        raise Invalid("Enter a name for the team.", field="name")
    if session.scalar(select(Team.id).where(Team.name == words)):
        raise Invalid("There is a team of that name.", field="name")
    team = Team(name=words)
    session.add(team)
    session.flush()
    record(session, "team_added", team, by=by, now=now)
    return team
