"""The market as a broker looks at it: search, a profile, six weeks of occupancy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from placement.brokerage.tasks import tasks_about
from placement.domain.clocks import today
from placement.domain.features import FEATURE, GROUPS, features_in
from placement.domain.services import SERVICE_TYPE, SERVICE_TYPES
from placement.domain.text import readable
from placement.market import services as market
from placement.market.closures import closures
from placement.market.others import others_of
from placement.market.pools import pool_words
from placement.market.profiles import seen_profile
from placement.market.search import Filters, found_units
from placement.records.availability import Availability, availability, newest_reports
from placement.records.doubted import doubted
from placement.records.providers import Unit
from placement.records.vacancies import VacancyReport
from placement.web.access import current_actor
from placement.web.pages.broker import blueprint
from placement.web.pages.broker.tasks import task_rows
from placement.web.pages.others import other_words
from placement.web.pages.profiled import SeenRow, seen_rows
from placement.web.paging import place
from placement.web.transactions import now, reading

CALENDAR_NIGHTS = 42


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """Seven nights of the calendar: how many places are free in each."""

    starts_on: date
    places: Sequence[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitProfile:
    """One unit as a broker reads it; `others`: what it keeps for others, and who of its own is to leave."""

    unit: Unit
    report: VacancyReport | None
    doubted_at: datetime | None
    rows: Sequence[SeenRow]
    free_tonight: int
    shares: Sequence[str]
    others: Sequence[str]
    weeks: Sequence[Week]


@blueprint.get("/services")
def services() -> ResponseReturnValue:
    """Search units: words, type, needs, and free on some nights. Filters stand in the address."""
    filters = _filters()
    page = found_units(reading(), filters, actor=current_actor(), today=today(now()), at=place())
    return render_template(
        "broker/services.html",
        page=page,
        args=_args(filters),
        filters=filters,
        types=SERVICE_TYPES,
        feature_groups=[(group, features_in(group.slug)) for group in GROUPS],
    )


@blueprint.get("/services/<int:service_id>")
def service(service_id: int) -> ResponseReturnValue:
    """Show one service: its units, what they offer, and what is free over the next six weeks."""
    found = market.service(reading(), service_id, actor=current_actor())
    ids = [unit.id for unit in found.units]
    day = today(now())
    reports, free = newest_reports(reading(), ids), availability(reading(), ids, day=day)
    in_doubt = doubted(reading(), reports, ids)
    others = others_of(reading(), found.units, day=day)

    def profile(unit: Unit) -> UnitProfile:
        kept = [other_words(each) for each in others if each.unit_id == unit.id]
        return _profile(unit, reports.get(unit.id), in_doubt.get(unit.id), free, kept, day)

    return render_template(
        "broker/service.html",
        service=found,
        profiles=[profile(unit) for unit in found.units],
        tasks=task_rows(tasks_about(reading(), found, actor=current_actor())),
        closures=closures(reading(), found.units, today=day),
        days=[f"{day + timedelta(days=i):%a}" for i in range(7)],
    )


def _profile(
    unit: Unit,
    report: VacancyReport | None,
    doubted_at: datetime | None,
    free: Availability,
    others: Sequence[str],
    day: date,
) -> UnitProfile:
    nights = [day + timedelta(days=i) for i in range(CALENDAR_NIGHTS)]
    places = [free.bookable(unit.id, night, night + timedelta(days=1)) for night in nights]
    weeks = [Week(starts_on=nights[i], places=places[i : i + 7]) for i in range(0, CALENDAR_NIGHTS, 7)]
    return UnitProfile(
        unit=unit,
        report=report,
        doubted_at=doubted_at,
        rows=seen_rows(seen_profile(unit), but="name"),
        free_tonight=places[0],
        shares=[pool_words(cap) for cap in unit.shared_caps],
        others=others,
        weeks=weeks,
    )


def _args(filters: Filters) -> dict[str, Any]:
    """Return the arguments of an address that asks the same."""
    asked = {
        "words": filters.words,
        "type": filters.service_type,
        "need": list(filters.needs),
        "free": "1" if filters.only_free else "",
        "city": "1" if filters.only_in_city else "",
    }
    return {name: value for name, value in asked.items() if value}


def _filters() -> Filters:
    asked = request.args
    return Filters(
        words=readable(asked.get("words", ""))[:80],
        service_type=asked.get("type", "") if asked.get("type") in SERVICE_TYPE else "",
        needs=tuple(slug for slug in dict.fromkeys(asked.getlist("need")) if slug in FEATURE),
        only_free=asked.get("free") == "1",
        only_in_city=asked.get("city") == "1",
    )
