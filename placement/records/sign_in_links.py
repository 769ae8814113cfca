"""Signing in by a link that is e-mailed: for who has an account, for a quarter of an hour, once."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from placement.domain.councils import COUNCIL
from placement.records.links import Purpose, link_of, new_link, user_of_link
from placement.records.messages import send_later
from placement.records.users import User

LASTS = timedelta(minutes=15)
MOST_LINKS = 3  # that are written to one address within that time: more are asked for by nobody who reads them


def write_sign_in_link(session: Session, email: str, *, now: datetime) -> None:
    """Write a link to whoever has an account with this address; to nobody where there is none, and say neither."""
    user = session.scalar(select(User).where(User.email == email.strip().lower(), User.is_active))
    if user is None:
        return
    until = now + LASTS
    secret = new_link(session, Purpose.SIGN_IN, user.id, user.id, until=until)
    send_later(
        session,
        "sign_in_link",
        to=user.email,
        reference=COUNCIL[user.council].place,
        path=f"/sign-in/link/{secret}",
        until=until,
        now=now,
        council=user.council,
    )


def owner_of_link(session: Session, secret: str, *, now: datetime) -> User:
    """Return who a link signs in. Raises NotFound for one that is used, over or never was."""
    return user_of_link(session, link_of(session, Purpose.SIGN_IN, secret, now=now).user_id, only_signs_in=True)


def use_sign_in_link(session: Session, secret: str, *, now: datetime) -> User:
    """Use a link up and return who signs in by it; of two who use it at once, one does. Raises NotFound."""
    used = link_of(session, Purpose.SIGN_IN, secret, now=now, lock=True)
    used.used_at = now
    return user_of_link(session, used.user_id, only_signs_in=True)
