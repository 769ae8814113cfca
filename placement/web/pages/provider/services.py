"""All services of a provider with their numbers."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from placement.domain.text import readable
from placement.domain.tracker import COUNTED_NATIONALLY
from placement.market import services as market
from placement.web.access import current_actor
from placement.web.forms.vacancies import NUMBERS
from placement.web.pages.provider import blueprint
from placement.web.pages.provider.board import board
from placement.web.paging import place
from placement.web.transactions import reading

COLUMNS = NUMBERS | {"maximum": "Maximum"}  # a column has less room than a question
FILTER_FROM = 8  # with fewer services than this, looking is quicker than typing


@blueprint.get("/services")
def services() -> ResponseReturnValue:
    """Show every service with the four numbers of its units, found by name where there are many."""
    words = readable(request.args.get("name", ""))[:200]
    page = market.services_page(reading(), actor=current_actor(), words=words, at=place())
    return render_template(
        "provider/services.html",
        page=page,
        services=board(page.rows),
        words=words,
        columns=COLUMNS,
        counted_nationally=COUNTED_NATIONALLY,
        has_filter=bool(words) or page.total >= FILTER_FROM,
    )
