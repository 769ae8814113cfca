"""A provider comes to the market: its location is found in the register, added from a file of the CQC, or by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from placement.domain.clocks import today
from placement.domain.errors import Invalid
from placement.domain.features import Evidence
from placement.domain.limits import MOST_PLACES
from placement.domain.people import Actor
from placement.domain.text import plain
from placement.geography.gazetteer import Gazetteer, Located
from placement.market.imports.apply import apply_import
from placement.market.imports.changes import ALL_PLACES
from placement.market.imports.cqc.cells import identity
from placement.market.imports.cqc.combine import combine
from placement.market.imports.cqc.files import read_file
from placement.market.imports.organisations import UNNAMED
from placement.market.imports.plan import plan_import
from placement.market.imports.scope import EVERYWHERE
from placement.market.services import add_provider, add_service
from placement.records.events import record
from placement.records.providers import FormerRegistration, Provider, Service, ServiceBand, Unit, UnitFeature

NOT_IN_FILE = "The file does not name the location {}."
NOT_ADDED = "The location stands in the file and cannot be added: {}."


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundLocation:
    """A location as the register has it, with all that somebody looks at before they say that it is the right one.

    `bands` are slugs of features: for whom the CQC says that it is built. `others` are the organisation's other
    services.
    """

    service: Service
    bands: Sequence[str]
    others: Sequence[str]
    places: int
    is_registered: bool

    @property
    def provider(self) -> Provider:
        """The organisation that runs it."""
        return self.service.provider


def location_id(typed: str) -> str:
    """Return a location ID as the CQC writes it, or nothing for what cannot be one."""
    return identity(typed)


def service_of_location(session: Session, number: str) -> Service | None:
    """Return the service that is, or was, registered under a location ID."""
    rows = select(Service).options(joinedload(Service.provider))
    now = session.scalar(rows.where(Service.cqc_location_id == number))
    former = select(FormerRegistration.service_id).where(FormerRegistration.cqc_location_id == number)
    return now or session.scalar(rows.where(Service.id.in_(former)))


def found_service(session: Session, service: Service, *, on: date) -> FoundLocation:
    """Return what there is to look at before somebody is invited for a service."""
    bands = select(ServiceBand.slug).where(ServiceBand.service_id == service.id).order_by(ServiceBand.slug)
    others = select(Service.name).where(Service.provider_id == service.provider_id, Service.id != service.id)
    places = select(func.coalesce(func.sum(Unit.capacity), 0)).where(Unit.service_id == service.id)
    return FoundLocation(
        service=service,
        bands=session.scalars(bands).all(),
        others=session.scalars(others.where(Service.is_listed).order_by(Service.name)).all(),
        places=session.scalar(places) or 0,
        is_registered=service.is_registered_on(on),
    )


def add_from_file(
    session: Session, content: bytes, *, name: str, number: str, gazetteer: Gazetteer, by: Actor, now: datetime
) -> Service:
    """Add one location from a file of the CQC, and its provider, as an import would; the rest of the file is left.

    Raises UnusableFile, and Invalid where the file does not name the location or it has no part in the market.
    """
    read = read_file(content, name=name)
    combined = combine(read)
    if number not in combined.locations:
        raise Invalid(NOT_IN_FILE.format(number), field="file")
    location = combined.locations[number]
    providers = {key: each for key, each in combined.providers.items() if key == location.provider_id}
    one = replace(combined, locations={number: location}, providers=providers, goes_on_as={})
    plan = plan_import(session, one, gazetteer, on=today(now), scope=EVERYWHERE)
    apply_import(session, plan, by=by, now=now)
    session.flush()
    added = service_of_location(session, number)
    if added is None:
        reasons = [each.reason.value for each in plan.left_out] + [each.reason for each in plan.problems]
        raise Invalid(NOT_ADDED.format("; ".join(reasons) or "the file says too little about it"), field="file")
    return added


def add_by_hand(
    session: Session,
    *,
    organisation: str,
    name: str,
    service_type: str,
    at: Located,
    number: str,
    by: Actor,
    now: datetime,
) -> Service:
    """Add a service that the CQC's files do not tell of; an organisation of just this name gets one more.

    Raises Invalid for a location ID that is known already, naming the field.
    """
    if number and service_of_location(session, number):
        raise Invalid("A service with this location ID is in the register already.", field="number")
    organisation = plain(organisation)
    same = select(Provider).where(func.lower(Provider.name) == organisation.lower()).order_by(Provider.id).limit(1)
    provider = session.scalar(same) or add_provider(session, organisation, by=by, now=now)
    return add_service(
        session,
        provider,
        name=name,
        service_type=service_type,
        at=at,
        cqc_location_id=number or None,
        by=by,
        now=now,
    )


def is_unnamed(provider: Provider) -> bool:
    """Return whether no file has told an organisation's name yet: a location's own record has its number alone."""
    return provider.name == UNNAMED.format(provider.cqc_id)


def name_provider(session: Session, provider: Provider, name: str, *, by: Actor, now: datetime) -> None:
    """Give an organisation its name where none is known; the next file of the CQC that has one overwrites it."""
    session.refresh(provider, with_for_update=True)
    if is_unnamed(provider) and plain(name):
        provider.name = plain(name)
        record(session, "provider_named", provider, by=by, now=now)


def add_first_unit(session: Session, service: Service, places: int, *, by: Actor, now: datetime) -> Unit:
    """Let a service without units begin with one, for whom the CQC says that it is built. Raises Invalid."""
    if not 1 <= places <= MOST_PLACES:
        raise Invalid(f"Enter between 1 and {MOST_PLACES:,} places.", field="places")
    bands = session.scalars(select(ServiceBand.slug).where(ServiceBand.service_id == service.id)).all()
    unit = Unit(service=service, name=ALL_PLACES, capacity=places)
    unit.features = [UnitFeature(slug=slug, evidence=Evidence.CQC_BAND, evidence_on=today(now)) for slug in bands]
    session.add(unit)
    record(session, "unit_added", unit, by=by, now=now, offers=sorted(bands), capacity=places)
    return unit
