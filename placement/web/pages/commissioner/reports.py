"""Every report of the catalogue as a file."""

from __future__ import annotations

import re

from flask import Response, abort
from flask.typing import ResponseReturnValue

from placement.domain.clocks import today
from placement.reports.catalogue import REPORT, report_file, titled
from placement.web.pages.commissioner import blueprint
from placement.web.pages.commissioner.filters import strict_question
from placement.web.transactions import now, reading


@blueprint.get("/reports/<slug>.csv")
def report(slug: str) -> ResponseReturnValue:
    """Send a report as CSV, for the filters in the address."""
    if slug not in REPORT:
        abort(404)
    asked = strict_question()
    content = report_file(reading(), REPORT[slug], asked)
    words = re.sub(r"[^a-z0-9]+", "-", titled(REPORT[slug], asked).lower()).strip("-")
    name = f"{words}-{today(now()).isoformat()}.csv"
    return Response(content, mimetype="text/csv", headers={"Content-Disposition": f'attachment; filename="{name}"'})
