"""Coming to the product: taking an invitation up. Open to everybody who holds a link."""

from __future__ import annotations

from flask import Blueprint, flash, render_template
from flask.typing import ResponseReturnValue

from placement.domain.errors import Invalid, NotFound
from placement.domain.people import ROLE_LABELS
from placement.records.invitations import invitation_of_link, take_up
from placement.web.access import guard
from placement.web.forms.binding import show_error
from placement.web.forms.team import ComeForm
from placement.web.signing_in import Entrance, arrive, welcome
from placement.web.transactions import committing, now, reading

blueprint = Blueprint("join", __name__, url_prefix="/join")
guard(blueprint)


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
