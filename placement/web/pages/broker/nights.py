"""The nights of a unit as a broker looks at them."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from placement.market.nights import NightCalendar, night_calendar
from placement.market.services import unit as unit_with
from placement.planning.waiting_list import RECURRING, RULE_OF_ORDER, in_line
from placement.web.access import current_actor
from placement.web.pages.broker import blueprint
from placement.web.transactions import now, reading


@blueprint.get("/units/<int:unit_id>/nights")
def nights(unit_id: int) -> ResponseReturnValue:
    """Show eight weeks of a unit: what is free on each night, and who is there."""
    calendar = _calendar(unit_id)
    takes = calendar.unit.kinds.split() or RECURRING
    line = in_line(reading(), calendar.unit, actor=current_actor(), now=now()) if {*takes} & {*RECURRING} else ()
    return render_template("broker/nights.html", calendar=calendar, line=line, rule=RULE_OF_ORDER)


@blueprint.get("/units/<int:unit_id>/nights/print")
def nights_paper(unit_id: int) -> ResponseReturnValue:
    """Show the same for paper, with references and no names: paper is left lying about."""
    return render_template("broker/nights_paper.html", calendar=_calendar(unit_id), is_pdf=False)


def _calendar(unit_id: int) -> NightCalendar:
    found = unit_with(reading(), unit_id, actor=current_actor())
    return night_calendar(reading(), found, actor=current_actor(), now=now())
