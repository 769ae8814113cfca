"""The counters that stop guessing: tries to sign in, by account and address and by address."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network
from math import ceil

from sqlalchemy import case, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from placement.domain.errors import TooManyTries
from placement.records.users import SignInTries

WINDOW = timedelta(minutes=5)
MOST_TRIES = 10  # of one account from one address
MOST_FROM_ADDRESS = 100  # of all accounts: a whole office may share one
SIGN_IN_ADVICE = (
    "The account itself is as it was and can be used from elsewhere. If you do not know the password, ask for a link "
    "by e-mail, or ask your administrator for another one."
)


def tries_at(email: str, address: str | None) -> tuple[tuple[str, int], ...]:
    """Return what a try to sign in counts for, and the most tries of each: the account from this address, the address.

    Counted by the account alone, anybody could keep anybody out. A network of IPv6 (64 bits) counts as one address.
    """
    place = _network(address or "")
    return ((f"account {email.strip().lower()} at {place}", MOST_TRIES), (f"address {place}", MOST_FROM_ADDRESS))


def _network(address: str) -> str:
    try:
        found = ip_address(address)
    except ValueError:
        return address
    return address if found.version == 4 else str(ip_network(f"{found}/64", strict=False))


def count_try(
    session: Session,
    subject: str,
    *,
    most: int = MOST_TRIES,
    within: timedelta = WINDOW,
    now: datetime,
    words: str = "There were too many tries to sign in from where you are",
    advice: str = SIGN_IN_ADVICE,
) -> None:
    """Count one try for a subject, in one statement; raise TooManyTries past the limit.

    Counting comes before checking, so that guesses sent at the same time cannot slip past the limit together.
    """
    key = _key(subject)
    insert = (postgresql if session.get_bind().dialect.name == "postgresql" else sqlite).insert
    stale = SignInTries.window_start_at < now - within
    statement = (
        insert(SignInTries)
        .values(subject=key, window_start_at=now, tries=1)
        .on_conflict_do_update(
            index_elements=["subject"],
            set_={
                "tries": case((stale, 1), else_=SignInTries.tries + 1),
                "window_start_at": case((stale, now), else_=SignInTries.window_start_at),
            },
        )
        .returning(SignInTries.tries, SignInTries.window_start_at)
    )
    tries, began = session.execute(statement).one()
    if tries > most:
        raise TooManyTries(words, seconds=ceil((began + within - now).total_seconds()), advice=advice)


def take_back_try(session: Session, subject: str) -> None:
    """Count one try less: it was the right password. A whole office may sign in from one address in a morning."""
    tries = update(SignInTries).where(SignInTries.subject == _key(subject), SignInTries.tries > 0)
    session.execute(tries.values(tries=SignInTries.tries - 1))


def _key(subject: str) -> str:
    return hashlib.sha256(subject.encode()).hexdigest()
