"""The market as a broker looks at it: search, a profile, six weeks of occupancy."""

from __future__ import annotations

from datetime import date, timedelta

from flask import render_template, request
from flask.typing import ResponseReturnValue

from placement.domain.clocks import today
from placement.domain.features import FEATURE, GROUPS, features_in
from placement.domain.services import SERVICE_TYPE, SERVICE_TYPES
from placement.market import services as market
from placement.market.search import Filters, found_units
from placement.market.vacancies import closures
from placement.records.availability import availability, newest_reports
from placement.web.access import current_actor
from placement.web.pages.broker import blueprint
from placement.web.transactions import now, reading

CALENDAR_NIGHTS = 42


@blueprint.get("/services")
def services() -> ResponseReturnValue:
    """Search units: words, type, needs, and free on some nights. Filters stand in the address."""
    filters = _filters()
    found = found_units(reading(), filters, actor=current_actor(), today=today(now()))
    return render_template(
        "broker/services.html",
        found=found,
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
    weeks = [day + timedelta(days=7 * i) for i in range(CALENDAR_NIGHTS // 7)]
    return render_template(
        "broker/service.html",
        service=found,
        reports=newest_reports(reading(), ids),
        free=availability(reading(), ids),
        closures=closures(reading(), found.units, today=day),
        weeks=[[start + timedelta(days=i) for i in range(7)] for start in weeks],
        tomorrow=_tomorrow,
    )


def _tomorrow(night: date) -> date:
    return night + timedelta(days=1)


def _filters() -> Filters:
    asked = request.args
    return Filters(
        words=asked.get("words", "").strip()[:80],
        service_type=asked.get("type", "") if asked.get("type") in SERVICE_TYPE else "",
        needs=tuple(slug for slug in dict.fromkeys(asked.getlist("need")) if slug in FEATURE),
        only_free=asked.get("free") == "1",
        only_in_city=asked.get("city") == "1",
    )
