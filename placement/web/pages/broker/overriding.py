"""What stands against a place and a manager may decide otherwise: deciding it, asking for it, undoing it."""

from __future__ import annotations

from collections.abc import Mapping

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from placement.brokerage import overriding
from placement.brokerage.outside import managers
from placement.brokerage.referrals import referral as referral_with
from placement.domain.errors import Invalid
from placement.domain.overriding import OVERRIDABLE
from placement.market.services import unit as unit_with
from placement.planning.eligibility import stands_against
from placement.web.access import current_actor
from placement.web.forms.binding import show_error
from placement.web.forms.hidden import first_id
from placement.web.forms.overriding import AskManagerForm, OverrideForm
from placement.web.pages.broker import blueprint
from placement.web.transactions import committing, now, reading


@blueprint.route("/referrals/<int:referral_id>/override/<int:unit_id>", methods=["GET", "POST"])
def override(referral_id: int, unit_id: int) -> ResponseReturnValue:
    """Show what stands against a place; a manager decides otherwise, anybody else asks one."""
    is_manager = current_actor().is_manager
    form: OverrideForm | AskManagerForm = OverrideForm() if is_manager else AskManagerForm()
    if isinstance(form, AskManagerForm):
        form.offer(managers(reading()))
    if form.validate_on_submit():
        try:
            return _decide(referral_id, unit_id, form)
        except Invalid as error:
            show_error(form, error)
    found = referral_with(reading(), referral_id, actor=current_actor())
    unit = unit_with(reading(), unit_id, actor=current_actor())
    told = stands_against(reading(), found, unit, now=now())
    page = render_template(
        "broker/override.html",
        form=form,
        referral=found,
        unit=unit,
        vouched={words: OVERRIDABLE[slug].vouches for slug, words in told.items() if slug in OVERRIDABLE},
        others=[words for slug, words in told.items() if slug not in OVERRIDABLE],
        known=overriding.override_of(reading(), found, unit_id),
        is_manager=is_manager,
    )
    return page, 422 if form.errors else 200


def _decide(referral_id: int, unit_id: int, form: OverrideForm | AskManagerForm) -> ResponseReturnValue:
    with committing() as session:
        found = referral_with(session, referral_id, actor=current_actor())
        unit = unit_with(session, unit_id, actor=current_actor())
        by, at = current_actor(), now()
        if isinstance(form, AskManagerForm):
            overriding.ask_manager(session, found, unit, first_id(form.manager_id.data), by=by, now=at)
            said, leads_to = "The manager has a task.", url_for("broker.referral", referral_id=referral_id)
        else:
            facts = _overridable(stands_against(session, found, unit, now=now()))
            overriding.override(session, found, unit, facts, form.reason.data, by=by, now=at)
            said = "It is decided. The place can be reserved."
            leads_to = url_for("broker.accept", referral_id=referral_id, unit_id=unit_id)
    flash(said)
    return redirect(leads_to)


@blueprint.post("/referrals/<int:referral_id>/override/<int:unit_id>/undo")
def undo_override(referral_id: int, unit_id: int) -> ResponseReturnValue:
    """Let the rules stand again for a place."""
    with committing() as session:
        found = referral_with(session, referral_id, actor=current_actor())
        unit_with(session, unit_id, actor=current_actor())
        overriding.undo_override(session, found, unit_id, by=current_actor(), now=now())
    flash("The rules stand again for this place.")
    return redirect(url_for("broker.override", referral_id=referral_id, unit_id=unit_id))


def _overridable(told: Mapping[str, str]) -> dict[str, str]:
    return {slug: words for slug, words in told.items() if slug in OVERRIDABLE}
