"""What to commission next: what one, two and five more places of a kind would have changed, best first; as a file."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from placement.domain.clocks import today
from placement.domain.periods import Period
from placement.records.valuations import Valuation, ask_for_values, last_asked, newest_valuation
from placement.reports.asked import Asked, Level
from placement.reports.place_values import COLUMNS, NIGHTS, POUNDS, ValueLine, value_lines, value_rows
from placement.reports.quarters import quarters, span_words
from placement.sheets.formats import SHEET_FORMAT, SHEET_FORMATS, write_sheet
from placement.web.access import current_actor
from placement.web.background import value_later
from placement.web.forms.place_values import ValuePeriodForm
from placement.web.gazetteer import gazetteer
from placement.web.pages.commissioner import blueprint
from placement.web.pages.commissioner.value_words import gain_words, title
from placement.web.transactions import committing, now, reading

FIRST = 3  # in sentences: more is a table


@blueprint.get("/place-values")
def place_values() -> ResponseReturnValue:
    """Show the newest figures for a period, how old they are, and the button that asks for new ones."""
    form = _form()
    span = _span(form)
    answer, newest = newest_valuation(reading(), span), last_asked(reading())
    page = render_template(
        "commissioner/place_values.html",
        form=form,
        span=span,
        span_words=span_words,
        answer=answer,
        lines=_lines(answer),
        first=FIRST,
        title=title,
        gain_words=gain_words,
        asked=newest if newest is not None and newest.is_under_way(now()) else None,
        has_failed=newest is not None and newest.has_failed,
        formats=SHEET_FORMATS,
        steps=(NIGHTS, POUNDS),
    )
    return page, 422 if form.errors else 200


@blueprint.post("/place-values")
def ask_place_values() -> ResponseReturnValue:
    """Ask for new figures; the worker makes them."""
    form = _form()
    with committing() as session:
        row = ask_for_values(session, _span(form), by=current_actor(), now=now())
        session.flush()
        number = row.id
    value_later(number)
    flash("The figures are being worked out. That takes some minutes; for a year it can take half an hour.")
    return redirect(url_for("commissioner.place_values", period=form.chosen))


@blueprint.get("/place-values.<ending>")
def place_values_file(ending: str) -> ResponseReturnValue:
    """Send the figures of a period as a file, which says of what they are and from when."""
    if ending not in SHEET_FORMAT:
        abort(404)
    form = _form()
    span = _span(form)
    answer = newest_valuation(reading(), span)
    rows = [[column.value(row) for column in COLUMNS] for row in value_rows(_lines(answer))]
    content = write_sheet(ending, [column.heading for column in COLUMNS], [*rows, [_last_line(answer, span)]])
    name = f"place-values-{span.start.isoformat()}-{form.chosen}.{ending}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, content_type=SHEET_FORMAT[ending].content_type, headers=headers)


def _form() -> ValuePeriodForm:
    form = ValuePeriodForm(request.values)
    form.validate()
    for field in form:
        if field.errors:
            field.errors = [f"Choose from the list under “{field.label.text}”"]
    return form


def _span(form: ValuePeriodForm) -> Period:
    return form.span(quarters(today(now())))


def _lines(answer: Valuation | None) -> Sequence[ValueLine]:
    if answer is None:
        return []
    places = gazetteer()
    asked = Asked(now=now(), ward_set=places.ward_set, localities=places.localities, level=Level.LOCALITY)
    return [line for line in value_lines(answer, asked.areas()) if any(gain.helps for gain in line.gains)]


def _last_line(answer: Valuation | None, span: Period) -> str:
    if answer is None or answer.finished_at is None:
        return f"What more places would have been worth. {span_words(span)}. Nobody has worked it out yet."
    versions = ", ".join(f"{name} {number}" for name, number in sorted(answer.versions.items()))
    return (
        f"What more places would have been worth. {span_words(span)}. Worked out on {today(answer.finished_at)}, seed "
        f"{answer.seed}, {versions}. Counts of people are to the nearest 5; * is 1 to 7, or held back. Nights are to "
        f"the nearest {NIGHTS}, £ to the nearest {POUNDS}; below 0 is more instead of fewer."
    )
