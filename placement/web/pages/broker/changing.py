"""Changing a referral that is searched for: giving way by as much as one place needs, and taking that back."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from placement.brokerage import changes
from placement.brokerage.referrals import referral as referral_with
from placement.domain.errors import OutOfStep
from placement.market.services import unit as unit_with
from placement.planning.giving_way import way_to
from placement.web.access import current_actor
from placement.web.forms.hidden import first_id
from placement.web.pages.broker import blueprint
from placement.web.transactions import committing, now, reading


@blueprint.post("/referrals/<int:referral_id>/give-way/<int:unit_id>")
def give_way(referral_id: int, unit_id: int) -> ResponseReturnValue:
    """Raise the one limit that keeps a place from being offered, by just so much."""
    found = referral_with(reading(), referral_id, actor=current_actor())
    unit = unit_with(reading(), unit_id, actor=current_actor())
    way = way_to(reading(), found, unit.id, now=now())
    if way is None:
        raise OutOfStep("More than one limit stands against this place now, or none does any more.")
    with committing() as session:
        kept = referral_with(session, referral_id, actor=current_actor())
        changes.set_limit(session, kept, way.column, way.value, by=current_actor(), now=now())
    flash(f"Done: {way.words[0].lower()}{way.words[1:]}.")
    return redirect(url_for("broker.matches", referral_id=referral_id))


@blueprint.post("/referrals/<int:referral_id>/take-back")
def take_back(referral_id: int) -> ResponseReturnValue:
    """Set a referral's answers back to what they were before the newest change."""
    with committing() as session:
        found = referral_with(session, referral_id, actor=current_actor())
        line = first_id(request.form.get("line")) or 0
        changes.take_back(session, found, line, by=current_actor(), now=now())
    flash("The change is taken back.")
    return redirect(url_for("broker.referral", referral_id=referral_id))
