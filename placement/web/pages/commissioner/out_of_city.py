"""Who lives outside the city: how many, why, where and for how long, and how many went in each quarter."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from placement.geography.attribution import ATTRIBUTION
from placement.reports.catalogue import HOW_TOLD, REPORTS
from placement.reports.living_outside import living_outside, quarters_outside
from placement.reports.outside_splits import SPLITS
from placement.web.pages.commissioner import blueprint
from placement.web.pages.commissioner.bars import bars
from placement.web.transactions import now, reading


@blueprint.get("/out-of-city")
def out_of_city() -> ResponseReturnValue:
    """Show how many people live outside the city, and why."""
    trend = quarters_outside(reading(), now=now())
    return render_template(
        "commissioner/out_of_city.html",
        found=living_outside(reading(), now=now()),
        splits=SPLITS,
        quarters=trend,
        bars=bars(trend),
        downloads=[report for report in REPORTS if report.slug.startswith("out_of_city")],
        credits=ATTRIBUTION,
        how_told=HOW_TOLD,
    )
