"""Noting something to come back to about a referral, its person, or a service."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from placement.brokerage.referrals import referral as referral_with
from placement.brokerage.tasks import follow_up as note_to_follow_up
from placement.domain.errors import Invalid
from placement.market.services import service as service_with
from placement.web.access import current_actor
from placement.web.forms.binding import show_error
from placement.web.forms.tasks import FollowUpForm, ReferralFollowUpForm
from placement.web.pages.broker import blueprint
from placement.web.transactions import committing, now, reading


@blueprint.route("/referrals/<int:referral_id>/follow-up", methods=["GET", "POST"])
def follow_up(referral_id: int) -> ResponseReturnValue:
    """Note something to come back to about a referral or its person."""
    found, form = referral_with(reading(), referral_id, actor=current_actor()), ReferralFollowUpForm()

    def about(session: Any) -> Any:
        kept = referral_with(session, referral_id, actor=current_actor())
        return kept.person if form.about.data == "person" else kept

    if _noted(form, about):
        return redirect(url_for("broker.referral", referral_id=referral_id))
    page = render_template("broker/follow_up.html", form=form, referral=found)
    return page, 422 if form.errors else 200


@blueprint.route("/services/<int:service_id>/follow-up", methods=["GET", "POST"])
def follow_up_service(service_id: int) -> ResponseReturnValue:
    """Note something to come back to about a service."""
    found, form = service_with(reading(), service_id, actor=current_actor()), FollowUpForm()
    if _noted(form, lambda session: service_with(session, service_id, actor=current_actor())):
        return redirect(url_for("broker.service", service_id=service_id))
    page = render_template("broker/follow_up_service.html", form=form, service=found)
    return page, 422 if form.errors else 200


def _noted(form: FollowUpForm, about: Callable[[Any], Any]) -> bool:
    """Keep what was sent; what could not be taken is said beside its field."""
    if not form.validate_on_submit():
        return False
    try:
        with committing() as session:
            words, on = form.words.data or "", form.on.data
            note_to_follow_up(session, about(session), on=on, words=words, by=current_actor(), now=now())
    except Invalid as error:
        show_error(form, error)
        return False
    flash("It stands among your tasks.")
    return True
