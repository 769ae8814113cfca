"""What the register holds before an import: services and providers as plain values, read in five queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from placement.domain.states import LIVE
from placement.records.councils import EVERY_COUNCIL
from placement.records.placements import Placement
from placement.records.providers import FormerRegistration, Provider, Service, ServiceBand, Unit

COLUMNS = (
    "cqc_location_id", "name", "service_type", "address", "postcode", "lat", "lon", "authority", "lsoa", "ward_code",
    "quality", "rated_on", "cqc_beds", "registered_on", "deregistered_on", "is_dormant", "is_listed",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredService:
    """One service: the values of the CQC's fields, `provider` being the provider's CQC id.

    `live_stays` are the people of every council who have a place there or live there.
    """

    row_id: int
    version: int
    provider_row_id: int
    values: Mapping[str, Any]
    live_stays: int = 0

    @property
    def location_id(self) -> str | None:
        """The location id under which the service is registered now."""
        location_id: str | None = self.values["cqc_location_id"]
        return location_id


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredProvider:
    """One organisation."""

    row_id: int
    cqc_id: str | None
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """All services by location id and without one, all providers, and whose each former location id is."""

    services: Mapping[str, StoredService]
    unregistered: tuple[StoredService, ...]
    providers: Mapping[int, StoredProvider]
    former: Mapping[str, int]


def read_register(session: Session) -> Register:
    """Return what is stored now."""
    bands, former, live = _bands(session), _former(session), _live_stays(session)
    ids_of: dict[int, list[str]] = defaultdict(list)
    for location_id, service_id in former.items():
        ids_of[service_id].append(location_id)
    columns = [getattr(Service, name) for name in COLUMNS]
    rows = select(Service.id, Service.version, Provider.id, Provider.cqc_id, *columns).join(Service.provider)
    stored = [
        StoredService(
            row_id=row_id,
            version=version,
            provider_row_id=provider_row_id,
            values=dict(zip(COLUMNS, values, strict=True))
            | {"provider": cqc_id, "bands": bands.get(row_id, ()), "former_ids": tuple(ids_of[row_id])},
            live_stays=live.get(row_id, 0),
        )
        for row_id, version, provider_row_id, cqc_id, *values in session.execute(rows.order_by(Service.id))
    ]
    return Register(
        services={each.location_id: each for each in stored if each.location_id},
        unregistered=tuple(each for each in stored if not each.location_id),
        providers=_providers(session),
        former=former,
    )


def _providers(session: Session) -> dict[int, StoredProvider]:
    rows = session.execute(select(Provider.id, Provider.cqc_id, Provider.name).order_by(Provider.id))
    return {row_id: StoredProvider(row_id=row_id, cqc_id=cqc_id, name=name) for row_id, cqc_id, name in rows}


def _bands(session: Session) -> dict[int, tuple[str, ...]]:
    found: dict[int, tuple[str, ...]] = {}
    for service_id, slug in session.execute(select(ServiceBand.service_id, ServiceBand.slug)):
        found[service_id] = tuple(sorted((*found.get(service_id, ()), slug)))
    return found


def _live_stays(session: Session) -> dict[int, int]:
    rows = select(Unit.service_id, func.count().label("live")).join(Placement.unit).where(Placement.state.in_(LIVE))
    counted = session.execute(rows.group_by(Unit.service_id), execution_options=EVERY_COUNCIL)
    return {row.service_id: row.live for row in counted}


def _former(session: Session) -> dict[str, int]:
    rows = select(FormerRegistration.cqc_location_id, FormerRegistration.service_id)
    return {
        each.cqc_location_id: each.service_id
        for each in session.execute(rows.order_by(FormerRegistration.cqc_location_id))
    }
