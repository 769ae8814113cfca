"""To do: what needs doing now, the most pressing first."""

from __future__ import annotations

from datetime import date, timedelta

from flask import render_template
from flask.typing import ResponseReturnValue

from placement.brokerage.placements import placements
from placement.domain.clocks import today
from placement.domain.periods import Period
from placement.domain.states import LIVE, PlacementState
from placement.market.services import services
from placement.web.access import current_actor
from placement.web.pages.provider import blueprint
from placement.web.pages.provider.board import ServiceRow, board
from placement.web.pages.provider.people import PersonRow, person_row
from placement.web.transactions import now, reading

SOON = timedelta(days=14)


@blueprint.get("/")
def home() -> ResponseReturnValue:
    """Show reservations to answer, vacancies that are due, and who comes or goes soon."""
    reserved, confirmed, active = (_people(state) for state in LIVE)
    rows = board(services(reading(), actor=current_actor()))
    due = sorted((row for row in rows if row.is_due), key=lambda row: (row.due_at or now() - SOON * 100, row.name))
    return render_template(
        "provider/home.html",
        to_answer=sorted(reserved, key=lambda row: (row.expires_at or now(), row.id)),
        due=due,
        arriving=[row for row in confirmed if row.start_on <= _soon()],
        overdue=sorted((row for row in active if row.is_over), key=lambda row: (row.end_on or today(now()), row.id)),
        leaving=[row for row in active if not row.is_over and Period(row.start_on, row.end_on).is_over(_soon())],
        next_due=_next_due(rows),
        today=today(now()),
    )


def _soon() -> date:
    return today(now()) + SOON


def _people(state: PlacementState) -> list[PersonRow]:
    return [person_row(row) for row in placements(reading(), actor=current_actor(), states=[state])]


def _next_due(rows: list[ServiceRow]) -> ServiceRow | None:
    later = [row for row in rows if row.due_at and not row.is_due]
    return min(later, key=lambda row: (row.due_at or now(), row.id), default=None)
