"""The six pages of questions, check answers, and submitting."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from placement.brokerage import referrals
from placement.brokerage.answers import (
    answer_choices,
    answer_dates,
    answer_funding,
    answer_needs,
    answer_person,
    answer_place,
    unanswered,
)
from placement.domain.clocks import today
from placement.domain.errors import Invalid, NotFound, OutOfStep
from placement.domain.features import GROUPS, features_in
from placement.domain.kinds import KIND
from placement.domain.sections import SECTION, SECTIONS
from placement.domain.states import ReferralState
from placement.market.services import services
from placement.web.access import current_actor
from placement.web.forms import referral as forms
from placement.web.forms.binding import show_error
from placement.web.gazetteer import gazetteer
from placement.web.pages.broker import blueprint
from placement.web.transactions import committing, now, reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Questions:
    """One page: how its form is made from a referral, and what saving an answered form does."""

    form: Callable[[Any], FlaskForm]
    save: Callable[..., None]


def _person_form(referral: Any) -> FlaskForm:
    person = referral.person
    gender = person.gender.value if person.gender else ""
    return forms.PersonForm(data={**_columns(person, "case_number", "name", "born_on", "postcode"), "gender": gender})


def _needs_form(referral: Any) -> FlaskForm:
    return forms.NeedsForm(data={f"need_{need.slug}": need.strength.value for need in referral.needs})


def _place_form(referral: Any) -> FlaskForm:
    known = _columns(referral, "near_postcode", "near_who", "max_miles", "out_of_city_reason")
    known["near_postcode"] = known["near_postcode"] or referral.person.postcode
    return forms.PlaceForm(data={**known, "where": "outside" if referral.wants_out_of_city else "city"})


def _dates_form(referral: Any) -> FlaskForm:
    kind, day = KIND[referral.kind], today(now())
    first = referral.earliest_on or day
    known = _columns(referral, "nights", "urgency_note")
    known["nights"] = known["nights"] or kind.default_nights
    form = forms.dates_form(kind)(
        data={
            **known,
            "start": "tomorrow" if first > day else "today",
            "earliest_on": first,
            "latest_on": referral.latest_on or first + timedelta(days=kind.window_days),
        }
    )
    form.tell(kind)
    return form


def _choices_form(referral: Any) -> FlaskForm:
    avoided = {f"avoid_{i}": str(each.id) for i, each in enumerate(referral.avoided[:3], start=1)}
    apart = ", ".join(person.case_number for person in referral.apart)
    form = forms.ChoicesForm(data={"persons_words": referral.persons_words, "apart": apart, **avoided})
    form.offer([(str(each.id), each.name) for each in services(reading(), actor=current_actor())])
    return form


def _funding_form(referral: Any) -> FlaskForm:
    return forms.FundingForm(data={"funding": referral.funding, "budget": referral.budget_weekly_pence})


def _columns(row: Any, *names: str) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def _save_person(session: Any, referral: Any, form: Any) -> None:
    answer_person(session, referral, form.answers(gazetteer()), by=current_actor(), now=now())


def _save_needs(session: Any, referral: Any, form: Any) -> None:
    answer_needs(session, referral, form.answers(), by=current_actor(), now=now())


def _save_place(session: Any, referral: Any, form: Any) -> None:
    answer_place(session, referral, form.answers(gazetteer()), by=current_actor(), now=now())


def _save_dates(session: Any, referral: Any, form: Any) -> None:
    answer_dates(session, referral, form.answers(today(now())), by=current_actor(), now=now())


def _save_choices(session: Any, referral: Any, form: Any) -> None:
    answer_choices(session, referral, form.answers(), by=current_actor(), now=now())


def _save_funding(session: Any, referral: Any, form: Any) -> None:
    answer_funding(
        session,
        referral,
        funding=form.funding.data,
        budget_weekly_pence=form.budget.data,
        by=current_actor(),
        now=now(),
    )


PAGES = {
    "person": Questions(form=_person_form, save=_save_person),
    "needs": Questions(form=_needs_form, save=_save_needs),
    "place": Questions(form=_place_form, save=_save_place),
    "dates": Questions(form=_dates_form, save=_save_dates),
    "choices": Questions(form=_choices_form, save=_save_choices),
    "funding": Questions(form=_funding_form, save=_save_funding),
}


@blueprint.route("/referrals/new", methods=["GET", "POST"])
def new_referral() -> ResponseReturnValue:
    """Begin a referral: what kind of place, and for whom."""
    form = forms.NewReferralForm()
    if form.validate_on_submit():
        try:
            answers = form.answers(gazetteer())
            with committing() as session:
                begun = referrals.start_referral(session, form.kind.data, answers, by=current_actor(), now=now())
            return redirect(url_for("broker.section", referral_id=begun.id, slug="needs"))
        except Invalid as error:
            show_error(form, error)
    return _render("broker/new_referral.html", form)


@blueprint.route("/referrals/<int:referral_id>/questions/<slug>", methods=["GET", "POST"])
def section(referral_id: int, slug: str) -> ResponseReturnValue:
    """Ask one page of questions; an answer leads to the next unanswered page, or to check answers."""
    if slug not in PAGES:
        raise NotFound("There is no such page of questions.")
    referral = _draft(referral_id)
    form = PAGES[slug].form(referral)
    if form.validate_on_submit():
        try:
            with committing() as session:
                kept = referrals.referral(session, referral_id, actor=current_actor())
                PAGES[slug].save(session, kept, form)
            return redirect(_next_page(referral_id))
        except Invalid as error:
            show_error(form, error)
    referral = _draft(referral_id)
    return _render(
        f"broker/questions_{slug}.html",
        form,
        referral=referral,
        section=SECTION[slug],
        kind=KIND[referral.kind],
        feature_groups=[(group, features_in(group.slug)) for group in GROUPS],
        strengths=forms.STRENGTHS,
    )


@blueprint.get("/referrals/<int:referral_id>/check")
def check_answers(referral_id: int) -> ResponseReturnValue:
    """Show every answer before the search begins."""
    referral = _draft(referral_id)
    return render_template(
        "broker/check_answers.html", referral=referral, sections=SECTIONS, missing=unanswered(referral)
    )


@blueprint.post("/referrals/<int:referral_id>/submit")
def submit(referral_id: int) -> ResponseReturnValue:
    """Start the search and its clocks."""
    with committing() as session:
        referral = referrals.referral(session, referral_id, actor=current_actor())
        referrals.submit_referral(session, referral, by=current_actor(), now=now())
    return redirect(url_for("broker.submitted", referral_id=referral_id))


@blueprint.get("/referrals/<int:referral_id>/submitted")
def submitted(referral_id: int) -> ResponseReturnValue:
    """Confirm, and offer what comes next."""
    referral = referrals.referral(reading(), referral_id, actor=current_actor())
    return render_template("broker/submitted.html", referral=referral)


def _draft(referral_id: int) -> Any:
    referral = referrals.referral(reading(), referral_id, actor=current_actor())
    if referral.state is not ReferralState.DRAFT:
        raise OutOfStep("This referral has been submitted, so its answers stand as they were.")
    return referral


def _next_page(referral_id: int) -> str:
    referral = referrals.referral(reading(), referral_id, actor=current_actor())
    for each in unanswered(referral):
        return url_for("broker.section", referral_id=referral_id, slug=each.slug)
    return url_for("broker.check_answers", referral_id=referral_id)


def _render(template: str, form: FlaskForm, **shown: Any) -> ResponseReturnValue:
    return render_template(template, form=form, **shown), 422 if form.errors else 200
