"""What a unit says of itself: all of it as brokers read it, a short page for each section, and adding a unit."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from placement.domain.errors import Invalid, NotFound
from placement.domain.features import in_order
from placement.market import services as market
from placement.market.accepting import AcceptRules
from placement.market.claims import rulings
from placement.market.profiles import profile_of, save_profile, seen_if_saved, seen_profile
from placement.market.units import add_unit, lock_unit
from placement.records.doubted import doubted_features
from placement.records.events import newest_line
from placement.records.providers import Unit
from placement.web.access import current_actor
from placement.web.forms.binding import show_error
from placement.web.forms.profile import NewUnitForm
from placement.web.forms.shared import SharedForm
from placement.web.meeting import BothChanged, both_page, meet, other_save, tell
from placement.web.pages.profiled import SEEN, SeenRow
from placement.web.pages.provider import blueprint
from placement.web.pages.provider.claimed import tell_claims
from placement.web.pages.provider.profile import PAGES, SECTIONS, ProfilePages
from placement.web.transactions import committing, now, reading

EDITS = ("unit_added", "unit_edited")
LOOK = "look"
"""In the address of a form that is sent to be looked at as brokers would see it, and not to be stored."""


@blueprint.get("/services/units/<int:unit_id>")
def unit(unit_id: int) -> ResponseReturnValue:
    """Show what a unit says of itself, section by section, as brokers read it."""
    found = market.unit(reading(), unit_id, actor=current_actor())
    seen = seen_profile(found)
    return render_template(
        "provider/unit.html",
        unit=found,
        sections=[(section, SEEN[section.slug](seen)) for section in SECTIONS],
        doubted=_doubted(found),
    )


@blueprint.route("/services/units/<int:unit_id>/<slug>", methods=["GET", "POST"])
def unit_section(unit_id: int, slug: str) -> ResponseReturnValue:
    """Ask one section of what a unit says; before it is saved, it can be looked at as brokers would see it."""
    found = market.unit(reading(), unit_id, actor=current_actor())
    if slug not in PAGES:
        raise NotFound("There is no such unit.")  # as of a unit that is somebody else’s
    section = PAGES[slug]
    form = section.form(profile_of(found))
    rows = SEEN[slug](seen_profile(found))
    if form.validate_on_submit():
        try:
            if LOOK in request.args:
                rows = _rows_if_saved(section, found, form)
            else:
                with committing() as session:
                    kept = market.unit(session, unit_id, actor=current_actor())
                    lock_unit(session, kept)
                    form = section.form(profile_of(kept))  # what is stored by now stands in it beside what was typed
                    words = _save(session, section, kept, form)
                tell(words)
                return redirect(url_for("provider.unit", unit_id=unit_id, _anchor=f"section-{slug}"))
        except BothChanged as error:
            return both_page(error)
        except Invalid as error:
            show_error(form, error)
            found = market.unit(reading(), unit_id, actor=current_actor())
    return _page(section, found, form, rows), 422 if form.errors else 200


@blueprint.route("/services/<int:service_id>/units/new", methods=["GET", "POST"])
def new_unit(service_id: int) -> ResponseReturnValue:
    """Ask for a unit that is not in the register yet; what it takes and offers is said afterwards."""
    service, form = market.service(reading(), service_id, actor=current_actor()), NewUnitForm()
    if form.validate_on_submit():
        try:
            with committing() as session:
                kept = market.service(session, service_id, actor=current_actor())
                added = add_unit(
                    session, kept, name=form.name.data, capacity=form.capacity.data or 0, rules=AcceptRules(), said={},
                    by=current_actor(), now=now(),
                )  # fmt: skip
                number = added.id
        except Invalid as error:
            show_error(form, error)
        else:
            flash(f"{form.name.data} is added. Say whom it takes and what it offers, then how many places are vacant.")
            return redirect(url_for("provider.unit", unit_id=number))
    return render_template("provider/new_unit.html", service=service, form=form), 422 if form.errors else 200


def _save(session: Any, section: ProfilePages, unit: Unit, form: SharedForm) -> str:
    """Store a section and return what of somebody else's was kept. Raises BothChanged and Invalid."""
    words = meet(form, other_save(newest_line(session, EDITS, subject=unit, section=section.slug)))
    changed = section.changed(profile_of(unit), form)
    save_profile(session, unit, changed, section=section.slug, by=current_actor(), now=now())
    flash(f"{section.label} of {changed.name} is saved.")
    return words


def _rows_if_saved(section: ProfilePages, unit: Unit, form: SharedForm) -> list[SeenRow]:
    typed = section.changed(profile_of(unit), form)
    return SEEN[section.slug](seen_if_saved(reading(), unit, typed, now=now()))


def _page(section: ProfilePages, unit: Unit, form: Any, rows: list[SeenRow]) -> str:
    tell_claims(form, unit.claims, rulings(reading(), unit))
    return render_template(
        "provider/unit_section.html",
        unit=unit,
        section=section,
        form=form,
        rows=rows,
        is_look=LOOK in request.args and not form.errors,
        look=url_for("provider.unit_section", unit_id=unit.id, slug=section.slug, look=1),
        doubted=[slug for slug in _doubted(unit) if f"said_{slug}" in form],
    )


def _doubted(unit: Unit) -> tuple[str, ...]:
    return in_order(doubted_features(reading(), [unit.id]).get(unit.id, {}))
