"""Accepting supply: how many people the units that offer something could take tonight."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager, selectinload

from placement.domain.clocks import today
from placement.domain.features import with_covered
from placement.market.vacancies import is_due
from placement.records.availability import Availability, availability, newest_reports
from placement.records.doubted import doubted
from placement.records.providers import Service, Unit, registered_on
from placement.records.standings import barred_providers
from placement.records.vacancies import VacancyReport
from placement.reports.asked import Asked


@dataclass(frozen=True, slots=True, kw_only=True)
class Supply:
    """What one unit could give tonight: `free` places of `capacity`, counted once where units share a cap.

    `is_barred`: the provider's status forbids it to admit, so that nothing of it is free. `report` None: never.
    """

    unit: Unit
    free: int
    is_barred: bool
    is_stale: bool
    report: VacancyReport | None
    doubted_at: datetime | None

    @property
    def service(self) -> Service:
        """The service that the unit belongs to."""
        return self.unit.service


def supply(session: Session, asked: Asked) -> Sequence[Supply]:
    """Return the supply of every listed unit that offers all the needs and takes the kind; nine queries."""
    day = today(asked.now)
    units = [unit for unit in session.scalars(_ALL.where(registered_on(day))).unique() if offers(unit, asked)]
    reports, barred = newest_reports(session), barred_providers(session, day)
    in_doubt = doubted(session, reports)
    free = places_free(
        availability(session, day=day), (unit.id for unit in units if unit.service.provider_id not in barred), day
    )
    return [
        Supply(
            unit=unit,
            free=free.get(unit.id, 0),
            is_barred=unit.service.provider_id in barred,
            is_stale=is_due(reports.get(unit.id), now=asked.now),
            report=reports.get(unit.id),
            doubted_at=in_doubt.get(unit.id),
        )
        for unit in units
    ]


def offers(unit: Unit, asked: Asked) -> bool:
    """Return whether a unit offers all the needs, by themselves or in something greater, and suits kind and type."""
    takes = not asked.kind or not unit.kinds or asked.kind in unit.kinds.split()
    is_such = not asked.service_type or unit.service.service_type == asked.service_type
    return takes and is_such and with_covered(unit.offers).issuperset(asked.needs)


def places_free(known: Availability, unit_ids: Iterable[int], night: date) -> dict[int, int]:
    """Return the places free on a night, a place that units share being given to the first of them only."""
    left = {cap: steps.on(night) for cap, steps in known.left.items()}
    given: dict[int, int] = {}
    for unit in sorted(unit_ids):
        caps = known.caps_of.get(unit, ())
        given[unit] = min([known.bookable(unit, night, night + timedelta(days=1)), *(left[cap] for cap in caps)])
        for cap in caps:
            left[cap] -= given[unit]
    return given


_ALL = (
    select(Unit)
    .join(Unit.service)
    .options(contains_eager(Unit.service), selectinload(Unit.features))
    .order_by(Service.name, Unit.id)
)
