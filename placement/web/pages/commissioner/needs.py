"""What is missing: needs by locality, worst first, in words and numbers; why people wait; the same as a file."""

from __future__ import annotations

import re
from collections.abc import Sequence

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from placement.domain.clocks import today
from placement.domain.errors import Invalid
from placement.reports.asked import Asked, Level
from placement.reports.city_needs import city_needs
from placement.reports.exports import csv_file
from placement.reports.need_lines import COLUMNS, STEPS, CityNeeds, NeedLine
from placement.reports.quarters import span_words
from placement.reports.small_numbers import MARK_MEANS
from placement.reports.waiting import LACKS
from placement.reports.why_waiting import why_waiting
from placement.web.forms.needs import WhatIsMissingForm
from placement.web.gazetteer import gazetteer
from placement.web.pages.commissioner import blueprint
from placement.web.pages.commissioner.need_words import sentence
from placement.web.transactions import now, reading

FIRST = 5  # sentences: more is a table


@blueprint.get("/needs")
def needs() -> ResponseReturnValue:
    """Show for whom there was no place over the last year, where, what it cost, and what would have helped."""
    form, asked = _form(), _asked()
    found = city_needs(reading(), asked)
    lines = _lines(found, form)
    page = render_template(
        "commissioner/needs.html",
        form=form,
        needs=found,
        lines=lines,
        in_city=_city(found, form),
        sentences=[sentence(line) for line in lines[:FIRST]],
        waiting=why_waiting(reading(), asked),
        lacks=LACKS,
        steps=STEPS,
        span_words=span_words,
        is_assumed=asked.localities.is_assumed,
    )
    return page, 422 if form.errors else 200


@blueprint.get("/needs.csv")
def needs_csv() -> ResponseReturnValue:
    """Send the table, for the filters in the address, which the file and its name say."""
    form = _form()
    if form.errors:
        raise Invalid("There is no such filter.")
    found = city_needs(reading(), _asked())
    day = today(now()).isoformat()
    last_line = f"What is missing. {form.words}. {span_words(found.spans.year)}. As of {day}. {MARK_MEANS}"
    name = re.sub(r"[^a-z0-9]+", "-", f"needs {form.words.lower()}").strip("-")
    content = csv_file(COLUMNS, [*_lines(found, form), *_city(found, form)], last_line=last_line)
    headers = {"Content-Disposition": f'attachment; filename="{name}-{day}.csv"'}
    return Response(content, mimetype="text/csv", headers=headers)


def _form() -> WhatIsMissingForm:
    form = WhatIsMissingForm(request.args)
    form.offer(gazetteer().localities)
    form.validate()
    for field in form:
        if field.errors:
            field.errors = [f"Choose from the list under “{field.label.text}”"]
    return form


def _asked() -> Asked:
    places = gazetteer()
    return Asked(now=now(), ward_set=places.ward_set, localities=places.localities, level=Level.LOCALITY)


def _lines(found: CityNeeds, form: WhatIsMissingForm) -> Sequence[NeedLine]:
    return [line for line in found.worst(form.facets) if not form.locality or line.area_code == form.locality]


def _city(found: CityNeeds, form: WhatIsMissingForm) -> Sequence[NeedLine]:
    """Return the same for the whole city, the most people first."""
    lines = [found.lines[facet, None] for facet in form.facets if (facet, None) in found.lines]
    return sorted(lines, key=lambda line: -(line.people or 0))
