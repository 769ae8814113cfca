"""Reminding providers of their vacancies: one e-mail a person a day, and on a commissioner's word at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from placement.domain.digests import DIGEST
from placement.domain.people import SYSTEM, Actor, Rights, Role
from placement.domain.text import amount
from placement.market.freshness import ServiceFreshness, stale
from placement.market.national import due_nationally
from placement.market.update_links import link_path
from placement.records.councils import EVERY_COUNCIL
from placement.records.digests import quiet_hours, take_day, wishes
from placement.records.events import record
from placement.records.members import limits
from placement.records.messages import send_later
from placement.records.providers import Service
from placement.records.reminders import note_chase, note_reminder
from placement.records.users import User

NATIONALLY = "vacancies_due_nationally"
"""The message in place of a provider's usual one while numbers of theirs are due in the Capacity Tracker as well."""


ALL_OFF = "Everybody there has turned reminders off"


def remind(session: Session, user: User, rows: Sequence[ServiceFreshness], *, now: datetime) -> bool:
    """Write to one person of a provider about its services that are to be reminded; False if they had today's e-mail.

    A service counts one reminder a day, however many people are written to.
    """
    limit = limits(session, [user])
    named = [row.service for row in rows if row.is_to_remind and _looks_after(user, row.service, limit)]
    if not named or user.provider_id is None or not take_day(session, user.id, now=now):
        return False
    path = link_path(session, user.provider_id, user, now=now)
    nationally_by = due_nationally(session, actor=user.actor(), now=now)
    kind = NATIONALLY if nationally_by else DIGEST[Role.PROVIDER].message
    said = amount(len(named), "service")
    send_later(
        session, kind, to=user.email, reference=said, path=path, until=nationally_by, now=now, council=user.council
    )
    for service in sorted(named, key=lambda each: each.id):
        if note_reminder(session, service.id, now=now):
            record(session, "service_reminded", service, by=SYSTEM, now=now)
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Chased:
    """What became of a commissioner's word, in ids of services: reminded now, on the next morning, or not by e-mail."""

    now: frozenset[int]
    later: frozenset[int]
    unreachable: frozenset[int]


def chase(session: Session, service_ids: Collection[int], *, by: Actor, now: datetime) -> Chased:
    """Remind those of some services whose numbers are stale, whatever was written to them before.

    Nobody gets a second e-mail on one day, none at night, and none who wants none.
    """
    asked = {row.service.id for row in stale(session, now=now) if row.service.id in service_ids}
    note_chase(session, asked, by.name, now=now)
    rows = [row for row in stale(session, now=now) if row.service.id in asked]
    for row in rows:
        record(session, "service_chased", row.service, by=by, now=now)
    is_quiet = quiet_hours(session).are_now(now)
    reaching = reach(session, [row.service for row in rows])
    people = {user.id: user for known in reaching.values() for user in known.people}
    written = {number: not is_quiet and remind(session, people[number], rows, now=now) for number in sorted(people)}
    of = {
        number: any(written[user.id] for user in known.people) if known.people else None
        for number, known in reaching.items()
    }
    return Chased(
        now=frozenset(number for number, was in of.items() if was),
        later=frozenset(number for number, was in of.items() if was is False),
        unreachable=frozenset(number for number, was in of.items() if was is None),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Reachable:
    """Whom a reminder about a service reaches; where it reaches nobody, `why`."""

    people: tuple[User, ...] = ()
    why: str = "Nobody there has an account"


def reach(session: Session, services: Collection[Service]) -> dict[int, Reachable]:
    """Return whom a reminder about each of some services reaches, by its id; of every council's accounts."""
    of = {service.provider_id for service in services}
    people = select(User).where(User.provider_id.in_(of), User.is_active, User.role == Role.PROVIDER)
    acting = people.where(User.rights != Rights.VIEWER).order_by(User.id)
    users = session.scalars(acting, execution_options=EVERY_COUNCIL).all()
    wanted = wishes(session, {user.id: user.role for user in users})
    limit = limits(session, users)
    found = {}
    for service in services:
        theirs = [user for user in users if _looks_after(user, service, limit)]
        on = tuple(user for user in theirs if wanted[user.id].is_on)
        found[service.id] = Reachable(people=on, why=ALL_OFF) if theirs else Reachable()
    return found


def _looks_after(user: User, service: Service, limit: Mapping[int, Collection[int]]) -> bool:
    return user.provider_id == service.provider_id and service.id in limit.get(user.id, (service.id,))
