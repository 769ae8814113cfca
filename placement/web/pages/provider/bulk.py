"""Vacancy numbers by file, for all services at once: download, upload, look at what it changes, save."""

from __future__ import annotations

from contextlib import closing
from typing import Any

from flask import Response, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from placement.domain.clocks import today
from placement.domain.errors import Invalid
from placement.domain.text import amount
from placement.market.imports.vacancies.columns import VACANCY_COLUMNS
from placement.market.imports.vacancies.current import as_table, units_now
from placement.market.imports.vacancies.plan import VacancyImport, VacancyRow
from placement.market.imports.vacancies.reading import plan_vacancies
from placement.market.imports.vacancies.saving import NumbersSaved, in_parts, save_numbers, together
from placement.sheets.formats import SHEET_FORMAT, SHEET_FORMATS, read_sheet, write_sheet
from placement.sheets.sheet import MEND, Cell, Sheet, SheetRow
from placement.web.access import current_actor
from placement.web.forms.binding import show_error
from placement.web.forms.confirming import confirmed
from placement.web.forms.importing import ConfirmNumbersForm, NumbersFileForm
from placement.web.pages.provider import blueprint
from placement.web.previews import forget_preview, keep_preview, preview_of
from placement.web.transactions import commit_in_parts, now, reading

KIND = "vacancies"
SHOWN = 100  # rows of each part of the preview


@blueprint.route("/services/file", methods=["GET", "POST"])
def bulk() -> ResponseReturnValue:
    """Offer the numbers as a file, ask for one, and keep it to be looked at."""
    form = NumbersFileForm()
    if form.validate_on_submit():
        try:
            with closing(form.file.data) as sent:
                sheet = read_sheet(sent.read(), name=form.file.data.filename or "")
            plan_vacancies(reading(), sheet, actor=current_actor(), now=now())
        except Invalid as error:
            show_error(form, error)
        else:
            return redirect(url_for("provider.bulk_preview", key=keep_preview(KIND, _kept(sheet))))
    page = render_template("provider/bulk.html", form=form, columns=VACANCY_COLUMNS, formats=SHEET_FORMATS)
    return page, 422 if form.errors else 200


@blueprint.get("/services/file/numbers.<ending>")
def bulk_numbers(ending: str) -> ResponseReturnValue:
    """Send all numbers as they should be now, to be filled in and sent back."""
    if ending not in SHEET_FORMAT:
        abort(404)
    headings, rows = as_table(units_now(reading(), actor=current_actor(), on=today(now())))
    return _file(ending, write_sheet(ending, headings, rows), f"vacancies-{today(now()).isoformat()}")


@blueprint.get("/services/file/<key>")
def bulk_preview(key: str) -> ResponseReturnValue:
    """Show what a file changes."""
    plan = _plan(key)
    return _preview(key, plan, ConfirmNumbersForm(formdata=None, data={"mark": plan.mark}))


@blueprint.get("/services/file/<key>/problems")
def bulk_problems(key: str) -> ResponseReturnValue:
    """Send the rows with something to mend as they came, in the format that they came in, with what to mend."""
    sheet, plan = _sheet(key), _plan(key)
    width = len(sheet.headings)
    keep = [place for place, heading in enumerate(sheet.headings) if heading.strip() != MEND]
    rows: list[list[Cell]] = []
    for row in plan.wrong:
        cells = [*row.cells, *[""] * (width - len(row.cells))]
        rows.append([*(_typed(cells[place]) for place in keep), _to_mend(row)])
    content = write_sheet(sheet.format, [*(sheet.headings[place] for place in keep), MEND], rows)
    return _file(sheet.format, content, "vacancies-to-mend")


@blueprint.post("/services/file/<key>/confirm")
def confirm_bulk(key: str) -> ResponseReturnValue:
    """Store what the preview showed; where something else would be stored by now, show that first."""
    plan, form = _plan(key), ConfirmNumbersForm()
    if form.mark.data != plan.mark:
        form.mark.data = plan.mark
        return _preview(key, plan, form, problem="The numbers were changed meanwhile. This is what would be saved now.")
    actor, at, said = current_actor(), now(), confirmed()
    parts = in_parts(plan, also_same=bool(form.same.data) or not plan.changed)
    done = together(
        commit_in_parts(parts, lambda session, part: save_numbers(session, part, confirmed=said, by=actor, now=at))
    )
    forget_preview(key)
    _tell(done)
    return redirect(url_for("provider.home"))


def _preview(key: str, plan: VacancyImport, form: ConfirmNumbersForm, *, problem: str = "") -> ResponseReturnValue:
    page = render_template(
        "provider/bulk_preview.html",
        form=form,
        key=key,
        plan=plan,
        wrong=plan.wrong[:SHOWN],
        changed=plan.changed[:SHOWN],
        shown=SHOWN,
        rows_read=len(_sheet(key).rows),
        problem=problem,
    )
    return page, 409 if problem else 200


def _tell(done: NumbersSaved) -> None:
    for name, words in done.left_out:
        flash(f"{name} was left out: {words} Send the file again to see what it changes now.")
    said = [f"{amount(done.changed, 'unit')} changed"] if done.changed else []
    said += [f"{amount(done.confirmed, 'unit')} confirmed as they were"] if done.confirmed else []
    flash(f"Saved: {', '.join(said)}." if said else "Nothing was saved.")


def _kept(sheet: Sheet) -> dict[str, Any]:
    rows = [[row.number, *row.cells] for row in sheet.rows]
    return {"format": sheet.format, "headings": sheet.headings, "rows": rows}


def _sheet(key: str) -> Sheet:
    kept = preview_of(KIND, key)
    rows = tuple(SheetRow(number, tuple(cells)) for number, *cells in kept["rows"])
    return Sheet(format=kept["format"], headings=tuple(kept["headings"]), rows=rows)


def _plan(key: str) -> VacancyImport:
    """Return what a file changes as the records stand now. Raises NotFound for one that somebody else has sent."""
    return plan_vacancies(reading(), _sheet(key), actor=current_actor(), now=now())


def _to_mend(row: VacancyRow) -> str:
    return ". ".join(row.problems.values())


def _typed(cell: str) -> Cell:
    """Let what was a number be one again in a workbook."""
    return int(cell) if cell.isascii() and cell.isdigit() and str(int(cell)) == cell and len(cell) < 10 else cell


def _file(ending: str, content: bytes, name: str) -> Response:
    disposition = {"Content-Disposition": f"attachment; filename={name}.{ending}"}
    return Response(content, content_type=SHEET_FORMAT[ending].content_type, headers=disposition)
