"""Ruling a place out for somebody, and letting it be proposed again."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from placement.brokerage import ruling
from placement.brokerage.referrals import referral as referral_with
from placement.domain.errors import Invalid
from placement.market.services import unit as unit_with
from placement.web.access import current_actor
from placement.web.forms.binding import show_error
from placement.web.forms.deciding import RuleOutForm
from placement.web.pages.broker import blueprint
from placement.web.transactions import committing, now, reading


@blueprint.route("/referrals/<int:referral_id>/rule-out/<int:unit_id>", methods=["GET", "POST"])
def rule_out(referral_id: int, unit_id: int) -> ResponseReturnValue:
    """Ask why a place is not for this person, and keep it from being proposed."""
    found = referral_with(reading(), referral_id, actor=current_actor())
    unit = unit_with(reading(), unit_id, actor=current_actor())
    form = RuleOutForm()
    if form.validate_on_submit():
        said = {"reason": form.reason.data, "note": form.note.data or ""}
        try:
            with committing() as session:
                kept = referral_with(session, referral_id, actor=current_actor())
                ruling.rule_out(session, kept, unit_id, **said, by=current_actor(), now=now())
            flash(f"{unit.service.name} is not proposed for {found.reference} any more.")
            return redirect(url_for("broker.matches", referral_id=referral_id))
        except Invalid as error:
            show_error(form, error)
    page = render_template("broker/rule_out.html", form=form, referral=found, unit=unit)
    return page, 422 if form.errors else 200


@blueprint.post("/referrals/<int:referral_id>/put-back/<int:unit_id>")
def put_back(referral_id: int, unit_id: int) -> ResponseReturnValue:
    """Let a place be proposed again that was ruled out, or whose provider has said no."""
    with committing() as session:
        found = referral_with(session, referral_id, actor=current_actor())
        unit = unit_with(session, unit_id, actor=current_actor())
        ruling.put_back(session, found, unit_id, by=current_actor(), now=now())
        told = f"{unit.service.name} can be proposed for {found.reference} again."
    flash(told)
    return redirect(url_for("broker.matches", referral_id=referral_id))
