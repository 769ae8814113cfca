"""Links that open the numbers of one organisation without an account: each of its users has one of their own."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from placement.domain.councils import COUNCIL
from placement.domain.errors import NotFound
from placement.domain.people import Actor, Role
from placement.records.councils import EVERY_COUNCIL
from placement.records.links import MailLink, Purpose, known_link, link_of, new_link, user_of_link
from placement.records.messages import send_later
from placement.records.users import User

LINK_LASTS = timedelta(days=7)  # as long as numbers are fresh


def link_path(session: Session, provider_id: int, user: User, *, now: datetime) -> str:
    """Return where a new link leads that opens an organisation's numbers for one user; the one before opens nothing."""
    return f"/update/{new_link(session, Purpose.VACANCIES, provider_id, user.id, until=now + LINK_LASTS)}"


def opened_link(session: Session, secret: str, *, now: datetime) -> MailLink:
    """Return what a link opens; looking does not use it up. Raises NotFound for one that opens nothing (any more)."""
    found = link_of(session, Purpose.VACANCIES, secret, now=now)
    link_actor(session, found.subject_id, found.user_id)
    return found


def use_link(session: Session, secret: str, *, now: datetime) -> MailLink:
    """Use a link up, once something was stored by it. Raises NotFound as `opened_link` does."""
    used = link_of(session, Purpose.VACANCIES, secret, now=now, lock=True)
    used.used_at = now
    return used


def reader_of_link(session: Session, secret: str) -> User | None:
    """Return who can be sent a new link for one that opens nothing any more; None where nobody knows."""
    found = known_link(session, Purpose.VACANCIES, secret)
    user = session.get(User, found.user_id, execution_options=EVERY_COUNCIL) if found else None
    return user if user is not None and _can_update(user) else None


def used_at(session: Session, secret: str) -> datetime | None:
    """Return when something was stored by a link; None for one that was not used, or that a newer one has replaced."""
    found = known_link(session, Purpose.VACANCIES, secret)
    return found.used_at if found else None


def send_link(session: Session, email: str, *, now: datetime) -> None:
    """Write a new link to whoever updates vacancies under an e-mail address; to nobody where there is no such user."""
    rows = select(User).where(User.email == email.strip().lower())
    user = session.scalar(rows, execution_options=EVERY_COUNCIL)
    if user is not None and user.provider_id is not None and _can_update(user):
        path, until = link_path(session, user.provider_id, user, now=now), now + LINK_LASTS
        place = COUNCIL[user.council].place
        send_later(
            session,
            "update_link",
            to=user.email,
            reference=place,
            path=path,
            until=until,
            now=now,
            council=user.council,
        )


def _can_update(user: User) -> bool:
    is_theirs = user.role is Role.PROVIDER and user.provider_id is not None
    return user.is_active and is_theirs and user.actor().may_change


def link_actor(session: Session, provider_id: int, user_id: int) -> Actor:
    """Return who acts through a link: who it was written to.

    Raises NotFound once they do not work for the organisation any more.
    """
    user = user_of_link(session, user_id)
    if user.provider_id != provider_id:
        raise NotFound("This link was somebody's who does not work here any more.")
    return replace(user.actor(), name=f"{user.name} (by link)"[:120])
