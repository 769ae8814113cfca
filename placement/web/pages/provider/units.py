"""What a unit offers and whom it takes: changing it, and adding a unit."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from placement.domain.errors import Invalid
from placement.domain.features import EVIDENCE_LABELS, GROUPS, Evidence, features_in, in_order
from placement.domain.kinds import KIND
from placement.market import services as market
from placement.market.units import AcceptRules, add_unit, edit_unit, lock_unit
from placement.records.doubted import doubted_features
from placement.records.events import newest_line
from placement.records.providers import Unit
from placement.web.access import current_actor
from placement.web.formatting import day
from placement.web.forms.binding import show_error
from placement.web.forms.provider import GENDERS, NewUnitForm, UnitForm
from placement.web.meeting import BothChanged, both_page, meet, other_save, tell
from placement.web.pages.provider import blueprint
from placement.web.transactions import committing, now, reading

EDITS = ("unit_added", "unit_edited")
NEW = {"kinds": sorted(KIND), "min_age": 18, "max_age": 120, "gender": "any", "reply_hours": 48}


@blueprint.route("/services/units/<int:unit_id>", methods=["GET", "POST"])
def unit(unit_id: int) -> ResponseReturnValue:
    """Ask what a unit offers and whom it takes."""
    found = market.unit(reading(), unit_id, actor=current_actor())
    form = UnitForm(data=answers(found))
    if form.validate_on_submit():
        try:
            with committing() as session:
                kept = market.unit(session, unit_id, actor=current_actor())
                lock_unit(session, kept)
                form = UnitForm(data=answers(kept))  # what is stored by now stands in it beside what was typed
                words = meet(form, other_save(newest_line(session, EDITS, subject=kept)))
                _edit(session, kept, form)
            flash(f"{form.name.data} is saved.")
            tell(words)
            return redirect(url_for("provider.services") + f"#service-{found.service_id}")
        except BothChanged as error:
            return both_page(error)
        except Invalid as error:
            show_error(form, error)
            found = market.unit(reading(), unit_id, actor=current_actor())
    return _page(found, form), 422 if form.errors else 200


@blueprint.route("/services/<int:service_id>/units/new", methods=["GET", "POST"])
def new_unit(service_id: int) -> ResponseReturnValue:
    """Ask for a unit that is not in the register yet."""
    service = market.service(reading(), service_id, actor=current_actor())
    form = NewUnitForm(data=NEW if request.method != "POST" else None)
    if request.method == "POST" and form.validate() and _add(service_id, form):
        flash(f"{form.name.data} is added. Now say how many of its places are vacant.")
        return redirect(url_for("provider.vacancies", service_id=service_id))
    page = render_template("provider/unit.html", service=service, unit=None, form=form)
    return page, 422 if form.errors else 200


def answers(unit: Unit) -> dict[str, Any]:
    """Return a unit as its form shows it."""
    offered = {feature.slug for feature in unit.features}
    groups = {
        f"offers-{group.slug}": [feature.slug for feature in features_in(group.slug) if feature.slug in offered]
        for group in GROUPS
    }
    return groups | {
        "name": unit.name,
        "kinds": unit.kinds.split() or sorted(KIND),
        "min_age": unit.min_age,
        "max_age": unit.max_age,
        "gender": f"same-{unit.gender_now}" if unit.gender == "same" and unit.gender_now else unit.gender,
        "weekly": unit.weekly_pence,
        "reply_hours": unit.reply_hours,
        "emergencies_until": unit.emergencies_until or "",
        "crisis_places": unit.crisis_places,
    }


def _rules(form: FlaskForm) -> AcceptRules:
    every = set(form.kinds.data) >= set(KIND)
    gender, gender_now = GENDERS[form.gender.data][1]
    return AcceptRules(
        kinds=() if every else form.kinds.data,
        min_age=form.min_age.data,
        max_age=form.max_age.data,
        gender=gender,
        gender_now=gender_now,
        weekly_pence=form.weekly.data,
        reply_hours=form.reply_hours.data,
        emergencies_until=form.emergencies_until.data or None,
        crisis_places=form.crisis_places.data,
    )


def _edit(session: Any, unit: Unit, form: UnitForm) -> None:
    edit_unit(
        session,
        unit,
        rules=_rules(form),
        offers=form.offered(),
        by=current_actor(),
        now=now(),
        name=form.name.data,
    )


def _add(service_id: int, form: NewUnitForm) -> bool:
    try:
        with committing() as session:
            add_unit(
                session,
                market.service(session, service_id, actor=current_actor()),
                name=form.name.data,
                capacity=form.capacity.data or 0,
                rules=_rules(form),
                offers=form.offered(),
                by=current_actor(),
                now=now(),
            )
    except Invalid as error:
        show_error(form, error)
    return not form.errors


def _page(unit: Unit, form: UnitForm) -> str:
    form.tell(_hints(unit))
    doubts = in_order(doubted_features(reading(), [unit.id]).get(unit.id, {}))
    return render_template("provider/unit.html", service=unit.service, unit=unit, form=form, doubted=doubts)


def _hints(unit: Unit) -> dict[str, str]:
    """Return what stands behind an offer, where somebody other than the provider has said it."""
    return {
        feature.slug: EVIDENCE_LABELS[feature.evidence][:1].upper()
        + EVIDENCE_LABELS[feature.evidence][1:]
        + (f", {day(feature.evidence_on)}" if feature.evidence_on else "")
        for feature in unit.features
        if feature.evidence is not Evidence.DECLARED
    }
