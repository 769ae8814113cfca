"""Who signs in for a provider, and what each of them may do there: its leads say so, and one of them always stays."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from placement.domain.errors import Invalid, NotAllowed, NotFound
from placement.domain.people import Actor, Rights, Role
from placement.records.accounts import end_all_sign_ins, let_go, locked_user, unlimit
from placement.records.councils import EVERY_COUNCIL
from placement.records.events import record
from placement.records.providers import Service
from placement.records.users import MemberService, User

ONLY_LEADS = "Only a lead of the organisation changes who works for it."


def members(session: Session, provider_id: int) -> Sequence[User]:
    """Return everybody who signs in for a provider, by name."""
    people = select(User).where(User.provider_id == provider_id, User.is_active, User.role == Role.PROVIDER)
    return session.scalars(people.order_by(User.name, User.id), execution_options=EVERY_COUNCIL).all()


def member(session: Session, user_id: int, *, by: Actor) -> User:
    """Return somebody who signs in for the actor's own provider. Raises NotFound."""
    own = select(User).where(User.id == user_id, User.provider_id == by.provider_id, User.is_active)
    found = session.scalar(own, execution_options=EVERY_COUNCIL)
    if found is None:
        raise NotFound("There is no such person.")
    return found


def require_lead(by: Actor) -> None:
    """Raise NotAllowed for anybody but a lead."""
    if not by.is_lead:
        raise NotAllowed(ONLY_LEADS)


def set_rights(session: Session, user_id: int, rights: Rights, *, by: Actor, now: datetime) -> User:
    """Say what somebody may do for their provider; every sign-in of theirs ends.

    Raises NotFound, and NotAllowed for who is no lead, and for the only lead's own rights unless the council gives
    them others.
    """
    user = _to_change(session, user_id, by=by)
    if user.rights is Rights.LEAD and rights is not Rights.LEAD and by.role is Role.PROVIDER:
        _require_another_lead(session, user)
    if user.rights is not rights:
        if rights is Rights.LEAD:
            unlimit(session, user)
        before, user.rights = user.rights, rights
        end_all_sign_ins(session, user.id)
        record(session, "rights_changed", user, by=by, now=now, before=before.value, after=rights.value)
    return user


def limit_member(session: Session, user_id: int, service_ids: Collection[int], *, by: Actor, now: datetime) -> User:
    """Limit somebody to some services of their provider; to none means that they look after all of them again.

    Raises NotFound, NotAllowed for who is no lead, and Invalid for a lead and for services of somebody else.
    """
    user = _to_change(session, user_id, by=by)
    own = select(Service.id).where(Service.provider_id == user.provider_id, Service.id.in_(service_ids))
    chosen = sorted(session.scalars(own, execution_options=EVERY_COUNCIL))
    if len(chosen) < len(set(service_ids)):
        raise Invalid("Choose among the services of your organisation.", field="services")
    if chosen and user.rights is Rights.LEAD:
        raise Invalid("A lead looks after every service: choose other rights first, or no service.", field="services")
    if (chosen or None) == limits(session, [user]).get(user.id):
        return user
    session.execute(delete(MemberService).where(MemberService.user_id == user.id))
    session.add_all(MemberService(user_id=user.id, service_id=each) for each in chosen)
    user.is_limited = bool(chosen)
    session.flush()
    record(session, "member_limited", user, by=by, now=now, services=chosen)
    return user


def limits(session: Session, users: Collection[User]) -> dict[int, list[int]]:
    """Return the services of each of some users who is limited, by their ids; who is not does not stand there."""
    found: dict[int, list[int]] = {user.id: [] for user in users if user.is_limited}
    rows = select(MemberService).where(MemberService.user_id.in_(found)).order_by(MemberService.service_id)
    for row in session.scalars(rows) if found else ():
        found[row.user_id].append(row.service_id)
    return found


def remove_member(session: Session, user_id: int, *, by: Actor, now: datetime) -> User:
    """Let somebody who leaves sign in no more; what they have begun stays with the organisation.

    Raises NotFound, and NotAllowed for oneself and for who is no lead.
    """
    user = _to_change(session, user_id, by=by)
    if user.id == by.user_id:
        raise NotAllowed("You cannot remove yourself. Ask another lead to do it.")
    let_go(session, user, by=by, now=now)
    return user


def _to_change(session: Session, user_id: int, *, by: Actor) -> User:
    """Return somebody whom the actor may change, with the leads' rows locked first: two who change each other meet."""
    if by.role is not Role.PROVIDER:
        return locked_user(session, user_id)
    require_lead(by)
    found = member(session, user_id, by=by)
    leads = _leads(session, by.provider_id)
    if by.user_id not in [each.id for each in leads]:
        raise NotAllowed("You are not a lead of the organisation any more.")
    session.refresh(found, with_for_update={"of": User})
    if not found.is_active:
        raise NotFound("There is no such person.")
    return found


def _require_another_lead(session: Session, user: User) -> None:
    if [each.id for each in _leads(session, user.provider_id)] == [user.id]:
        raise NotAllowed("This is the only lead of the organisation. Make somebody else a lead first.")


def _leads(session: Session, provider_id: int | None) -> Sequence[User]:
    rows = select(User).where(User.provider_id == provider_id, User.is_active, User.rights == Rights.LEAD)
    locked = rows.order_by(User.id).with_for_update(of=User).execution_options(populate_existing=True, **EVERY_COUNCIL)
    return session.scalars(locked).all()
