"""The nights of a unit as their provider looks at them."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from placement.market.nights import night_calendar
from placement.market.services import unit as unit_with
from placement.web.access import current_actor
from placement.web.pages.provider import blueprint
from placement.web.transactions import now, reading


@blueprint.get("/services/units/<int:unit_id>/nights")
def nights(unit_id: int) -> ResponseReturnValue:
    """Show eight weeks of a unit: what is free on each night, and which stays are there, by their references."""
    found = unit_with(reading(), unit_id, actor=current_actor())
    calendar = night_calendar(reading(), found, actor=current_actor(), now=now())
    return render_template("provider/nights.html", calendar=calendar)
