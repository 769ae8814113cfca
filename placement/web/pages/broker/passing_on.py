"""A referral that goes back to who sent it, to a manager, or that finds no option; and each of them taken up again."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from placement.brokerage import referrals
from placement.brokerage.escalating import escalate as escalate_referral
from placement.brokerage.outside import managers
from placement.brokerage.returning import resubmit_referral
from placement.brokerage.returning import return_referral as send_back
from placement.domain.errors import Invalid
from placement.planning.outcomes import cause_sentence
from placement.planning.shortlists import shortlist
from placement.web.access import current_actor
from placement.web.forms.binding import show_error
from placement.web.forms.passing_on import EscalateForm, ReturnForm
from placement.web.forms.typed_form import TypedForm
from placement.web.pages.broker import blueprint
from placement.web.transactions import committing, now, reading


@blueprint.route("/referrals/<int:referral_id>/return", methods=["GET", "POST"])
def return_referral(referral_id: int) -> ResponseReturnValue:
    """Send a referral back to who sent it, with what is missing."""
    found = referrals.referral(reading(), referral_id, actor=current_actor())
    form = ReturnForm()
    if form.validate_on_submit():
        try:
            with committing() as session:
                kept = referrals.referral(session, referral_id, actor=current_actor())
                asked, words = form.questions.data, form.words.data or ""
                send_back(session, kept, asked, words, by=current_actor(), now=now())
        except Invalid as error:
            show_error(form, error)
        else:
            flash("The referral is sent back. Its clocks stand still until it comes again.")
            return redirect(url_for("broker.referral", referral_id=referral_id))
    page = render_template("broker/return_referral.html", form=form, referral=found)
    return page, 422 if form.errors else 200


@blueprint.post("/referrals/<int:referral_id>/resubmit")
def resubmit(referral_id: int) -> ResponseReturnValue:
    """Send a completed referral again."""
    with committing() as session:
        found = referrals.referral(session, referral_id, actor=current_actor())
        resubmit_referral(session, found, by=current_actor(), now=now())
    flash("The referral is sent again, and the search goes on.")
    return redirect(url_for("broker.referral", referral_id=referral_id))


@blueprint.route("/referrals/<int:referral_id>/escalate", methods=["GET", "POST"])
def escalate(referral_id: int) -> ResponseReturnValue:
    """Ask a manager to look at a referral."""
    found = referrals.referral(reading(), referral_id, actor=current_actor())
    form, known = EscalateForm(), managers(reading())
    form.offer(known)
    if form.validate_on_submit():
        try:
            with committing() as session:
                kept = referrals.referral(session, referral_id, actor=current_actor())
                to = next((each for each in managers(session) if str(each.id) == form.to.data), None)
                words, reason = form.words.data or "", form.reason.data
                escalate_referral(session, kept, to, reason=reason, words=words, by=current_actor(), now=now())
        except Invalid as error:
            show_error(form, error)
        else:
            flash("The manager has it among their tasks. The search goes on meanwhile.")
            return redirect(url_for("broker.referral", referral_id=referral_id))
    page = render_template("broker/escalate.html", form=form, referral=found, managers=known)
    return page, 422 if form.errors else 200


@blueprint.route("/referrals/<int:referral_id>/no-option", methods=["GET", "POST"])
def no_option(referral_id: int) -> ResponseReturnValue:
    """Say that no option is found, with what stands in the way as the matcher has it now."""
    found = referrals.referral(reading(), referral_id, actor=current_actor())
    every = shortlist(reading(), found, now=now())
    form, causes = TypedForm(), every.in_city_causes()
    if form.validate_on_submit():
        with committing() as session:
            kept = referrals.referral(session, referral_id, actor=current_actor())
            referrals.find_no_option(session, kept, causes, by=current_actor(), now=now())
        flash("It is noted that no option is found. A place that fits later raises an alert.")
        return redirect(url_for("broker.referral", referral_id=referral_id))
    sentences = [cause_sentence(slug, number) for slug, number in causes.items()]
    fits = sum(each.is_in_city for each in every.listed)
    return render_template("broker/no_option.html", referral=found, causes=sentences, fits=fits, near=every.near)


@blueprint.post("/referrals/<int:referral_id>/search-on")
def search_on(referral_id: int) -> ResponseReturnValue:
    """Take back that no option was found."""
    with committing() as session:
        found = referrals.referral(session, referral_id, actor=current_actor())
        referrals.search_on(session, found, by=current_actor(), now=now())
    flash("The search goes on.")
    return redirect(url_for("broker.referral", referral_id=referral_id))
