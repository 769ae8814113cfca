"""Splitting a unit, merging it into another, retiring it and taking it up again."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from placement.domain.clocks import today
from placement.domain.errors import Invalid
from placement.market import services as market
from placement.market.closures import closures
from placement.market.merging import merge_units
from placement.market.numbers import Numbers
from placement.market.others import others_of
from placement.market.promises import stays_in
from placement.market.retiring import retire_unit, take_up_unit
from placement.market.splitting import SplitOff, split_unit
from placement.records.availability import newest_reports
from placement.records.providers import Unit
from placement.web.access import current_actor
from placement.web.formatting import day
from placement.web.forms import fields
from placement.web.forms.binding import show_error
from placement.web.forms.places import MergeForm, SplitForm
from placement.web.forms.vacancies import NUMBERS
from placement.web.pages.others import other_words
from placement.web.pages.provider import blueprint
from placement.web.transactions import committing, now, reading


@blueprint.route("/services/units/<int:unit_id>/split", methods=["GET", "POST"])
def split(unit_id: int) -> ResponseReturnValue:
    """Ask what of a unit becomes a unit of its own."""
    found = market.unit(reading(), unit_id, actor=current_actor())
    form = _split_form(found)
    if form.validate_on_submit():
        try:
            with committing() as session:
                unit = market.unit(session, unit_id, actor=current_actor())
                split_unit(session, unit, _share(form), by=current_actor(), now=now())
            flash(f"{form.name.data} is a unit of its own now. Check the numbers of both.")
            return redirect(url_for("provider.vacancies", service_id=found.service_id))
        except Invalid as error:
            show_error(form, error)
    report = newest_reports(reading(), [unit_id]).get(unit_id)
    page = render_template("provider/split.html", unit=found, form=form, report=report, numbers=NUMBERS)
    return page, 422 if form.errors else 200


@blueprint.route("/services/units/<int:unit_id>/merge", methods=["GET", "POST"])
def merge(unit_id: int) -> ResponseReturnValue:
    """Ask into which unit the places of another go."""
    found = market.unit(reading(), unit_id, actor=current_actor())
    form = MergeForm()
    form.into.choices = fields.options(
        [(str(unit.id), unit.name) for unit in found.service.units if unit.id != unit_id]
    )
    if form.validate_on_submit():
        try:
            with committing() as session:
                into = market.unit(session, int(form.into.data), actor=current_actor())
                unit = market.unit(session, unit_id, actor=current_actor())
                merge_units(session, unit, into, by=current_actor(), now=now())
                name = into.name
            flash(f"The places of {found.name} are part of {name} now. Check its numbers.")
            return redirect(url_for("provider.vacancies", service_id=found.service_id))
        except Invalid as error:
            show_error(form, error)
    return render_template("provider/merge.html", unit=found, form=form), 422 if form.errors else 200


@blueprint.route("/services/units/<int:unit_id>/retire", methods=["GET", "POST"])
def retire(unit_id: int) -> ResponseReturnValue:
    """Ask whether a unit is to be taken out of use, and do so."""
    found, problem = market.unit(reading(), unit_id, actor=current_actor()), ""
    if request.method == "POST":
        try:
            with committing() as session:
                retire_unit(
                    session, market.unit(session, unit_id, actor=current_actor()), by=current_actor(), now=now()
                )
            flash(f"{found.name} is out of use. Its history stays.")
            return redirect(url_for("provider.places", service_id=found.service_id))
        except Invalid as error:
            problem = str(error)
    return render_template("provider/retire.html", unit=found, problem=problem), 422 if problem else 200


@blueprint.post("/services/units/<int:unit_id>/take-up")
def take_up(unit_id: int) -> ResponseReturnValue:
    """Take a retired unit up again."""
    with committing() as session:
        unit = market.unit(session, unit_id, actor=current_actor())
        take_up_unit(session, unit, by=current_actor(), now=now())
        name, service_id = unit.name, unit.service_id
    flash(f"{name} is in use again. Enter its numbers.")
    return redirect(url_for("provider.vacancies", service_id=service_id))


def _split_form(unit: Unit) -> SplitForm:
    form, date = SplitForm(), today(now())
    stays = stays_in(reading(), [unit.id], date)
    form.stays.choices = fields.options(
        [
            (str(each.id), f"{each.referral.reference}, {each.state.label.lower()}, from {day(each.start_on)}")
            for each in stays
        ]
    )
    form.others.choices = fields.options(
        [(str(each.id), other_words(each)) for each in others_of(reading(), [unit], day=date)]
    )
    form.closures.choices = fields.options(
        [(str(each.id), f"{each.places or 'All'} from {day(each.start_on)}") for each in
         closures(reading(), [unit], today=date)]
    )  # fmt: skip
    return form


def _share(form: SplitForm) -> SplitOff:
    return SplitOff(
        name=form.name.data,
        numbers=Numbers(**{name: form[name].data for name in NUMBERS}),
        stays=[int(number) for number in form.stays.data or ()],
        others=[int(number) for number in form.others.data or ()],
        closures=[int(number) for number in form.closures.data or ()],
    )
