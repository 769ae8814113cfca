"""The ward outlines in use, and putting exact ones in their place."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from placement.domain.councils import COUNCIL
from placement.geography.attribution import ATTRIBUTION
from placement.geography.errors import UnusableWardFile
from placement.geography.ward_files import read_ward_set
from placement.records.ward_sets import save_ward_set
from placement.web.access import current_actor
from placement.web.forms.admin import WardFileForm
from placement.web.forms.binding import show_error
from placement.web.gazetteer import gazetteer
from placement.web.pages.admin import blueprint
from placement.web.transactions import committing, now


@blueprint.route("/wards", methods=["GET", "POST"])
def wards() -> ResponseReturnValue:
    """Show the set in use, and store an uploaded one."""
    form = WardFileForm()
    if form.validate_on_submit() and _stored(form):
        return redirect(url_for("admin.home"))
    places = gazetteer()
    page = render_template(
        "admin/wards.html",
        form=form,
        ward_set=places.ward_set,
        localities=places.localities,
        credits=ATTRIBUTION,
    )
    return page, 422 if form.errors else 200


def _stored(form: WardFileForm) -> bool:
    try:
        ward_set = read_ward_set(form.file.data.read(), council=COUNCIL[current_actor().council])
    except UnusableWardFile as error:
        show_error(form, error)
        return False
    with committing() as unit:
        save_ward_set(unit, ward_set, by=current_actor(), now=now())
    flash(f"{ward_set.name}: {len(ward_set.wards)} wards with exact outlines are stored.")
    return True
