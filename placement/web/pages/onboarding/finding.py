"""The first step: a location by its ID in the register, from a file of the CQC, or a service by hand."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from placement.domain.errors import Invalid
from placement.market.onboarding import add_by_hand, add_from_file, location_id, service_of_location
from placement.records.join_requests import waiting_requests
from placement.records.providers import Service
from placement.web.access import current_actor
from placement.web.forms.binding import show_error
from placement.web.forms.hidden import first_id
from placement.web.forms.onboarding import ByHandForm, LocationFileForm, LocationForm
from placement.web.gazetteer import gazetteer, located
from placement.web.pages.onboarding import blueprint
from placement.web.paging import place
from placement.web.transactions import committing, now, reading


@blueprint.route("/", methods=["GET", "POST"])
def find() -> ResponseReturnValue:
    """Ask for a location ID and lead to its service; where it is not known, take a file that names it."""
    is_asked = "location" in request.args
    form = LocationForm(request.args if is_asked else None)
    number = location_id(form.location.data or "") if is_asked and form.validate() else ""
    service = service_of_location(reading(), number) if number else None
    if service is not None:
        return redirect(step("onboarding.confirm", service_id=service.id))
    file = LocationFileForm()
    if number and file.validate_on_submit() and (service := _added_from(file, number)):
        return redirect(step("onboarding.confirm", service_id=service.id))
    waiting = waiting_requests(reading(), at=place())
    page = render_template("onboarding/find.html", form=form, file=file, number=number, waiting=waiting, asked=asked())
    return page, 422 if form.errors or file.errors else 200


@blueprint.route("/by-hand", methods=["GET", "POST"])
def by_hand() -> ResponseReturnValue:
    """Take down a service that the CQC's files do not tell of."""
    form = ByHandForm(data={"number": request.args.get("location", "")})
    if form.validate_on_submit() and (service := _added_by_hand(form)):
        return redirect(step("onboarding.confirm", service_id=service.id))
    return render_template("onboarding/by_hand.html", form=form), 422 if form.errors else 200


def asked() -> int | None:
    """Return the number of the request to join that these steps answer."""
    return first_id(request.args.get("request"))


def step(endpoint: str, **values: Any) -> str:
    """Return the address of another step, which answers the same request to join."""
    return url_for(endpoint, **values, request=asked())


def _added_from(form: LocationFileForm, number: str) -> Service | None:
    content, places = form.file.data.read(), gazetteer()
    try:
        with committing() as session:
            added = add_from_file(
                session,
                content,
                name=form.file.data.filename,
                number=number,
                gazetteer=places,
                by=current_actor(),
                now=now(),
            )
    except Invalid as error:
        show_error(form, error)
        return None
    flash(f"{added.name} is in the register now, as the file has it.")
    return added


def _added_by_hand(form: ByHandForm) -> Service | None:
    try:
        at = located(form.postcode.data, "postcode")
        with committing() as session:
            return add_by_hand(
                session,
                organisation=form.organisation.data,
                name=form.name.data,
                service_type=form.service_type.data,
                at=at,
                number=location_id(form.number.data or ""),
                by=current_actor(),
                now=now(),
            )
    except Invalid as error:
        show_error(form, error)
        return None
