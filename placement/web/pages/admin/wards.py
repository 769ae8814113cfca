"""The ward sets there are, and exact outlines: uploaded, looked at, put to use, and taken back."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from placement.domain.clocks import today
from placement.domain.councils import COUNCIL
from placement.domain.errors import Invalid
from placement.geography.attribution import ATTRIBUTION
from placement.geography.errors import UnusableWardFile
from placement.geography.ward_files import read_ward_set
from placement.records.ward_uploads import (
    cover_in,
    judged,
    listed_ward_sets,
    preview_ward_set,
    undo_ward_set,
    use_ward_set,
    ward_set_row,
)
from placement.web.access import current_actor
from placement.web.forms.admin import WardFileForm
from placement.web.forms.binding import show_error
from placement.web.gazetteer import gazetteer
from placement.web.pages.admin import blueprint
from placement.web.transactions import committing, now, reading


@blueprint.route("/wards", methods=["GET", "POST"])
def wards() -> ResponseReturnValue:
    """Show every set with its dates, and keep an uploaded one to be looked at."""
    form = WardFileForm()
    if form.validate_on_submit() and (ward_set_id := _uploaded(form)):
        return redirect(url_for("admin.ward_set", ward_set_id=ward_set_id))
    places = gazetteer()
    page = render_template(
        "admin/wards.html",
        form=form,
        ward_set=places.ward_set,
        localities=places.localities,
        listed=listed_ward_sets(reading(), places.ward_set),
        today=today(now()),
        credits=ATTRIBUTION,
    )
    return page, 422 if form.errors else 200


@blueprint.get("/wards/<int(max=999999999):ward_set_id>")
def ward_set(ward_set_id: int) -> ResponseReturnValue:
    """Show one uploaded set: what it would do before it is used, and what can be done with it."""
    row, places = ward_set_row(reading(), ward_set_id), gazetteer()
    listed = next(each for each in listed_ward_sets(reading(), places.ward_set) if each.id == row.id)
    return render_template(
        "admin/ward_set.html",
        row=row,
        listed=listed,
        cover=cover_in(listed.ward_set, places) if listed.ward_set.has_outlines else None,
        today=today(now()),
        credits=ATTRIBUTION,
    )


@blueprint.post("/wards/<int(max=999999999):ward_set_id>/use")
def use_wards(ward_set_id: int) -> ResponseReturnValue:
    """Count everything in the wards of an uploaded set."""
    with committing() as unit:
        row = ward_set_row(unit, ward_set_id, to_change=True)
        recoded, name = use_ward_set(unit, row, by=current_actor(), now=now()), row.name
    flash(f"{name}: these wards are in store. {recoded:,} services, people and referrals changed ward.")
    return redirect(url_for("admin.wards"))


@blueprint.post("/wards/<int(max=999999999):ward_set_id>/undo")
def undo_wards(ward_set_id: int) -> ResponseReturnValue:
    """Take a set back, or throw away one that was never used."""
    with committing() as unit:
        row = ward_set_row(unit, ward_set_id, to_change=True)
        undo_ward_set(unit, row, by=current_actor(), now=now())
        name = row.name
    flash(f"{name}: the uploaded outlines are not in use.")
    return redirect(url_for("admin.wards"))


def _uploaded(form: WardFileForm) -> int | None:
    try:
        read = read_ward_set(form.file.data.read(), council=COUNCIL[current_actor().council])
        judged(read, gazetteer())
    except UnusableWardFile as error:
        show_error(form, Invalid(f"{str(error).rstrip('.')}. {error.advice}", field="file"))
        return None
    with committing() as unit:
        row_id = preview_ward_set(unit, read, by=current_actor(), now=now()).id
    if read.mended:
        flash(f"Broken outlines were mended without a change of area: {', '.join(read.mended)}.")
    return row_id
