"""Whom an event is told by mail: written with the event's line, in one unit. `domain/messages.py` has the table."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from placement.domain.event_kinds import Told
from placement.domain.events import EVENT
from placement.domain.messages import TELLINGS
from placement.domain.people import Actor, Rights, Role
from placement.records.base import Base
from placement.records.councils import EVERY_COUNCIL
from placement.records.messages import send_later
from placement.records.placements import Placement
from placement.records.providers import Service
from placement.records.referrals import Referral
from placement.records.users import MemberService, User


def tell(session: Session, event: str, subject: Base, *, by: Actor, now: datetime) -> None:
    """Write to whoever is told of what has just happened; nobody is told what they did themselves.

    The row is as it is being changed: nothing is flushed for the questions asked here.
    """
    if event not in TELLINGS or not isinstance(subject, Placement | Referral):
        return
    with session.no_autoflush:
        told = EVENT[event].told
        if told is Told.OTHER_SIDE:
            told = Told.BROKERAGE if by.role is Role.PROVIDER else Told.PROVIDER
        addresses, path = _provider(session, subject, by) if told is Told.PROVIDER else _broker(session, subject, by)
        referral = subject if isinstance(subject, Referral) else subject.referral
        for to in addresses:
            send_later(
                session,
                TELLINGS[event],
                to=to,
                reference=referral.reference or "",
                path=path,
                now=now,
                council=subject.council or referral.council,
            )


def users_of_service(session: Session, service: Service) -> Sequence[User]:
    """Return everybody who acts for a service, whichever council gave them their account; who only looks does not."""
    people = select(User).where(User.provider_id == service.provider_id, User.is_active, User.role == Role.PROVIDER)
    looks_after = select(MemberService.user_id).where(MemberService.service_id == service.id)
    people = people.where(or_(~User.is_limited, User.id.in_(looks_after)))
    acting = people.where(User.rights != Rights.VIEWER).order_by(User.id)
    return session.scalars(acting, execution_options=EVERY_COUNCIL).all()


def _provider(session: Session, subject: Placement | Referral, by: Actor) -> tuple[Sequence[str], str]:
    if not isinstance(subject, Placement) or by.role is Role.PROVIDER:
        return (), ""
    users = users_of_service(session, subject.unit.service)
    return [each.email for each in users], f"/provider/placements/{subject.id}"


def _broker(session: Session, subject: Placement | Referral, by: Actor) -> tuple[Sequence[str], str]:
    """Return whose referral it is or, where it is nobody's, the broker who reserved the (newest) place."""
    if isinstance(subject, Placement):
        broker_id, path = subject.created_by_id, f"/broker/placements/{subject.id}"
    else:
        newest = select(Placement.created_by_id).where(Placement.referral_id == subject.id)
        broker_id = session.scalars(newest.order_by(Placement.id.desc()).limit(1)).first()
        path = f"/broker/referrals/{subject.id}"
    referral = subject if isinstance(subject, Referral) else subject.referral
    broker_id = referral.assigned_to_id or broker_id
    broker = session.get(User, broker_id) if broker_id else None
    if broker is None or not broker.is_active or broker.role is not Role.BROKER or broker.id == by.user_id:
        return (), ""
    return (broker.email,), path
