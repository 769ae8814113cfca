"""Signing in and out: passwords, live sign-ins, and the counters that stop guessing."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import case, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from placement.domain.councils import COVENTRY
from placement.domain.errors import Invalid, NotAllowed, NotFound, TooManyTries
from placement.domain.people import Actor, Role
from placement.domain.text import plain
from placement.records.events import record
from placement.records.races import violated
from placement.records.users import SignIn, SignInTries, User

DEFAULT = PasswordHasher()  # argon2id with the library's defaults, RFC 9106 low-memory profile
WINDOW = timedelta(minutes=5)
MOST_TRIES = 10
REMEMBERED = timedelta(hours=1)
"""For how long it is known whose a sign-in was that has ended by itself."""


class _Passwords:
    """The hasher in use, and the hash that stands in for an unknown account so that its answer takes as long."""

    def __init__(self, hasher: PasswordHasher) -> None:
        self.hasher = hasher
        self.nobody = hasher.hash("nobody has this password")


_passwords = _Passwords(DEFAULT)


def use_hasher(hasher: PasswordHasher) -> None:
    """Hash and check passwords at another cost from now on."""
    global _passwords
    _passwords = _Passwords(hasher)


def count_try(session: Session, subject: str, *, now: datetime) -> None:
    """Count one try for an account or an address, in one statement; raise TooManyTries past the limit.

    Counting comes before checking, so that guesses sent at the same time cannot slip past the limit together.
    """
    key = _key(subject)
    insert = (postgresql if session.get_bind().dialect.name == "postgresql" else sqlite).insert
    stale = SignInTries.window_start_at < now - WINDOW
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
        .returning(SignInTries.tries)
    )
    if session.execute(statement).scalar_one() > MOST_TRIES:
        raise TooManyTries("There were too many tries to sign in to this account.")


def take_back_try(session: Session, subject: str) -> None:
    """Count one try less: it was the right password. A whole office may sign in from one address in a morning."""
    tries = update(SignInTries).where(SignInTries.subject == _key(subject), SignInTries.tries > 0)
    session.execute(tries.values(tries=SignInTries.tries - 1))


def _key(subject: str) -> str:
    return hashlib.sha256(subject.encode()).hexdigest()


def check_password(session: Session, email: str, password: str) -> User | None:
    """Return the active user with this e-mail address and password, or None, in the same time."""
    user = session.scalar(select(User).where(User.email == email.strip().lower()))
    try:
        _passwords.hasher.verify(user.password_hash if user else _passwords.nobody, password)
    except (VerificationError, InvalidHashError):
        return None
    return user if user and user.is_active else None


def start_sign_in(session: Session, user_id: int, *, now: datetime, longest: timedelta) -> str:
    """Store a new sign-in and return its token; the token itself is never stored."""
    token = secrets.token_urlsafe(32)
    user = session.get_one(User, user_id)
    session.add(SignIn(token_hash=_hash(token), user_id=user_id, created_at=now, expires_at=now + longest))
    session.execute(delete(SignIn).where(SignIn.expires_at < now - REMEMBERED))
    record(session, "signed_in", user, by=user.actor(), now=now)
    return token


def end_sign_in(session: Session, token: str) -> None:
    """Forget a sign-in: its token is worth nothing from now on, wherever it is held."""
    session.execute(delete(SignIn).where(SignIn.token_hash == _hash(token)))


def end_all_sign_ins(session: Session, user_id: int) -> None:
    """Sign a person out everywhere."""
    session.execute(delete(SignIn).where(SignIn.user_id == user_id))


def live_sign_in(session: Session, token: str, *, now: datetime) -> SignIn | None:
    """Return the sign-in behind a token if it is still good."""
    row = session.get(SignIn, _hash(token), options=[joinedload(SignIn.user)])
    return row if row and row.expires_at > now and row.user.is_active else None


def whose_sign_in(session: Session, token: str, *, now: datetime) -> int | None:
    """Return whose a sign-in is, or was if it has ended by itself of late; None once it was ended by anybody."""
    row = session.get(SignIn, _hash(token), options=[joinedload(SignIn.user)])
    return row.user_id if row and row.user.is_active and row.expires_at > now - REMEMBERED else None


def add_user(
    session: Session,
    *,
    email: str,
    name: str,
    role: Role,
    password: str,
    provider_id: int | None = None,
    by: Actor,
    now: datetime,
) -> User:
    """Add a person who may sign in. Raises Invalid if the address is taken or the password short."""
    email, name = plain(email).lower(), plain(name)
    if not name:
        raise Invalid("Enter the person’s name.", field="name")
    if session.scalar(select(User.id).where(User.email == email)):
        raise Invalid("Somebody already signs in with this e-mail address.", field="email")
    if len(password) < 8:
        raise Invalid("Enter a password of at least 8 characters.", field="password")
    user = User(
        email=email,
        name=name,
        role=role,
        provider_id=provider_id,
        password_hash=_passwords.hasher.hash(password),
        created_at=now,
    )
    session.add(user)
    try:
        session.flush()
    except IntegrityError as error:
        if violated(error) != "uq_user_email":  # else somebody added the same address since the look above
            raise
        raise Invalid("Somebody already signs in with this e-mail address.", field="email") from error
    record(session, "user_added", user, by=by, now=now, role=role.value)
    return user


def deactivate_user(session: Session, user_id: int, *, by: Actor, now: datetime) -> User:
    """Let a person sign in no more, and end every sign-in there is. Raises NotAllowed for oneself, and NotFound."""
    if user_id == by.user_id:
        raise NotAllowed("You cannot deactivate yourself.")
    user = _locked(session, user_id)
    if user.is_active:
        user.is_active = False
        end_all_sign_ins(session, user.id)
        record(session, "user_deactivated", user, by=by, now=now)
    return user


def reactivate_user(session: Session, user_id: int, *, by: Actor, now: datetime) -> User:
    """Let a person sign in again. Raises NotFound."""
    user = _locked(session, user_id)
    if not user.is_active:
        user.is_active = True
        record(session, "user_reactivated", user, by=by, now=now)
    return user


def _locked(session: Session, user_id: int) -> User:
    user = session.get(User, user_id, with_for_update={"of": User})
    if user is None:
        raise NotFound("There is no such user.")
    return user


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def councils_at_work(session: Session) -> list[str]:
    """Return the codes of the councils that somebody here works for, in order; the first one at least."""
    staff = select(User.council).where(User.role != Role.PROVIDER).distinct()
    return sorted({COVENTRY.code, *session.scalars(staff)})
