"""Places that are kept for others, and people of a provider's own who are to leave."""

from __future__ import annotations

from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from placement.domain.clocks import today
from placement.domain.errors import Invalid
from placement.domain.others import PURPOSE
from placement.domain.text import amount
from placement.market import others as market_others
from placement.market import services as market
from placement.records.events import newest_line
from placement.records.others import OtherStay
from placement.records.providers import Service
from placement.web.access import current_actor
from placement.web.formatting import day
from placement.web.forms import fields
from placement.web.forms.binding import show_error
from placement.web.forms.places import KeepingForm, LeavingForm, UntilForm
from placement.web.meeting import BothChanged, both_page, meet, other_save, tell
from placement.web.pages.others import other_words
from placement.web.pages.provider import blueprint
from placement.web.transactions import committing, now, reading

SAID = ("places_kept", "departure_expected", "other_stay_changed")


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherRow:
    """What is kept or who is to leave, in words; `ends` is what its button says once it is over."""

    other: OtherStay
    words: str
    ends: str
    is_overdue: bool


def entry(other: OtherStay) -> OtherRow:
    """Return what a provider reads of one."""
    date = today(now())
    return OtherRow(
        other=other,
        words=other_words(other),
        ends="They have left" if PURPOSE[other.purpose].is_person and other.start_on <= date else "Not kept any more",
        is_overdue=other.is_overdue(date),
    )


@blueprint.route("/services/<int:service_id>/places/keep", methods=["GET", "POST"])
def keep(service_id: int) -> ResponseReturnValue:
    """Ask what is kept for others, and store it."""
    service = market.service(reading(), service_id, actor=current_actor())
    form = KeepingForm()
    _offer_units(form, service)
    if form.validate_on_submit():
        try:
            with committing() as session:
                market_others.keep_places(
                    session, market.unit(session, int(form.unit.data), actor=current_actor()),
                    purpose=form.purpose.data, name=form.name.data or "", places=form.places.data,
                    start_on=form.start_on.data, end_on=form.end_on.data,
                    is_counted=form.is_counted.data == "yes", by=current_actor(), now=now(),
                )  # fmt: skip
            flash("Brokerage is not offered these places while you keep them.")
            return redirect(url_for("provider.places", service_id=service_id))
        except Invalid as error:
            show_error(form, error)
    elif request.method != "POST":
        form.start_on.data = today(now())
    return render_template("provider/keep.html", service=service, form=form), 422 if form.errors else 200


@blueprint.route("/services/<int:service_id>/places/leaving", methods=["GET", "POST"])
def leaving(service_id: int) -> ResponseReturnValue:
    """Ask who of a provider's own people leaves, and when."""
    service = market.service(reading(), service_id, actor=current_actor())
    form = LeavingForm()
    _offer_units(form, service)
    if form.validate_on_submit():
        try:
            with committing() as session:
                market_others.expect_departure(
                    session, market.unit(session, int(form.unit.data), actor=current_actor()),
                    places=form.places.data, leave_on=form.leave_on.data, by=current_actor(), now=now(),
                )  # fmt: skip
            flash(f"Brokerage sees that {amount(form.places.data, 'place')} will be free from "
                  f"{day(form.leave_on.data)}.")  # fmt: skip
            return redirect(url_for("provider.places", service_id=service_id))
        except Invalid as error:
            show_error(form, error)
    return render_template("provider/leaving.html", service=service, form=form), 422 if form.errors else 200


@blueprint.route("/services/places/<int:other_id>", methods=["GET", "POST"])
def until(other_id: int) -> ResponseReturnValue:
    """Ask until when something is kept, or when somebody leaves."""
    found = market_others.other_stay(reading(), other_id, actor=current_actor())
    form = UntilForm(data={"end_on": found.end_on})
    if form.validate_on_submit():
        try:
            with committing() as session:
                other = market_others.other_stay(session, other_id, actor=current_actor())
                market_others.lock_other(session, other)
                form = UntilForm(data={"end_on": other.end_on})  # what is stored by now, beside what was typed
                words = meet(form, other_save(newest_line(session, SAID, subject=other)))
                if form.end_on.data != other.end_on:
                    market_others.change_end(session, other, end_on=form.end_on.data, by=current_actor(), now=now())
        except BothChanged as error:
            return both_page(error)
        except Invalid as error:
            show_error(form, error)
        else:
            flash("Saved.")
            tell(words)
            return redirect(url_for("provider.places", service_id=found.unit.service_id))
    return render_template("provider/until.html", entry=entry(found), form=form), 422 if form.errors else 200


@blueprint.post("/services/places/<int:other_id>/free")
def free_places(other_id: int) -> ResponseReturnValue:
    """Say that places are free: who had them has left, or they are kept no more."""
    with committing() as session:
        other = market_others.other_stay(session, other_id, actor=current_actor())
        market_others.lock_other(session, other)
        market_others.give_back(session, other, by=current_actor(), now=now())
        service_id, words = other.unit.service_id, amount(other.places, "place")
    flash(f"Brokerage sees {words} more from today. Check that your numbers are right.")
    return redirect(url_for("provider.places", service_id=service_id))


@blueprint.post("/services/places/<int:other_id>/withdraw")
def withdraw_places(other_id: int) -> ResponseReturnValue:
    """Take back what was entered by mistake."""
    with committing() as session:
        other = market_others.other_stay(session, other_id, actor=current_actor())
        market_others.lock_other(session, other)
        market_others.withdraw(session, other, by=current_actor(), now=now())
        service_id = other.unit.service_id
    flash("Taken back. Check that your numbers are right.")
    return redirect(url_for("provider.places", service_id=service_id))


def _offer_units(form: FlaskForm, service: Service) -> None:
    form.unit.choices = fields.options([(str(unit.id), unit.name) for unit in service.units])
    if request.method != "POST":
        form.unit.data = str(service.units[0].id) if len(service.units) == 1 else None
