"""Who may sign in, and signing in and out: accounts, passwords, live sign-ins."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from placement.domain.councils import COVENTRY
from placement.domain.errors import Invalid, NotAllowed, NotFound
from placement.domain.people import Actor, Rights, Role
from placement.domain.text import plain
from placement.records.councils import EVERY_COUNCIL
from placement.records.events import record
from placement.records.joining import OPEN, Invitation
from placement.records.links import MailLink, Purpose
from placement.records.passwords import require_good
from placement.records.races import violated
from placement.records.users import MemberService, SignIn, User

DEFAULT = PasswordHasher()  # argon2id with the library's defaults, RFC 9106 low-memory profile
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


def check_password(session: Session, email: str, password: str) -> User | None:
    """Return the active user with this e-mail address and password, or None, in the same time."""
    user = session.scalar(select(User).where(User.email == email.strip().lower()))
    try:
        _passwords.hasher.verify((user and user.password_hash) or _passwords.nobody, password)
    except (VerificationError, InvalidHashError):
        return None
    return user if user and user.is_active and user.password_hash else None


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
    """Sign a person out everywhere; a link to sign in that is on its way opens nothing either."""
    session.execute(delete(MailLink).where(MailLink.purpose == Purpose.SIGN_IN, MailLink.user_id == user_id))
    session.execute(delete(SignIn).where(SignIn.user_id == user_id))


def live_sign_in(session: Session, token: str, *, now: datetime) -> SignIn | None:
    """Return the sign-in behind a token if it is still good."""
    row = session.get(SignIn, _hash(token), options=[joinedload(SignIn.user)])
    return row if row and row.expires_at > now and row.user.is_active and not row.waits_for_code else None


def whose_sign_in(session: Session, token: str, *, now: datetime) -> int | None:
    """Return whose a sign-in is, or was if it has ended by itself of late; None once it was ended by anybody."""
    row = session.get(SignIn, _hash(token), options=[joinedload(SignIn.user)])
    if row is None or row.waits_for_code or not row.user.is_active:
        return None
    return row.user_id if row.expires_at > now - REMEMBERED else None


def add_user(
    session: Session,
    *,
    email: str,
    name: str,
    role: Role,
    password: str | None,
    provider_id: int | None = None,
    rights: Rights | None = None,
    council: str | None = None,
    by: Actor,
    now: datetime,
    is_published: bool = False,
) -> User:
    """Add a person who may sign in. Raises Invalid if the address is taken or the password not good.

    Who has no password signs in by links. Of a provider's people whose rights nobody says, the first is its lead.
    `is_published` is for the demo's accounts alone, whose password everybody may know.
    """
    email, name = plain(email).lower(), plain(name)
    if not name:
        raise Invalid("Enter the person’s name.", field="name")
    if session.scalar(select(User.id).where(User.email == email)):
        raise Invalid("Somebody already signs in with this e-mail address.", field="email")
    if password is not None and not is_published:
        require_good(password, email=email, name=name)
    user = User(
        email=email,
        name=name,
        role=role,
        provider_id=provider_id,
        rights=rights or _first_rights(session, provider_id),
        council=council,
        password_hash="" if password is None else _passwords.hasher.hash(password),
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
    """Let a person sign in no more, and end every sign-in there is.

    Raises NotAllowed for oneself and for the last administrator of a council, and NotFound.
    """
    if user_id == by.user_id:
        raise NotAllowed("You cannot deactivate yourself.")
    user = _with_an_administrator_left(session, user_id, by=by)
    let_go(session, user, by=by, now=now)
    return user


def let_go(session: Session, user: User, *, by: Actor, now: datetime) -> None:
    """End everything that somebody who leaves could come in by: sign-ins, links, and whom they have invited."""
    if user.is_active:
        user.is_active = False
        end_all_sign_ins(session, user.id)
        theirs = update(Invitation).where(OPEN, Invitation.invited_by_id == user.id).values(withdrawn_at=now)
        session.execute(theirs.execution_options(**EVERY_COUNCIL))
        record(session, "user_deactivated", user, by=by, now=now)


def reactivate_user(session: Session, user_id: int, *, by: Actor, now: datetime) -> User:
    """Let a person sign in again. Raises NotFound."""
    user = locked_user(session, user_id)
    if not user.is_active:
        user.is_active = True
        record(session, "user_reactivated", user, by=by, now=now)
    return user


def change_role(
    session: Session, user_id: int, role: Role, *, provider_id: int | None = None, by: Actor, now: datetime
) -> User:
    """Let a person do something else from now on; every sign-in of theirs ends.

    Raises NotAllowed for the last administrator of a council, and NotFound.
    """
    user = (
        _with_an_administrator_left(session, user_id, by=by)
        if role is not Role.ADMIN
        else locked_user(session, user_id)
    )
    before = user.role
    if (before, user.provider_id) != (role, provider_id):
        unlimit(session, user)
        user.rights = _first_rights(session, provider_id)
        user.role, user.provider_id = role, provider_id
        end_all_sign_ins(session, user.id)
        record(session, "role_changed", user, by=by, now=now, before=before.value, after=role.value)
    return user


def unlimit(session: Session, user: User) -> None:
    """Let somebody look after every service of their provider again, as a change of what they are does."""
    user.is_limited = False
    session.execute(delete(MemberService).where(MemberService.user_id == user.id))


def has_password(session: Session, user_id: int) -> bool:
    """Return whether somebody has a password; who has none signs in by links alone."""
    return bool(session.scalar(select(User.password_hash).where(User.id == user_id)))


def change_password(session: Session, user_id: int, *, current: str | None, new: str, now: datetime) -> User:
    """Change one's own password; every sign-in ends. Raises Invalid for a wrong current one and for a bad new one.

    Who has none yet, and only they, need say no current one.
    """
    user = locked_user(session, user_id)
    try:
        if user.password_hash or current is not None:
            _passwords.hasher.verify(user.password_hash, current or "")
    except (VerificationError, InvalidHashError):
        raise Invalid("This is not your password.", field="current") from None
    if new == current:
        raise Invalid("Choose a password that is not the one you have.", field="password")
    _set_password(session, user, new)
    record(session, "password_changed", user, by=user.actor(), now=now)
    return user


def reset_password(session: Session, user_id: int, new: str, *, by: Actor, now: datetime) -> User:
    """Give a person another password; every sign-in of theirs ends. Raises Invalid for a bad one, and NotFound."""
    user = locked_user(session, user_id)
    _set_password(session, user, new)
    record(session, "password_reset", user, by=by, now=now)
    return user


def user_with_id(session: Session, user_id: int) -> User:
    """Return a user. Raises NotFound."""
    user = session.get(User, user_id)
    if user is None:
        raise NotFound("There is no such user.")
    return user


def user_named(session: Session, email: str) -> User:
    """Return the user with this e-mail address. Raises NotFound."""
    user = session.scalar(select(User).where(User.email == email.strip().lower()))
    if user is None:
        raise NotFound(f"Nobody signs in with {email}.")
    return user


def _first_rights(session: Session, provider_id: int | None) -> Rights:
    """Return what somebody may do who comes to a provider: who comes where nobody leads is the lead."""
    leads = select(User.id).where(User.provider_id == provider_id, User.rights == Rights.LEAD, User.is_active)
    if provider_id is None or session.scalar(leads.limit(1), execution_options=EVERY_COUNCIL):
        return Rights.EDITOR
    return Rights.LEAD


def _set_password(session: Session, user: User, new: str) -> None:
    require_good(new, email=user.email, name=user.name)
    user.password_hash = _passwords.hasher.hash(new)
    end_all_sign_ins(session, user.id)


def _with_an_administrator_left(session: Session, user_id: int, *, by: Actor) -> User:
    """Return a user, locked, after whose going the council still has an administrator.

    Every administrator's row is locked, in one order: of two who let each other go at once, the second is refused.
    """
    council = session.scalar(select(User.council).where(User.id == user_id))
    if council is None:
        raise NotFound("There is no such user.")
    rows = select(User).where(User.role == Role.ADMIN, User.is_active, User.council == council).order_by(User.id)
    left = session.scalars(rows.with_for_update(of=User).execution_options(populate_existing=True)).all()
    ids = [user.id for user in left]
    if by.user_id is not None and by.role is Role.ADMIN and by.user_id not in ids:
        raise NotAllowed("You are not an administrator any more.")
    if ids == [user_id]:
        raise NotAllowed("This is the only administrator who can sign in. Add another one first.")
    return locked_user(session, user_id)


def locked_user(session: Session, user_id: int) -> User:
    """Return a user with their row locked. Raises NotFound."""
    user = session.get(User, user_id, with_for_update={"of": User}, populate_existing=True)
    if user is None:
        raise NotFound("There is no such user.")
    return user


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def councils_at_work(session: Session) -> list[str]:
    """Return the codes of the councils that somebody here works for, in order; the first one at least."""
    staff = select(User.council).where(User.role != Role.PROVIDER).distinct()
    return sorted({COVENTRY.code, *session.scalars(staff)})
