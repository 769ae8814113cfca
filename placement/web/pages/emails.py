"""Your e-mails: the one that a person can have a day, on or off, and from which hour."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from placement.domain.digests import DIGEST
from placement.domain.people import Actor
from placement.records.digests import Wish, choose_digest, quiet_hours, wishes
from placement.web.access import current_actor, is_signed_in
from placement.web.forms.emails import EmailsForm, hour_words
from placement.web.pages.account import blueprint
from placement.web.transactions import committing, reading


@blueprint.route("/emails", methods=["GET", "POST"])
def emails() -> ResponseReturnValue:
    """Show what a person is written once a day, and let them turn it off, on, or to another time."""
    if not is_signed_in():
        return redirect(url_for("account.sign_in", next=url_for("account.emails")))
    actor = current_actor()
    if actor.role not in DIGEST or actor.user_id is None:
        return redirect(url_for("account.start"))  # nothing is written to them once a day
    wish = wishes(reading(), {actor.user_id: actor.role})[actor.user_id]
    kind, quiet = DIGEST[actor.role], quiet_hours(reading())
    form = EmailsForm(data={"is_on": "yes" if wish.is_on else "no", "hour": str(wish.hour)})
    form.is_on.label.text = kind.label
    if form.validate_on_submit():
        _store(form, actor)
        return redirect(url_for("account.emails"))
    nights = (hour_words(quiet.start), hour_words(quiet.end)) if quiet.start != quiet.end else None
    return render_template("account/emails.html", form=form, kind=kind, quiet=nights), 422 if form.errors else 200


def _store(form: EmailsForm, actor: Actor) -> None:
    assert actor.user_id is not None  # whoever is signed in is a user
    wish = Wish(is_on=form.is_on.data == "yes", hour=int(form.hour.data))
    with committing() as unit:
        choose_digest(unit, actor.user_id, wish)
    flash(f"You have this e-mail from {hour_words(wish.hour)}." if wish.is_on else "You do not have this e-mail.")
