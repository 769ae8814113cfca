"""Settings: the numbers that this council works with."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from placement.domain.errors import Invalid
from placement.records.events import newest_line
from placement.records.settings import locked_numbers, numbers, set_numbers
from placement.web.access import current_actor
from placement.web.forms.binding import show_error
from placement.web.forms.settings import SettingsForm
from placement.web.meeting import BothChanged, both_page, meet, other_save, tell
from placement.web.pages.admin import blueprint
from placement.web.transactions import committing, now, reading


@blueprint.route("/settings", methods=["GET", "POST"])
def settings() -> ResponseReturnValue:
    """Show every setting, and set them."""
    form = SettingsForm(data=numbers(reading()))
    if form.validate_on_submit():
        try:
            with committing() as unit:
                form = SettingsForm(data=locked_numbers(unit))  # what is stored by now stands beside what was typed
                words = meet(form, other_save(newest_line(unit, ("number_set",))))
                changed = set_numbers(unit, form.values, by=current_actor(), now=now())
            flash("The settings are saved and count from now on." if changed else "Nothing has changed.")
            tell(words)
            return redirect(url_for("admin.settings"))
        except BothChanged as error:
            return both_page(error)
        except Invalid as error:
            show_error(form, error)
    return render_template("admin/settings.html", form=form), 422 if form.errors else 200
