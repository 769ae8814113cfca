"""Whom to ring about their numbers, and writing down what they say: a report by brokerage on the provider's behalf."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from placement.domain.errors import EditedMeanwhile, Invalid, ToConfirm
from placement.domain.people import Actor
from placement.market import services as market
from placement.market.numbers import Numbers, require_sum
from placement.market.vacancies import report_unchanged, report_vacancies
from placement.planning.to_confirm import to_confirm
from placement.records.pages import cut
from placement.web.access import current_actor
from placement.web.forms.binding import show_error
from placement.web.forms.confirming import confirmed
from placement.web.forms.hidden import first_id, ids
from placement.web.forms.provider import NUMBERS, vacancies_form
from placement.web.pages.broker import blueprint
from placement.web.pages.provider.board import ServiceRow, board
from placement.web.paging import place
from placement.web.transactions import committing, now, reading


@blueprint.get("/confirm")
def confirm_numbers() -> ResponseReturnValue:
    """Show which services to ring: numbers that are stale or in doubt, and that would matter to somebody now."""
    found = to_confirm(reading(), now=now())
    page = cut(found, [row.known.service.id for row in found], at=place())
    rows = board([row.known.service for row in page.rows])
    return render_template("broker/confirm_numbers.html", page=page, seen={row.id: row.seen for row in rows})


@blueprint.route("/services/<int:service_id>/said", methods=["GET", "POST"])
def said_numbers(service_id: int) -> ResponseReturnValue:
    """Ask for the numbers that a provider says on the telephone, and store them for it."""
    row = board([market.service(reading(), service_id, actor=current_actor())])[0]
    form = vacancies_form([unit.id for unit in row.units])()
    if not form.is_submitted():
        return _page(row, _with_numbers(row))
    if not form.validate() or not _adds_up(row, form):
        return _page(row, form), 422
    try:
        _store(row, form)
    except ToConfirm as error:
        return _page(row, form, questions=error.questions), error.status
    except EditedMeanwhile as error:
        return _page(row, _with_numbers(row), problem=f"{error} These are the numbers now."), 409
    flash(f"What {row.name} says is written down, with your name beside it.")
    return redirect(url_for("broker.confirm_numbers"))


@blueprint.post("/services/<int:service_id>/said-unchanged")
def said_unchanged(service_id: int) -> ResponseReturnValue:
    """Write down that a provider says that its numbers are right."""
    try:
        with committing() as unit:
            service = market.service(unit, service_id, actor=current_actor())
            report_unchanged(unit, service, by=_by_telephone(), now=now(), seen=ids(request.form.get("seen")))
    except (Invalid, EditedMeanwhile) as error:
        flash(f"{error} Look at the numbers once more.")
        return redirect(url_for("broker.said_numbers", service_id=service_id))
    flash(f"{service.name} says that its numbers are right. Your name stands beside that.")
    return redirect(url_for("broker.confirm_numbers"))


def _by_telephone() -> Actor:
    """Return who reports: the broker, and that they only write down what was said."""
    actor = current_actor()
    return replace(actor, name=f"{actor.name[:90]} of brokerage, by telephone")


def _store(row: ServiceRow, form: FlaskForm) -> None:
    with committing() as unit:
        report_vacancies(
            unit,
            market.service(unit, row.id, actor=current_actor()),
            {each.id: _numbers(form, each.id) for each in row.units},
            by=_by_telephone(),
            now=now(),
            seen={each.id: first_id(form[f"seen-{each.id}"].data) for each in row.units},
            counted={each.id: ids(form[f"counted-{each.id}"].data) for each in row.units},
            confirmed=confirmed(),
        )


def _numbers(form: FlaskForm, unit_id: int) -> Numbers:
    return Numbers(**{name: form[f"{name}-{unit_id}"].data for name in NUMBERS})


def _adds_up(row: ServiceRow, form: FlaskForm) -> bool:
    for unit in row.units:
        try:
            require_sum(unit.id, _numbers(form, unit.id))
        except Invalid as error:
            show_error(form, error)
    return not form.errors


def _with_numbers(row: ServiceRow) -> FlaskForm:
    """Return the form with the numbers as they should be now, and what the page shows of each unit."""
    data: dict[str, Any] = {f"maximum-{unit.id}": unit.capacity for unit in row.units}
    for unit in row.units:
        if unit.numbers:
            data |= {f"{name}-{unit.id}": getattr(unit.numbers, name) for name in NUMBERS}
        data[f"seen-{unit.id}"] = str(unit.report.id) if unit.report else ""
        data[f"counted-{unit.id}"] = " ".join(str(stay.id) for stay in unit.live)
    return vacancies_form([unit.id for unit in row.units])(formdata=None, data=data)


def _page(row: ServiceRow, form: FlaskForm, **more: Any) -> str:
    service = market.service(reading(), row.id, actor=current_actor())
    return render_template("broker/said_numbers.html", service=row, reached=service, form=form, **more)
