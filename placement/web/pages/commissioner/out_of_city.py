"""Placements outside the city: the share, the reasons, the trend and the register."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from placement.geography.attribution import ATTRIBUTION
from placement.reports.catalogue import NOT_FOR_PUBLICATION, REPORTS
from placement.reports.out_of_city import live_share, months, reasons_now, register_page
from placement.web.pages.commissioner import blueprint
from placement.web.pages.commissioner.bars import bars
from placement.web.paging import place
from placement.web.transactions import now, reading


@blueprint.get("/out-of-city")
def out_of_city() -> ResponseReturnValue:
    """Show how many people are placed outside the city, and why."""
    reasons, inside = reasons_now(reading())
    trend = months(reading(), now=now())
    return render_template(
        "commissioner/out_of_city.html",
        share=live_share(reasons, inside),
        reasons=reasons,
        months=trend,
        bars=bars(trend),
        register=register_page(reading(), now=now(), at=place()),
        downloads=[report for report in REPORTS if report.slug.startswith("out_of_city")],
        credits=ATTRIBUTION,
        how_told=NOT_FOR_PUBLICATION,
    )
