"""How the product stands, on one page."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from placement.domain.clocks import today
from placement.geography.attribution import ATTRIBUTION
from placement.reports.overview import overview
from placement.web.extensions import config
from placement.web.gazetteer import gazetteer
from placement.web.pages.admin import blueprint
from placement.web.transactions import now, reading


@blueprint.get("/")
def home() -> ResponseReturnValue:
    """Show counts, freshness, the ward set in use and the newest match run."""
    places = gazetteer()
    return render_template(
        "admin/home.html",
        overview=overview(reading(), now=now()),
        ward_set=places.ward_set,
        localities=places.localities,
        today=today(now()),
        sends_mail=config().mailing is not None,
        credits=ATTRIBUTION,
    )
