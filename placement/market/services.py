"""Services, as people look for them and as providers keep them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import Select, func, or_
from sqlalchemy.orm import Session, selectinload

from placement.domain.contact_hours import LONGEST_ROLE, ContactHours, stored
from placement.domain.contacts import is_email, is_telephone
from placement.domain.errors import Invalid
from placement.domain.people import Actor
from placement.domain.services import SERVICE_TYPE
from placement.domain.states import Status
from placement.domain.text import plain
from placement.geography.gazetteer import Located
from placement.records.events import record
from placement.records.pages import START, Key, Page, PlaceInList, page_of
from placement.records.providers import Provider, Service, Standing, Unit
from placement.records.visibility import one, visible_services, visible_units

DEEP = (
    selectinload(Service.provider),
    selectinload(Service.units).selectinload(Unit.features),
    selectinload(Service.units).selectinload(Unit.shared_caps),
)


def services(session: Session, *, actor: Actor, words: str = "", service_type: str = "") -> Sequence[Service]:
    """Return listed services by name; `words` looks in the name, the provider's name and the postcode."""
    rows = _listed(actor, words)
    if service_type:
        rows = rows.where(Service.service_type == service_type)
    return session.scalars(rows.options(*DEEP).order_by(Service.name, Service.id)).all()


def services_page(session: Session, *, actor: Actor, words: str = "", at: PlaceInList = START) -> Page[Service]:
    """Return a page of the listed services by name; words are looked for as `services` looks for them."""
    return page_of(
        session, _listed(actor, words).options(*DEEP), Key(column=Service.name), Key(column=Service.id), at=at
    )


_SEARCHED = (Service.name, Provider.name, Service.postcode)


def service(session: Session, service_id: int, *, actor: Actor) -> Service:
    """Return one service. Raises NotFound."""
    return one(session, visible_services(actor).where(Service.id == service_id).options(*DEEP), "service")


def services_by_id(session: Session, ids: Collection[int], *, actor: Actor) -> dict[int, Service]:
    """Return those of some services that an actor may see, by their ids; with whom to ring there."""
    rows = visible_services(actor).where(Service.id.in_(ids)).options(selectinload(Service.provider))
    return {each.id: each for each in session.scalars(rows)}


def unit(session: Session, unit_id: int, *, actor: Actor) -> Unit:
    """Return one unit. Raises NotFound."""
    rows = visible_units(actor).where(Unit.id == unit_id)
    return one(session, rows.options(selectinload(Unit.features), selectinload(Unit.service)), "unit")


def add_provider(session: Session, name: str, *, cqc_id: str | None = None, by: Actor, now: datetime) -> Provider:
    """Add an organisation."""
    provider = Provider(name=plain(name), cqc_id=cqc_id)
    session.add(provider)
    record(session, "provider_added", provider, by=by, now=now)
    return provider


def add_service(
    session: Session,
    provider: Provider,
    *,
    name: str,
    service_type: str,
    at: Located,
    by: Actor,
    now: datetime,
    quality: int | None = None,
    rated_on: date | None = None,
    cqc_location_id: str | None = None,
) -> Service:
    """Add a service at a located postcode. Raises Invalid for a type that is not in the table."""
    if service_type not in SERVICE_TYPE:
        raise Invalid("Choose one of the service types.", field="service_type")
    added = Service(
        provider=provider,
        name=plain(name),
        service_type=service_type,
        quality=quality,
        rated_on=rated_on,
        cqc_location_id=cqc_location_id,
        postcode=at.postcode,
        lat=at.point.lat,
        lon=at.point.lon,
        authority=at.authority,
        lsoa=at.lsoa,
        ward_code=at.ward.code if at.ward else None,
    )
    session.add(added)
    record(session, "service_added", added, by=by, now=now)
    return added


def lock_service(session: Session, service: Service) -> None:
    """Lock a service and look at it again: somebody may have changed it a moment ago."""
    session.refresh(service, with_for_update=True)


def set_contact_hours(
    session: Session, service: Service, hours: Sequence[ContactHours], *, by: Actor, now: datetime
) -> None:
    """Say whom to ring at which hours, the first row that holds counting. Raises Invalid, naming the field."""
    for number, row in enumerate(hours, 1):
        if not row.role or len(row.role) > LONGEST_ROLE:
            raise Invalid(f"Enter a role, of at most {LONGEST_ROLE} characters.", field=f"role_{number}")
        if not is_telephone(row.telephone):
            raise Invalid("Enter a telephone number, for example 024 7655 0100.", field=f"telephone_{number}")
    if stored(hours) != service.contact_hours:
        service.contact_hours = stored(hours)
        record(session, "contact_hours_changed", service, by=by, now=now, rows=len(hours))


def set_contact(session: Session, service: Service, *, telephone: str, email: str, by: Actor, now: datetime) -> None:
    """Say how brokerage reaches a service; either may be empty. Raises Invalid, naming the field."""
    telephone, email = plain(telephone), plain(email)
    if telephone and not is_telephone(telephone):
        raise Invalid("Enter a telephone number, for example 024 7655 0100.", field="telephone")
    if email and not is_email(email):
        raise Invalid("Enter an e-mail address, for example name@example.org.", field="email")
    if (telephone, email) != (service.telephone, service.email):
        service.telephone, service.email = telephone, email
        record(session, "contact_changed", service, by=by, now=now)


def set_standing(
    session: Session,
    provider: Provider,
    status: Status,
    *,
    start_on: date,
    end_on: date | None = None,
    reason: str,
    cause: str = "not_recorded",
    review_on: date | None = None,
    by: Actor,
    now: datetime,
) -> Standing:
    """Record a provider's status from a day, with its cause, reason and decider. Raises Invalid, naming the field."""
    if end_on is not None and end_on <= start_on:
        raise Invalid("Enter a last day after the first, or leave it empty.", field="end_on")
    standing = Standing(
        provider_id=provider.id,
        status=status,
        start_on=start_on,
        end_on=end_on,
        cause=cause,
        reason=reason,
        decided_by=by.name,
        review_on=review_on,
        created_at=now,
    )
    session.add(standing)
    record(session, "standing_set", standing, by=by, now=now, status=status.value, cause=cause)
    return standing


def _listed(actor: Actor, words: str) -> Select[Service]:
    rows = visible_services(actor).join(Service.provider).where(Service.is_listed)
    if not words:
        return rows
    pattern = f"%{_escaped(words)}%"
    return rows.where(or_(*(func.lower(column).like(pattern.lower(), escape="\\") for column in _SEARCHED)))


def _escaped(words: str) -> str:
    return words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
