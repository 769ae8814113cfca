"""What the council's extracts of the Capacity Tracker call things."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from placement.domain.errors import Invalid
from placement.records.events import newest_line
from placement.records.tracker import column_map, set_column_map
from placement.web.access import current_actor
from placement.web.forms.binding import show_error
from placement.web.forms.tracker import ColumnMapForm, as_shown
from placement.web.meeting import BothChanged, both_page, meet, other_save, tell
from placement.web.pages.admin import blueprint
from placement.web.transactions import committing, now, reading


@blueprint.route("/tracker", methods=["GET", "POST"])
def tracker() -> ResponseReturnValue:
    """Show what each thing is called, and set it."""
    council = current_actor().council
    form = ColumnMapForm(data=as_shown(column_map(reading(), council)))
    if form.validate_on_submit():
        try:
            with committing() as unit:
                form = ColumnMapForm(data=as_shown(column_map(unit, council, to_change=True)))
                words = meet(form, other_save(newest_line(unit, ("column_map_set",))))
                changed = set_column_map(unit, council, form.values, by=current_actor(), now=now())
            flash("Saved. It counts from the next file on." if changed else "Nothing has changed.")
            tell(words)
            return redirect(url_for("admin.tracker"))
        except BothChanged as error:
            return both_page(error)
        except Invalid as error:
            show_error(form, error)
    return render_template("admin/tracker.html", form=form), 422 if form.errors else 200
