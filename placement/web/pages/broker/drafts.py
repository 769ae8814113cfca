"""Discarding drafts, one or those that are ticked, and taking one up again."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from placement.brokerage import drafts
from placement.brokerage.referrals import referral as referral_with
from placement.domain.text import amount
from placement.web.access import current_actor
from placement.web.forms.hidden import ids
from placement.web.pages.broker import blueprint
from placement.web.pages.broker.work_list import work_list_href
from placement.web.transactions import committing, now


@blueprint.post("/referrals/<int:referral_id>/discard")
def discard(referral_id: int) -> ResponseReturnValue:
    """Throw a draft away; its page then says how to take it up again."""
    with committing() as session:
        found = referral_with(session, referral_id, actor=current_actor())
        drafts.discard_draft(session, found, by=current_actor(), now=now())
    flash("The draft is discarded. You can take it up again here.")
    return redirect(url_for("broker.referral", referral_id=referral_id))


@blueprint.post("/referrals/<int:referral_id>/take-up")
def take_up(referral_id: int) -> ResponseReturnValue:
    """Go on with a draft that was discarded."""
    with committing() as session:
        found = referral_with(session, referral_id, actor=current_actor())
        drafts.take_up_draft(session, found, by=current_actor(), now=now())
    flash("The draft is open again, with everything that was answered.")
    return redirect(url_for("broker.check_answers", referral_id=referral_id))


@blueprint.post("/drafts/discard")
def discard_drafts() -> ResponseReturnValue:
    """Throw away the ticked drafts of the work list."""
    wanted = ids(" ".join(request.form.getlist("referral")))
    with committing() as session:
        found = drafts.drafts_among(session, wanted, actor=current_actor())
        for each in found:
            drafts.discard_draft(session, each, by=current_actor(), now=now())
    said = f"{amount(len(found), 'draft')} discarded. You find them among the withdrawn referrals."
    flash(said if found else "Tick the drafts to discard.")
    return redirect(work_list_href())
