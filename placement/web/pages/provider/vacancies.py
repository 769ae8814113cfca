"""Updating the vacancies of a service: "nothing has changed" first, then the four numbers of each unit."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from placement.domain.errors import EditedMeanwhile, Invalid, ToConfirm
from placement.market import services as market
from placement.market.numbers import Numbers, require_sum
from placement.market.vacancies import report_unchanged, report_vacancies
from placement.records.vacancies import VacancyReport
from placement.web.access import current_actor
from placement.web.forms.binding import show_error
from placement.web.forms.confirming import confirmed
from placement.web.forms.hidden import first_id, ids
from placement.web.forms.provider import NUMBERS, vacancies_form
from placement.web.pages.provider import blueprint
from placement.web.pages.provider.board import ServiceRow, UnitRow, board
from placement.web.transactions import committing, now, reading

MOST_TOLD = 3  # a notice that lists more changes than this is not read


@blueprint.route("/services/<int:service_id>/vacancies", methods=["GET", "POST"])
def vacancies(service_id: int) -> ResponseReturnValue:
    """Ask for the four numbers of each unit and store them, all or none."""
    row = _row(service_id)
    form = vacancies_form([unit.id for unit in row.units])()
    if request.method != "POST":
        return _fresh_page(row)
    if not form.validate() or not _adds_up(row, form):
        return _page(row, form), 422
    try:
        _store(service_id, row, form)
    except ToConfirm as error:
        return _page(row, form, questions=error.questions), error.status
    except EditedMeanwhile as error:
        return _conflict_page(service_id, form, error)
    flash(_told(row, form))
    return redirect(url_for("provider.home"))


@blueprint.post("/services/<int:service_id>/unchanged")
def unchanged(service_id: int) -> ResponseReturnValue:
    """Confirm in one tap that every number of a service is as it was."""
    try:
        with committing() as unit:
            service = market.service(unit, service_id, actor=current_actor())
            report_unchanged(unit, service, by=current_actor(), now=now(), seen=ids(request.form.get("seen")))
            name = service.name
    except Invalid as error:
        return _fresh_page(_row(service_id), problem=str(error), status=422)
    except EditedMeanwhile as error:
        return _fresh_page(_row(service_id), problem=f"{error} These are the numbers now.", status=409)
    flash(f"{name} is up to date: nothing has changed.")
    return redirect(url_for("provider.home"))


def _row(service_id: int) -> ServiceRow:
    return board([market.service(reading(), service_id, actor=current_actor())])[0]


def _store(service_id: int, row: ServiceRow, form: FlaskForm) -> list[VacancyReport]:
    with committing() as unit:
        return report_vacancies(
            unit,
            market.service(unit, service_id, actor=current_actor()),
            {each.id: _numbers(form, each.id) for each in row.units},
            by=current_actor(),
            now=now(),
            seen={each.id: first_id(form[f"seen-{each.id}"].data) for each in row.units},
            counted={each.id: ids(form[f"counted-{each.id}"].data) for each in row.units},
            confirmed=confirmed(),
        )


def _numbers(form: FlaskForm, unit_id: int) -> Numbers:
    return Numbers(**{name: form[f"{name}-{unit_id}"].data for name in NUMBERS})


def _adds_up(row: ServiceRow, form: FlaskForm) -> bool:
    """Show every unit whose numbers do not add up at once, not one after the other."""
    for unit in row.units:
        try:
            require_sum(unit.id, _numbers(form, unit.id))
        except Invalid as error:
            show_error(form, error)
    return not form.errors


def _fresh_page(row: ServiceRow, *, problem: str = "", status: int = 200) -> ResponseReturnValue:
    """Show the numbers as they should be now."""
    data = {f"{name}-{unit.id}": getattr(unit.numbers, name) for unit in row.units if unit.numbers for name in NUMBERS}
    data |= {f"maximum-{unit.id}": unit.capacity for unit in row.units if not unit.numbers}
    form = vacancies_form([unit.id for unit in row.units])(formdata=None, data=data)
    _mark_seen(row, form)
    return _page(row, form, problem=problem), status


def _conflict_page(service_id: int, form: FlaskForm, error: EditedMeanwhile) -> ResponseReturnValue:
    """Show theirs beside what was typed; saving again then replaces theirs knowingly."""
    row = _row(service_id)
    theirs = [(unit, rows) for unit in row.units if (rows := _differing(unit, form))]
    _mark_seen(row, form)
    advice = error.advice if theirs else "Check your numbers below, then save them again."
    return _page(row, form, problem=f"{error} {advice}", theirs=theirs, is_conflict=True), 409


def _differing(unit: UnitRow, form: FlaskForm) -> list[tuple[str, int, int]]:
    """Return (label, theirs, yours) of the numbers that differ, if the unit was reported after the page was opened."""
    if unit.numbers is None or unit.report is None or str(unit.report.id) == form[f"seen-{unit.id}"].data:
        return []
    theirs, yours = unit.numbers, _numbers(form, unit.id)
    rows = [(label, getattr(theirs, name), getattr(yours, name)) for name, label in NUMBERS.items()]
    return [each for each in rows if each[1] != each[2]]


def _mark_seen(row: ServiceRow, form: FlaskForm) -> None:
    for unit in row.units:
        form[f"seen-{unit.id}"].data = str(unit.report.id) if unit.report else ""
        form[f"counted-{unit.id}"].data = " ".join(str(stay.id) for stay in unit.live)


def _page(row: ServiceRow, form: FlaskForm, **more: Any) -> str:
    return render_template("provider/vacancies.html", service=row, form=form, **more)


def _told(row: ServiceRow, form: FlaskForm) -> str:
    told = [words for unit in row.units if (words := _changes(unit, _numbers(form, unit.id)))]
    if not told:
        return f"{row.name} is up to date: nothing has changed."
    more = f" And {len(told) - MOST_TOLD} more." if len(told) > MOST_TOLD else ""
    return f"{row.name} is up to date. {' '.join(told[:MOST_TOLD])}{more}"


def _changes(unit: UnitRow, given: Numbers) -> str:
    """Return “Ground floor: occupied from 3 to 4.”, or nothing where nothing has changed."""
    if unit.numbers is None:
        return f"{unit.name}: {given.accepting} vacant and accepting."
    changes = [
        f"{label.lower()} from {getattr(unit.numbers, name)} to {getattr(given, name)}"
        for name, label in NUMBERS.items()
        if getattr(unit.numbers, name) != getattr(given, name)
    ]
    return f"{unit.name}: {', '.join(changes)}." if changes else ""
