"""Asking providers about a place: whom, what they will read, what they said, and what brokerage answers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from placement.brokerage.deadlines import answer_due
from placement.brokerage.offers.answering import answer_question as say
from placement.brokerage.offers.ending import withdraw_offer as withdraw
from placement.brokerage.offers.finding import UNDER_WAY, first_yes, offers_of
from placement.brokerage.offers.finding import offer as offer_with
from placement.brokerage.referrals import referral as referral_with
from placement.domain.errors import Invalid
from placement.domain.sections import not_asked_words
from placement.domain.states import OfferState
from placement.planning.asking import Suggestion, anonymised_need, ask, later_at, suggested
from placement.planning.shortlists import ListedMatch, shortlist
from placement.records.events import timeline
from placement.web.access import current_actor
from placement.web.formatting import moment
from placement.web.forms.binding import show_error
from placement.web.forms.hidden import ids
from placement.web.forms.offers import AskForm, ReplyForm
from placement.web.pages.answering import Answering, asked_row
from placement.web.pages.answering import answer as answer_for
from placement.web.pages.broker import blueprint
from placement.web.pages.described import Described
from placement.web.transactions import committing, now, reading

SHOWN = 12
"""How many of the ranked list can be asked from one page."""


@blueprint.route("/referrals/<int:referral_id>/ask", methods=["GET", "POST"])
def ask_providers(referral_id: int) -> ResponseReturnValue:
    """Choose whom to ask, see what they will read, and send."""
    found = referral_with(reading(), referral_id, actor=current_actor())
    known = {each.unit_id for each in offers_of(reading(), found) if each.state in UNDER_WAY}
    listed = [each for each in shortlist(reading(), found, now=now()).listed if each.unit.id not in known][:SHOWN]
    suggestion = suggested(reading(), found, listed, now=now())
    form = AskForm() if request.method == "POST" else AskForm(formdata=None, data=_ticked(listed, suggestion))
    form.offer_choices([(str(each.unit.id), each.unit.service.name) for each in listed])
    if form.validate_on_submit():
        first, later = _matches(form, listed)
        try:
            with committing() as session:
                again = referral_with(session, referral_id, actor=current_actor())
                at = later_at(again, now=now())
                ask(session, again, first, later=later, later_at=at, by=current_actor(), now=now())
        except Invalid as error:
            show_error(form, error)
        else:
            flash(_sent(len(first), len(later), at))
            return redirect(url_for("broker.referral", referral_id=referral_id, _anchor="asked"))
    page = render_template(
        "broker/ask_providers.html",
        not_asked=not_asked_words(found.not_asked),
        form=form,
        referral=found,
        listed=listed,
        asked=len(known),
        suggestion=suggestion,
        reply_by=answer_due(found, now()),
        later_at=later_at(found, now=now()),
        about=Described(needs=anonymised_need(found, now=now())),
    )
    return page, 422 if form.errors else 200


def _ticked(listed: Sequence[ListedMatch], suggestion: Suggestion) -> dict[str, Any]:
    """Return the boxes that are ticked at first: those of the units named in the address, or what is suggested."""
    wanted = ids(" ".join(request.args.getlist("unit")))
    only = [str(each.unit.id) for each in listed if each.unit.id in wanted]
    first = only or [str(each.unit.id) for each in suggestion.first]
    return {"now": first, "later": [] if only else [str(each.unit.id) for each in suggestion.later]}


def _matches(form: AskForm, listed: Sequence[ListedMatch]) -> tuple[list[ListedMatch], list[ListedMatch]]:
    """Return who is asked now and who later; who is ticked in both is asked now."""
    first, later = form.chosen(form.now), form.chosen(form.later)
    return (
        [each for each in listed if each.unit.id in first],
        [each for each in listed if each.unit.id in later and each.unit.id not in first],
    )


def _sent(first: int, later: int, at: datetime) -> str:
    who = "1 provider has been asked." if first == 1 else f"{first} providers have been asked."
    if not later:
        return who
    more = "1 more is" if later == 1 else f"{later} more are"
    return f"{who} Unless somebody says yes, {more} asked on {moment(at)}."


@blueprint.get("/offers/<int:offer_id>")
def offer(offer_id: int) -> ResponseReturnValue:
    """Show one request: what was asked, said and answered."""
    return _offer_page(offer_id, ReplyForm(formdata=None))


@blueprint.post("/offers/<int:offer_id>/answer")
def answer_question(offer_id: int) -> ResponseReturnValue:
    """Answer a provider's question."""
    form = ReplyForm()
    if not form.validate():
        return _offer_page(offer_id, form)
    with committing() as session:
        found = offer_with(session, offer_id, actor=current_actor())
        say(session, found, form.words.data, by=current_actor(), now=now())
        name = found.unit.service.name
    flash(f"{name} sees your answer.")
    return redirect(url_for("broker.offer", offer_id=offer_id))


@blueprint.post("/offers/<int:offer_id>/withdraw")
def withdraw_offer(offer_id: int) -> ResponseReturnValue:
    """Do not ask this provider any more."""
    with committing() as session:
        found = offer_with(session, offer_id, actor=current_actor())
        withdraw(session, found, by=current_actor(), now=now())
        name, referral_id = found.unit.service.name, found.referral_id
    flash(f"The request to {name} is withdrawn.")
    return redirect(url_for("broker.referral", referral_id=referral_id, _anchor="asked"))


@blueprint.route("/offers/<int:offer_id>/by-phone", methods=["GET", "POST"])
def answer_by_phone(offer_id: int) -> ResponseReturnValue:
    """Write down what a provider says on the telephone, on the page that it would answer on itself."""
    return answer_for(
        Answering(
            find=lambda session: offer_with(session, offer_id, actor=current_actor()),
            actor=lambda _, __: current_actor(),
            template="broker/answer_by_phone.html",
            after_no=url_for("broker.offer", offer_id=offer_id),
        )
    )


def _offer_page(offer_id: int, form: ReplyForm) -> ResponseReturnValue:
    found = offer_with(reading(), offer_id, actor=current_actor())
    every = offers_of(reading(), found.referral)
    page = render_template(
        "broker/offer.html",
        offer=found,
        asked=asked_row(found),
        form=form,
        is_asking=found.state is OfferState.ASKING,
        is_under_way=found.state in UNDER_WAY,
        first=first_yes(every),
        others=[each for each in every if each.id != found.id],
        lines=timeline(reading(), found, actor=current_actor()),
    )
    return page, 422 if form.errors else 200
