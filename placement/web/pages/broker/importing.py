"""Importing referrals from a file: the template, the file looked at row by row, and beginning what is confirmed."""

from __future__ import annotations

from contextlib import closing
from operator import methodcaller

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from placement.brokerage.imports.applying import begin_referrals, in_units, together
from placement.brokerage.imports.columns import COLUMNS, TYPE_COLUMNS
from placement.brokerage.imports.plan import ImportRow, ReferralImport, plan_referrals
from placement.brokerage.imports.reading import read_rows
from placement.domain.clocks import today
from placement.domain.errors import Invalid
from placement.domain.text import amount
from placement.reports.exports import Column, csv_rows
from placement.sheets.sheet import MEND
from placement.web.access import current_actor
from placement.web.forms.binding import show_error
from placement.web.forms.importing import ConfirmImportForm, ImportFileForm
from placement.web.gazetteer import located
from placement.web.pages.broker import blueprint
from placement.web.previews import keep_preview, preview_of
from placement.web.transactions import commit_in_parts, now, reading

ALSO = {
    "risks": ("risks",),
    "legal status": ("legal_status",),
    "that the person must live alone": ("lives_alone",),
    "types of service": tuple(TYPE_COLUMNS),
    "who refers": ("referrer_team", "referrer_role", "referrer_telephone"),
    "a hospital": ("hospital", "ward"),
    "a carer": ("carer",),
}
"""What a row may say beyond what every referral says, as the preview names it: the columns that say it."""
KIND = "referrals"
SHOWN = 100  # rows of each part of the preview


@blueprint.route("/referrals/import", methods=["GET", "POST"])
def import_referrals() -> ResponseReturnValue:
    """Ask for a file, and keep it to be looked at."""
    form = ImportFileForm()
    if form.validate_on_submit():
        try:
            with closing(form.file.data) as sent:
                rows = read_rows(sent.read(), name=form.file.data.filename or "")
        except Invalid as error:
            show_error(form, error)
        else:
            return redirect(url_for("broker.import_preview", key=keep_preview(KIND, rows)))
    return render_template("broker/import_referrals.html", form=form, columns=COLUMNS), 422 if form.errors else 200


@blueprint.get("/referrals/import/template.csv")
def import_template() -> ResponseReturnValue:
    """Send a file with the headings and one example."""
    columns = [Column(each.name, methodcaller("get", each.name, "")) for each in COLUMNS]
    example = {each.name: each.example for each in COLUMNS}
    return _csv(csv_rows(columns, [example]), "referrals-template.csv")


@blueprint.get("/referrals/import/<key>")
def import_preview(key: str) -> ResponseReturnValue:
    """Show what importing a file would do."""
    return _preview(key, ConfirmImportForm(formdata=None))


@blueprint.get("/referrals/import/<key>/problems.csv")
def import_problems(key: str) -> ResponseReturnValue:
    """Send the rows with something to mend, and what, to be put right and sent again."""
    plan = _plan(key)
    columns = [Column(each.name, methodcaller("get", each.name, "")) for each in COLUMNS]
    rows = [{**row.cells, MEND: _to_mend(row)} for row in plan.wrong]
    return _csv(csv_rows([*columns, Column(MEND, methodcaller("get", MEND))], rows), "referrals-to-mend.csv")


def _to_mend(row: ImportRow) -> str:
    return ". ".join(f"{name}: {words}" for name, words in row.problems.items())


@blueprint.post("/referrals/import/<key>/confirm")
def confirm_import(key: str) -> ResponseReturnValue:
    """Begin a referral from every good row, as drafts or submitted."""
    plan, form = _plan(key), ConfirmImportForm()
    if not form.validate():
        return _preview(key, form)
    submits, actor, at = form.what.data == "submitted", current_actor(), now()
    parts = commit_in_parts(
        in_units(plan), lambda session, rows: begin_referrals(session, rows, submits=submits, by=actor, now=at)
    )
    done = together(parts)
    for number, words in done.left_out:
        flash(f"Row {number} was left out: {words}")
    flash(f"{amount(done.begun, 'referral')} imported, {done.submitted:,} of them submitted.")
    state = "searching" if done.submitted else "draft"
    return redirect(url_for("broker.work_list", state=state, sort="newest"))


def _preview(key: str, form: ConfirmImportForm) -> ResponseReturnValue:
    plan = _plan(key)
    page = render_template(
        "broker/import_preview.html",
        form=form,
        key=key,
        plan=plan,
        wrong=plan.wrong[:SHOWN],
        good=plan.good[:SHOWN],
        complete=sum(row.is_complete for row in plan.good),
        known=sum(row.person is not None for row in plan.good),
        said=_said,
    )
    return page, 422 if form.errors else 200


def _said(row: ImportRow) -> str:
    also = [words for words, names in ALSO.items() if any(row.said.get(name) for name in names)]
    return ("Can be submitted" if row.is_complete else "Becomes a draft") + (
        f", with {', '.join(also)}" if also else ""
    )


def _plan(key: str) -> ReferralImport:
    """Return the plan of a file as the records stand now. Raises NotFound for one that somebody else has sent."""
    return plan_referrals(reading(), preview_of(KIND, key), located, on=today(now()))


def _csv(content: bytes, name: str) -> Response:
    disposition = {"Content-Disposition": f"attachment; filename={name}"}
    return Response(content, content_type="text/csv; charset=utf-8", headers=disposition)
