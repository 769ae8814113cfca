"""How brokerage reaches a service, as its provider keeps it: telephone, e-mail, and whom to ring at which hours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from placement.domain.contact_hours import hours_words, read
from placement.domain.errors import Invalid
from placement.market import services as market
from placement.records.events import newest_line
from placement.records.providers import Service
from placement.web.access import current_actor
from placement.web.forms.binding import show_error
from placement.web.forms.provider import HOURS_PARTS, ContactForm, ContactHoursForm
from placement.web.meeting import BothChanged, both_page, meet, other_save, tell
from placement.web.pages.provider import blueprint
from placement.web.transactions import committing, now, reading


@blueprint.route("/services/<int:service_id>/contact", methods=["GET", "POST"])
def contact(service_id: int) -> ResponseReturnValue:
    """Show how a service is reached, and change it."""
    found = market.service(reading(), service_id, actor=current_actor())
    form = _form(found)
    if form.validate_on_submit():
        try:
            with committing() as session:
                service = market.service(session, service_id, actor=current_actor())
                market.lock_service(session, service)
                form = _form(service)  # what is stored by now stands in it beside what was typed
                words = meet(form, other_save(newest_line(session, ("contact_changed",), subject=service)))
                market.set_contact(
                    session,
                    service,
                    telephone=form.telephone.data or "",
                    email=form.email.data or "",
                    by=current_actor(),
                    now=now(),
                )
        except BothChanged as error:
            return both_page(error)
        except Invalid as error:
            show_error(form, error)
        else:
            flash(f"Brokerage sees how to reach {found.name}.")
            tell(words)
            return redirect(url_for("provider.services", _anchor=f"service-{service_id}"))
    hours = [hours_words(row) for row in read(found.contact_hours)]
    page = render_template("provider/contact.html", service=found, form=form, hours=hours)
    return page, 422 if form.errors else 200


@blueprint.route("/services/<int:service_id>/contact/hours", methods=["GET", "POST"])
def contact_hours(service_id: int) -> ResponseReturnValue:
    """Say whom to ring at which hours."""
    found = market.service(reading(), service_id, actor=current_actor())
    form = _hours_form(found)
    if form.validate_on_submit():
        try:
            with committing() as session:
                service = market.service(session, service_id, actor=current_actor())
                market.lock_service(session, service)
                form = _hours_form(service)  # what is stored by now stands in it beside what was typed
                words = meet(form, other_save(newest_line(session, ("contact_hours_changed",), subject=service)))
                market.set_contact_hours(session, service, form.hours(), by=current_actor(), now=now())
        except BothChanged as error:
            return both_page(error)
        except Invalid as error:
            show_error(form, error)
        else:
            flash(f"Brokerage sees whom to ring at {found.name}.")
            tell(words)
            return redirect(url_for("provider.contact", service_id=service_id))
    rows = _rows(found, form)
    page = render_template("provider/contact_hours.html", service=found, form=form, rows=rows)
    return page, 422 if form.errors else 200


@dataclass(frozen=True, slots=True, kw_only=True)
class HoursRow:
    """One row of the form of contact hours: what it says as it is stored, and whether it stands open."""

    fields: list[Any]
    words: str
    is_open: bool


def _rows(service: Service, form: ContactHoursForm) -> list[HoursRow]:
    """Return the rows of a form: those with something to mend open, or the first one where nothing is stored."""
    stored = [hours_words(row) for row in read(service.contact_hours)]
    return [
        HoursRow(
            fields=row,
            words=stored[number] if number < len(stored) else "Add somebody",
            is_open=any(field.errors for field in row) or number == 0 == len(stored),
        )
        for number, row in enumerate(form.rows)
    ]


def _hours_form(service: Service) -> ContactHoursForm:
    said = {
        f"{part}_{number}": value
        for number, row in enumerate(service.contact_hours, 1)
        for part, value in zip(HOURS_PARTS, row, strict=True)
    }
    return ContactHoursForm(data=said)


def _form(service: Service) -> ContactForm:
    return ContactForm(data={"telephone": service.telephone, "email": service.email})
