"""Whom at the council a provider calls about new places."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from placement.domain.errors import Invalid
from placement.market.contacts import council_contact, set_council_contact
from placement.records.contacts import CouncilContact
from placement.records.events import newest_line
from placement.web.access import current_actor
from placement.web.forms.binding import show_error
from placement.web.forms.contacts import CouncilContactForm
from placement.web.meeting import BothChanged, both_page, meet, other_save, tell
from placement.web.pages.admin import blueprint
from placement.web.transactions import committing, now, reading


@blueprint.route("/contact", methods=["GET", "POST"])
def contact() -> ResponseReturnValue:
    """Show whom providers call about new places, and change it."""
    form = _form(council_contact(reading()))
    if form.validate_on_submit():
        try:
            with committing() as unit:
                form = _form(council_contact(unit, lock=True))  # what is stored by now stands beside what was typed
                words = meet(form, other_save(newest_line(unit, ("council_contact_set",))))
                set_council_contact(
                    unit,
                    team=form.team.data or "",
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
            flash("Providers see whom to call about new places.")
            tell(words)
            return redirect(url_for("admin.home"))
    return render_template("admin/contact.html", form=form), 422 if form.errors else 200


def _form(stored: CouncilContact | None) -> CouncilContactForm:
    names = ("team", "telephone", "email")
    return CouncilContactForm(data={name: getattr(stored, name) if stored else "" for name in names})
