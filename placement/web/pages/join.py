"""Coming to the product: taking an invitation up, and asking to be invited. Open to everybody."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from placement.domain.errors import Invalid, NotFound
from placement.domain.people import ROLE_LABELS
from placement.market.onboarding import location_id, service_of_location
from placement.records.invitations import invitation_of_link, take_up
from placement.records.join_requests import ask_to_join
from placement.records.tries import count_try, tries_at
from placement.web.access import guard
from placement.web.extensions import config, store
from placement.web.forms.binding import show_error
from placement.web.forms.onboarding import JoinForm, LocationForm
from placement.web.forms.team import ComeForm
from placement.web.signing_in import Entrance, arrive, welcome
from placement.web.transactions import committing, now, reading

blueprint = Blueprint("join", __name__, url_prefix="/join")
guard(blueprint)
TOO_OFTEN = "You have asked too often from where you are"
RING = "Or ring the council’s commissioning team."


@blueprint.route("/invitation/<secret>", methods=["GET", "POST"])
def invitation(secret: str) -> ResponseReturnValue:
    """Show what a link invites to, and let its holder in; looking at it changes nothing."""
    try:
        row = invitation_of_link(reading(), secret, now=now())
        label = row.provider.name if row.provider else ROLE_LABELS[row.role]
        form = ComeForm(data={"name": row.name})
        if form.validate_on_submit() and (entrance := _entrance(secret, form)):
            answer = welcome(entrance)
            flash(f"Welcome, {entrance.user.name}. You are signed in.")
            return answer
    except NotFound:
        return render_template("join/over.html"), 404
    page = render_template("join/invitation.html", form=form, row=row, label=label)
    return page, 422 if form.errors else 200


def _entrance(secret: str, form: ComeForm) -> Entrance | None:
    try:
        with committing() as unit:
            user = take_up(unit, secret, name=form.name.data, password=form.password.data, now=now())
            return arrive(unit, user)
    except Invalid as error:
        show_error(form, error)
        return None


@blueprint.route("", methods=["GET", "POST"])
def ask() -> ResponseReturnValue:
    """Let an organisation ask to join: find its location, and say who asks. A person at the council answers."""
    is_asked = "location" in request.args
    find = LocationForm(request.args if is_asked else None)
    number = location_id(find.location.data or "") if is_asked and find.validate() else ""
    known = service_of_location(reading(), number) if number else None
    form = JoinForm(data={"organisation": known.provider.name if known else ""})
    if number and form.validate_on_submit():
        _count_asking()
        with committing() as unit:
            ask_to_join(
                unit,
                number=number,
                organisation=form.organisation.data,
                name=form.name.data,
                email=form.email.data,
                telephone=form.telephone.data,
                council=config().council.code,
                now=now(),
            )
        return redirect(url_for("join.asked"))
    is_wrong = find.errors or form.errors
    return render_template("join/ask.html", find=find, form=form, number=number, known=known), 422 if is_wrong else 200


@blueprint.get("/asked")
def asked() -> ResponseReturnValue:
    """Say what happens next, the same to everybody."""
    return render_template("join/asked.html")


def _count_asking() -> None:
    (subject, _), *_ = tries_at("asks to join", request.remote_addr)
    with store().writing() as counting:
        count_try(counting, subject, within=timedelta(hours=1), now=now(), words=TOO_OFTEN, advice=RING)
