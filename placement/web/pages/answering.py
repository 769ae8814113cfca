"""Answering a request about a place: one page and one way to act, for a signed-in provider and for a link alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from placement.brokerage.anonymised import anonymised
from placement.brokerage.offers.answering import ask_question, decline_offer, make_offer, show_interest
from placement.brokerage.offers.finding import asked_beside
from placement.brokerage.offers.links import open_offer
from placement.domain.clocks import today
from placement.domain.errors import Invalid
from placement.domain.features import FEATURE
from placement.domain.people import Actor
from placement.domain.periods import Period
from placement.domain.states import ASKED, RUNS_OUT, UNANSWERED, OfferState
from placement.records.offers import Offer
from placement.web.forms import fields
from placement.web.forms.binding import show_error
from placement.web.forms.offers import NoForm, QuestionForm, TermsForm
from placement.web.pages.described import Described
from placement.web.transactions import committing, now, reading


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadLine:
    """One line of the thread."""

    is_providers: bool
    author: str
    words: str
    said_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedRow(Described):
    """A request as the provider may read it, without anything that names the person. Templates get this alone."""

    id: int
    state: OfferState
    service: str
    unit: str
    period: Period
    sent_at: datetime | None
    reply_by: datetime
    others: int
    weekly_pence: int | None
    offered_start_on: date | None
    conditions: str
    decline_reason: str | None
    answered_at: datetime | None
    thread: tuple[ThreadLine, ...]

    @property
    def can_be_answered(self) -> bool:
        """Return whether the provider can still answer, or change its answer."""
        return self.state in ASKED and (self.state not in RUNS_OUT or self.reply_by > now())

    @property
    def has_asked(self) -> bool:
        """Return whether the provider waits for an answer of brokerage, so that its own time stands still."""
        return self.state is OfferState.ASKING

    @property
    def waits(self) -> bool:
        """Return whether no answer has been given yet."""
        return self.state in UNANSWERED


def asked_row(offer: Offer, *, others: int = 0) -> AskedRow:
    """Return what the provider that is asked may see; `others` is how many are asked beside it."""
    return AskedRow(
        id=offer.id,
        state=offer.state,
        needs=anonymised(offer, day=today(now())),
        service=offer.unit.service.name,
        unit=offer.unit.name,
        period=offer.period,
        sent_at=offer.sent_at,
        reply_by=offer.reply_by,
        others=others,
        weekly_pence=offer.weekly_pence,
        offered_start_on=offer.offered_start_on,
        conditions=offer.conditions,
        decline_reason=offer.decline_reason,
        answered_at=offer.answered_at,
        thread=tuple(
            ThreadLine(
                is_providers=each.is_providers,
                author=each.author if each.is_providers else "Brokerage",
                words=each.words,
                said_at=each.said_at,
            )
            for each in offer.thread
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Answering:
    """Where a request is answered: how it is found, who acts, the template, and where a no leads."""

    find: Callable[[Any], Offer]
    actor: Callable[[Any, Offer], Actor]
    template: str
    after_no: str


Forms = Mapping[str, FlaskForm]
STEPS = ("open", "interest", "make", "ask", "decline")
TOLD = {
    "interest": "Brokerage sees that you are interested in {}.",
    "make": "Brokerage sees your offer for {}.",
    "ask": "Brokerage sees your question about {}. You can still answer the request.",
    "decline": "You have declined {}. Brokerage sees why.",
}


def answer(where: Answering) -> ResponseReturnValue:
    """Show a request, or do what one of its forms says; what is wrong is shown beside what was typed."""
    step = request.form.get("step", "") if request.method == "POST" else ""
    forms = _forms(where.find(reading()), step)
    if step not in STEPS:
        return _page(where, forms, None)
    form = forms.get(step)
    if form is not None and not form.validate():
        return _page(where, forms, form)
    try:
        with committing() as session:
            found = where.find(session)
            _act(session, found, step, forms, by=where.actor(session, found))
            reference = found.referral.reference
    except Invalid as error:
        if form is None:
            raise
        show_error(form, error)
        return _page(where, forms, form)
    if step in TOLD:
        flash(TOLD[step].format(reference))
    return redirect(where.after_no if step == "decline" else request.path)


def _act(session: Any, offer: Offer, step: str, forms: Forms, *, by: Actor) -> None:
    match step:
        case "open":
            open_offer(session, offer, by=by, now=now())
        case "interest":
            show_interest(session, offer, by=by, now=now())
        case "make":
            make_offer(session, offer, forms["make"].terms(), by=by, now=now())
        case "ask":
            ask_question(session, offer, forms["ask"].words.data, by=by, now=now())
        case "decline":
            no: NoForm = forms["decline"]
            decline_offer(
                session,
                offer,
                reason=no.reason.data,
                needs=no.needs.data or (),
                note=no.note.data or "",
                by=by,
                now=now(),
            )


def _forms(offer: Offer, step: str) -> dict[str, FlaskForm]:
    """Return the forms of the page, of which the one that was sent holds what was typed."""
    start_on, price = offer.offered_start_on or offer.start_on, offer.weekly_pence or offer.unit.weekly_pence
    terms = TermsForm() if step == "make" else TermsForm(formdata=None, start_on=start_on, weekly_price=price)
    no = NoForm() if step == "decline" else NoForm(formdata=None)
    no.needs.choices = fields.options([(need.slug, FEATURE[need.slug].label) for need in offer.referral.needs])
    return {
        "make": terms,
        "decline": no,
        "ask": QuestionForm() if step == "ask" else QuestionForm(formdata=None),
    }


def _page(where: Answering, forms: Forms, wrong: FlaskForm | None) -> ResponseReturnValue:
    found = where.find(reading())
    row = asked_row(found, others=asked_beside(reading(), found))
    page = render_template(where.template, asked=row, forms=forms, wrong=wrong)
    return page, 422 if wrong else 200
