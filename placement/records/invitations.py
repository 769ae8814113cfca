"""Inviting somebody by e-mail to sign in: the link opens once, for a week, and a newer one takes its place.

Whether an address has an account elsewhere is told to nobody who invites: only who holds the link reads it.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from placement.domain.contacts import is_email
from placement.domain.councils import COUNCIL
from placement.domain.errors import Invalid, NotAllowed, NotFound
from placement.domain.people import SYSTEM, Actor, Rights, Role
from placement.domain.text import plain
from placement.records.accounts import add_user
from placement.records.councils import EVERY_COUNCIL, scope_of
from placement.records.events import record
from placement.records.joining import OPEN, Invitation
from placement.records.links import hash_of
from placement.records.messages import send_later
from placement.records.users import User

LASTS = timedelta(days=7)


def invite(
    session: Session,
    *,
    email: str,
    name: str,
    role: Role = Role.PROVIDER,
    provider_id: int | None = None,
    rights: Rights = Rights.EDITOR,
    by: Actor,
    now: datetime,
) -> Invitation:
    """Invite somebody; who is invited already gets a new link. Raises Invalid, naming the field, and NotAllowed."""
    require_may_invite(by, role, provider_id)
    email, name = plain(email).lower(), plain(name)
    if not name:
        raise Invalid("Enter the person’s name.", field="name")
    if not is_email(email):
        raise Invalid("Enter an e-mail address, for example name@example.org.", field="email")
    if provider_id is not None and session.scalar(_there(email, provider_id), execution_options=EVERY_COUNCIL):
        raise Invalid("This person signs in for the organisation already.", field="email")
    found = session.scalar(_open().where(Invitation.email == email, Invitation.provider_id == provider_id))
    row = found or Invitation(email=email, role=role, provider_id=provider_id, council=scope_of(session) or by.council)
    row.name, row.role, row.rights = name, role, rights if role is Role.PROVIDER else Rights.EDITOR
    session.add(row)
    _write(session, row, by=by, now=now)
    record(session, "invitation_sent", row, by=by, now=now, role=role.value, rights=row.rights.value)
    return row


def require_may_invite(by: Actor, role: Role, provider_id: int | None) -> None:
    """Raise NotAllowed unless somebody may invite others of a role: a lead for their own, the council for providers.

    The council's own people are invited by its administrators.
    """
    is_own = by.is_lead and role is Role.PROVIDER and provider_id == by.provider_id
    if is_own or by.role is Role.ADMIN or (by.role is Role.COMMISSIONER and role is Role.PROVIDER):
        return
    raise NotAllowed("Only a lead of the organisation invites people.")


def invitation(session: Session, invitation_id: int, *, by: Actor) -> Invitation:
    """Return an open invitation of the actor's own organisation, locked. Raises NotFound and NotAllowed."""
    own = _open().where(Invitation.id == invitation_id, Invitation.provider_id == by.provider_id)
    row = session.scalar(own, execution_options=EVERY_COUNCIL)
    if row is None:
        raise NotFound("There is no such invitation.")
    require_may_invite(by, row.role, row.provider_id)
    return row


def invite_again(session: Session, row: Invitation, *, by: Actor, now: datetime) -> None:
    """Write another link; the one before opens nothing any more."""
    _write(session, row, by=by, now=now)
    record(session, "invitation_sent", row, by=by, now=now, role=row.role.value, rights=row.rights.value)


def withdraw_invitation(session: Session, row: Invitation, *, by: Actor, now: datetime) -> None:
    """Let an invitation open nothing any more."""
    row.withdrawn_at = now
    record(session, "invitation_withdrawn", row, by=by, now=now)


def open_invitations(session: Session, provider_id: int) -> Sequence[Invitation]:
    """Return who is invited by or for an organisation and has not come yet, by address."""
    rows = select(Invitation).where(OPEN, Invitation.provider_id == provider_id).order_by(Invitation.email)
    return session.scalars(rows, execution_options=EVERY_COUNCIL).all()


def invitation_of_link(session: Session, secret: str, *, now: datetime, lock: bool = False) -> Invitation:
    """Return what a link invites to. Raises NotFound for one that is taken up, withdrawn, over or never was."""
    rows = select(Invitation).where(OPEN, Invitation.hash == hash_of(secret), Invitation.until > now)
    rows = rows.with_for_update() if lock else rows
    row = session.scalar(rows.execution_options(populate_existing=True, **EVERY_COUNCIL))
    if row is None:
        raise NotFound("This invitation has been taken up already, was withdrawn, or its time is over.")
    return row


def take_up(session: Session, secret: str, *, name: str, password: str | None, now: datetime) -> User:
    """Make the account that a link invites to, and use the link up; without a password its owner signs in by links.

    Raises NotFound as `invitation_of_link` does, and Invalid for a bad name or password, or where the address has an
    account already.
    """
    row = invitation_of_link(session, secret, now=now, lock=True)
    row.taken_up_at = now
    user = add_user(
        session,
        email=row.email,
        name=name,
        role=row.role,
        provider_id=row.provider_id,
        rights=row.rights,
        council=row.council,
        password=password or None,
        by=SYSTEM,
        now=now,
    )
    record(session, "invitation_taken_up", row, by=user.actor(), now=now, user=user.id)
    return user


def _open() -> Select[Invitation]:
    return select(Invitation).where(OPEN).with_for_update()


def _there(email: str, provider_id: int) -> Select[int]:
    return select(User.id).where(User.email == email, User.provider_id == provider_id, User.is_active)


def _write(session: Session, row: Invitation, *, by: Actor, now: datetime) -> None:
    secret = secrets.token_urlsafe(32)
    row.hash, row.until = hash_of(secret), now + LASTS
    row.invited_at, row.invited_by, row.invited_by_id = now, by.name, by.user_id
    send_later(
        session,
        "invitation",
        to=row.email,
        reference=COUNCIL[row.council].place,
        path=f"/join/invitation/{secret}",
        until=row.until,
        now=now,
        council=row.council,
    )
