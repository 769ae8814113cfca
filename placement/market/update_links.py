"""Links that open the numbers of one organisation without an account: each of its users has one of their own."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from placement.domain.errors import NotFound
from placement.domain.people import Actor
from placement.records.links import MailLink, Purpose, link_of, new_link, user_of_link
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


def link_actor(session: Session, provider_id: int, user_id: int) -> Actor:
    """Return who acts through a link: who it was written to.

    Raises NotFound once they do not work for the organisation any more.
    """
    user = user_of_link(session, user_id)
    if user.provider_id != provider_id:
        raise NotFound("This link was somebody's who does not work here any more.")
    return replace(user.actor(), name=f"{user.name} (by link)"[:120])
