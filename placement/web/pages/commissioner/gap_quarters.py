"""The gap map quarter by quarter: a table, and a small map for each of the four quarters that are over."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from placement.geography.attribution import ATTRIBUTION
from placement.reports.catalogue import HOW_TOLD, vintage
from placement.reports.gaps import gap_quarters as quarters_of
from placement.web.pages.commissioner import blueprint
from placement.web.pages.commissioner.drawing import drawings
from placement.web.pages.commissioner.filters import gap_form, query, question
from placement.web.pages.commissioner.words import meant
from placement.web.transactions import reading


@blueprint.get("/gaps/quarters")
def gap_quarters() -> ResponseReturnValue:
    """Show who found no place in the city, quarter beside quarter, for the filters in the address but the period."""
    form = gap_form()
    asked = question(form)
    quarters = quarters_of(reading(), asked)
    areas = [area.code for area in asked.areas() if any(row.area.code == area.code for row in quarters[-1].rows)]
    page = render_template(
        "commissioner/gap_quarters.html",
        quarters=quarters,
        maps=list(zip(quarters, drawings(quarters), strict=True)),
        rows=[[*(row for each in quarters for row in each.rows if row.area.code == code)] for code in areas],
        query=query(asked, without="period"),
        meant=meant(asked),
        vintage=vintage(asked),
        credits=ATTRIBUTION,
        how_told=HOW_TOLD,
    )
    return page, 422 if form.errors else 200
