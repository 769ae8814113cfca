"""Looking for units: what is offered here can be booked, because availability is asked where booking asks it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from placement.domain.features import with_covered
from placement.domain.people import Actor
from placement.market.services import services
from placement.records.availability import availability, newest_reports
from placement.records.councils import council_of
from placement.records.doubted import doubted
from placement.records.pages import START, Page, PlaceInList, cut
from placement.records.providers import Unit
from placement.records.standings import barred_providers
from placement.records.vacancies import VacancyReport


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What is asked for. `needs`: every one of them is offered. `only_free`: a place is free tonight."""

    words: str = ""
    service_type: str = ""
    needs: tuple[str, ...] = ()
    only_free: bool = False
    only_in_city: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A unit, what can be booked in it tonight, its newest report, and since when that is in doubt."""

    unit: Unit
    free: int
    report: VacancyReport | None
    doubted_at: datetime | None
    is_in_city: bool


def found_units(
    session: Session, filters: Filters, *, actor: Actor, today: date, at: PlaceInList = START
) -> Page[Found]:
    """Return a page of the units that fit, those with free places first, then by name of service."""
    units = registered_units(session, actor=actor, words=filters.words, service_type=filters.service_type, today=today)
    wanted = set(filters.needs)
    units = [unit for unit in units if wanted <= with_covered(unit.may_offer)]
    ids = [unit.id for unit in units]
    free, reports = availability(session, ids, day=today), newest_reports(session, ids)
    in_doubt = doubted(session, reports, ids)
    barred, council = barred_providers(session, today), council_of(session)
    found = [
        Found(
            unit=unit,
            # A provider that may not admit has places, but none that can be booked.
            free=0 if unit.service.provider_id in barred else free.bookable(unit.id, today, today + timedelta(days=1)),
            report=reports.get(unit.id),
            doubted_at=in_doubt.get(unit.id),
            is_in_city=council.has(unit.service.authority),
        )
        for unit in units
    ]
    kept = [each for each in found if _fits(each, filters)]
    kept.sort(key=lambda each: (each.free == 0, each.unit.service.name.lower(), each.unit.id))
    return cut(kept, [each.unit.id for each in kept], at=at)


def registered_units(session: Session, *, actor: Actor, words: str, service_type: str, today: date) -> list[Unit]:
    """Return the units of the services that are in the register on a day, with all that is said of them."""
    found = []
    for service in services(session, actor=actor, words=words, service_type=service_type):
        for unit in service.units if service.is_registered_on(today) else ():
            set_committed_value(unit, "service", service)  # or it is forgotten here and asked for again, one by one
            found.append(unit)
    return found


def _fits(found: Found, filters: Filters) -> bool:
    return (found.free > 0 or not filters.only_free) and (found.is_in_city or not filters.only_in_city)
