"""Whom at the council a provider calls about new places."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from placement.domain.contacts import is_email, is_telephone
from placement.domain.councils import COUNCILS, COVENTRY, Council
from placement.domain.errors import Invalid
from placement.domain.people import Actor
from placement.domain.text import plain
from placement.records.contacts import CouncilContact
from placement.records.councils import ServiceCouncil, council_of
from placement.records.events import record
from placement.records.providers import Service


def council_contact(session: Session, *, lock: bool = False) -> CouncilContact | None:
    """Return whom to call at the council at work; None where nobody has said. `lock`: and keep it as it is."""
    rows = select(CouncilContact).where(CouncilContact.council == council_of(session).code)
    return session.scalar(rows.with_for_update() if lock else rows)


def councils_of_provider(session: Session, provider_id: int) -> list[Council]:
    """Return the councils that can place people with a provider, in their order; the first one where none can yet."""
    rows = select(ServiceCouncil.council).join(Service, Service.id == ServiceCouncil.service_id)
    known = set(session.scalars(rows.where(Service.provider_id == provider_id)))
    return [council for council in COUNCILS if council.code in known] or [COVENTRY]


def set_council_contact(
    session: Session, *, team: str, telephone: str, email: str, by: Actor, now: datetime
) -> CouncilContact:
    """Say whom to call. Raises Invalid, naming the field, for what cannot be called or written to."""
    team, telephone, email = plain(team), plain(telephone), plain(email)
    if not team:
        raise Invalid("Enter the name of a team.", field="team")
    if telephone and not is_telephone(telephone):
        raise Invalid("Enter a telephone number, for example 024 7655 0100.", field="telephone")
    if email and not is_email(email):
        raise Invalid("Enter an e-mail address, for example name@example.org.", field="email")
    if not telephone and not email:
        raise Invalid("Enter a telephone number or an e-mail address.", field="telephone")
    row = council_contact(session, lock=True)
    if row is not None and (row.team, row.telephone, row.email) == (team, telephone, email):
        return row
    row = row or CouncilContact(council=council_of(session).code)
    row.team, row.telephone, row.email = team, telephone, email
    session.add(row)
    record(session, "council_contact_set", row, by=by, now=now)
    return row
