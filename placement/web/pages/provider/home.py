"""To do: what needs doing now, the most pressing first."""

from __future__ import annotations

from datetime import date

from flask import render_template
from flask.typing import ResponseReturnValue

from placement.brokerage.offers.finding import to_answer as requests
from placement.brokerage.placements import placements_page
from placement.domain.clocks import today
from placement.domain.states import THERE, PlacementState
from placement.domain.staying import AHEAD
from placement.domain.tracker import COUNTED_NATIONALLY, national_window
from placement.market.services import services
from placement.records.pages import Page
from placement.web.access import current_actor
from placement.web.pages.answering import asked_row
from placement.web.pages.provider import blueprint
from placement.web.pages.provider.board import ServiceRow, board
from placement.web.pages.provider.people import PersonRow, person_row
from placement.web.transactions import now, reading


@blueprint.get("/")
def home() -> ResponseReturnValue:
    """Show reservations to answer, vacancies that are due, and who comes or goes soon."""
    reserved = _people(PlacementState.RESERVED)
    rows = board(services(reading(), actor=current_actor()))
    due = sorted((row for row in rows if row.is_due), key=lambda row: (row.due_at or now() - AHEAD * 100, row.name))
    asked = requests(reading(), actor=current_actor())
    window = national_window(today(now()))
    return render_template(
        "provider/home.html",
        nationally_by=window.last if window.holds(today(now())) and any(map(_is_home, rows)) else None,
        asked=asked.with_rows([asked_row(each) for each in asked.rows]),
        to_answer=reserved,
        due=due,
        has_grid=sum(bool(row.units) for row in rows) > 1,
        arriving=_people(PlacementState.CONFIRMED, arrives_by=_soon()),
        overdue=_people(*THERE, leaves_by=today(now())),
        leaving=_people(*THERE, leaves_after=today(now()), leaves_by=_soon()),
        next_due=_next_due(rows),
        today=today(now()),
    )


def _is_home(row: ServiceRow) -> bool:
    return row.service_type in COUNTED_NATIONALLY


def _soon() -> date:
    return today(now()) + AHEAD


def _people(
    *states: PlacementState,
    arrives_by: date | None = None,
    leaves_after: date | None = None,
    leaves_by: date | None = None,
) -> Page[PersonRow]:
    page = placements_page(
        reading(),
        *states,
        arrives_by=arrives_by,
        leaves_after=leaves_after,
        leaves_by=leaves_by,
        actor=current_actor(),
    )
    return page.with_rows([person_row(row) for row in page.rows])


def _next_due(rows: list[ServiceRow]) -> ServiceRow | None:
    later = [row for row in rows if row.due_at and not row.is_due]
    return min(later, key=lambda row: (row.due_at or now(), row.id), default=None)
