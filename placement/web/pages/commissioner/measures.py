"""Measures of the strategy: which there are, each with its definition, source and caveats, and each as a file."""

from __future__ import annotations

from flask import Response, abort, render_template, request
from flask.typing import ResponseReturnValue

from placement.domain.clocks import today
from placement.domain.errors import Invalid
from placement.reports.kpis.catalogue import MEASURE, MEASURES
from placement.reports.kpis.files import FORMATS, measure_rows
from placement.reports.kpis.measure import StrategyMeasure, measure_question
from placement.web.forms.measures import MeasurePeriodForm
from placement.web.pages.commissioner import blueprint
from placement.web.transactions import now, reading


@blueprint.get("/measures")
def measures() -> ResponseReturnValue:
    """Show every measure, with what it says."""
    return render_template("commissioner/measures.html", measures=MEASURES)


@blueprint.get("/measures/<slug>")
def measure(slug: str) -> ResponseReturnValue:
    """Show one measure for the period in the address."""
    found = _measure(slug)
    form = _form(found)
    asked = measure_question(now(), form.slug)
    page = render_template(
        "commissioner/measure.html",
        form=form,
        measure=found,
        asked=asked,
        tables=found.tables(reading(), asked),
        ends=FORMATS,
    )
    return page, 422 if form.errors else 200


@blueprint.get("/measures/<slug>.<end>")
def measure_file(slug: str, end: str) -> ResponseReturnValue:
    """Send one measure as a file, for the period in the address, which the file and its name say."""
    found = _measure(slug)
    form = _form(found)
    if end not in FORMATS:
        abort(404)
    if form.errors:
        raise Invalid("There is no such period.")
    asked = measure_question(now(), form.slug)
    kind, written = FORMATS[end]
    content = written(measure_rows(found, asked, found.tables(reading(), asked)))
    span = f"{asked.span.slug}-" if found.is_dated else ""
    name = f"{found.slug}-{span}{today(now()).isoformat()}.{end}"
    return Response(content, mimetype=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _measure(slug: str) -> StrategyMeasure:
    if slug not in MEASURE:
        abort(404)
    return MEASURE[slug]


def _form(of: StrategyMeasure) -> MeasurePeriodForm:
    form = MeasurePeriodForm(request.args)
    form.offer(of.spans(now()))
    form.validate()
    if form.period.errors:
        form.period.errors = ["Choose from the list under “Period”"]
    return form
