"""How the places of a service are used: kept for others, to be free, shared, prepared, and units that change."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from placement.domain.clocks import today
from placement.domain.errors import Invalid
from placement.market import services as market
from placement.market.others import others_of
from placement.market.pools import pool_words
from placement.market.retiring import retired_units
from placement.market.turnaround import set_turnaround
from placement.market.units import lock_unit
from placement.records.events import newest_line
from placement.records.providers import Unit
from placement.web.access import current_actor
from placement.web.forms.binding import show_error
from placement.web.forms.places import TurnaroundForm
from placement.web.meeting import BothChanged, both_page, meet, other_save, tell
from placement.web.pages.provider import blueprint
from placement.web.pages.provider.kept_places import entry
from placement.web.transactions import committing, now, reading


@blueprint.get("/services/<int:service_id>/places")
def places(service_id: int) -> ResponseReturnValue:
    """Show what is kept, who is to leave, what units share, and what can be done with a unit."""
    service = market.service(reading(), service_id, actor=current_actor())
    return render_template(
        "provider/places.html",
        service=service,
        entries=[entry(each) for each in others_of(reading(), service.units, day=today(now()))],
        pools=[(cap, pool_words(cap)) for cap in service.shared_caps],
        retired=retired_units(reading(), service),
    )


@blueprint.route("/services/units/<int:unit_id>/turnaround", methods=["GET", "POST"])
def turnaround(unit_id: int) -> ResponseReturnValue:
    """Ask for how many nights a place is not free after a stay."""
    found = market.unit(reading(), unit_id, actor=current_actor())
    form = _form(found)
    if form.validate_on_submit():
        try:
            with committing() as session:
                unit = market.unit(session, unit_id, actor=current_actor())
                lock_unit(session, unit)
                form = _form(unit)  # what is stored by now stands in it beside what was typed
                words = meet(form, other_save(newest_line(session, ("turnaround_set",), subject=unit)))
                set_turnaround(session, unit, form.turnaround_nights.data, by=current_actor(), now=now())
        except BothChanged as error:
            return both_page(error)
        except Invalid as error:
            show_error(form, error)
        else:
            flash(f"The nights between two stays in {found.name} are saved.")
            tell(words)
            return redirect(url_for("provider.places", service_id=found.service_id))
    return render_template("provider/turnaround.html", unit=found, form=form), 422 if form.errors else 200


def _form(unit: Unit) -> TurnaroundForm:
    return TurnaroundForm(data={"turnaround_nights": unit.turnaround_nights})
