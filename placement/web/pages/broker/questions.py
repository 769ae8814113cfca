"""Beginning a referral, its pages of questions, check answers, and submitting."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from placement.brokerage import referrals
from placement.brokerage.allowance import asked_beyond
from placement.brokerage.answered import missing, unanswered
from placement.brokerage.attachments import attachments_of
from placement.brokerage.changes import last_answer, require_changeable
from placement.brokerage.drafts import open_beside
from placement.brokerage.locks import lock_referral
from placement.brokerage.pen_pictures import can_have_pen_picture, submit_on_pen_picture
from placement.domain.clocks import today
from placement.domain.errors import Invalid, NotFound, OutOfStep, Recognised
from placement.domain.kinds import KIND
from placement.domain.states import ReferralState
from placement.records.referrals import Referral
from placement.records.settings import number
from placement.web.access import current_actor
from placement.web.forms.binding import show_error
from placement.web.forms.files import AddFileForm
from placement.web.forms.referral import KindForm, PenPictureForm
from placement.web.meeting import BothChanged, both_page, meet, other_save, tell
from placement.web.pages.broker import blueprint, recognised
from placement.web.pages.broker.sections import SECTION, SECTIONS
from placement.web.pages.broker.sections.person import PersonForm
from placement.web.transactions import committing, now, reading


class NewReferralForm(KindForm, PersonForm):
    """The first page: what kind of place, and for whom."""


@blueprint.route("/referrals/new", methods=["GET", "POST"])
def new_referral() -> ResponseReturnValue:
    """Begin a referral: what kind of place, and for whom."""
    form = NewReferralForm()
    if form.validate_on_submit():
        try:
            begun = _begin(form)
            return redirect(url_for("broker.section", referral_id=begun.id, slug="needs"))
        except Recognised as error:
            return recognised.ask(form, error, title="Refer a person")
        except Invalid as error:
            show_error(form, error)
    person = [field for field in form.asked if field.name != "kind"]
    return _render("broker/new_referral.html", form, person=person)


@blueprint.route("/referrals/<int:referral_id>/questions/<slug>", methods=["GET", "POST"])
def section(referral_id: int, slug: str) -> ResponseReturnValue:
    """Ask one page of questions; an answer leads to the next unanswered page, or to check answers.

    What is submitted can be changed too, but for who it is; the search goes on with what is said now.
    """
    if slug not in SECTION:
        raise NotFound("There is no such page of questions.")
    asked, referral = SECTION[slug], _changeable(referral_id, slug)
    form = asked.form(referral)
    if form.validate_on_submit():
        try:
            with committing() as session:
                kept = referrals.referral(session, referral_id, actor=current_actor())
                lock_referral(session, kept)
                form = asked.form(kept)  # what is stored by now stands in it beside what was typed
                words = meet(form, other_save(last_answer(session, kept, slug)))
                asked.save(session, kept, form, current_actor(), now())
            tell(words)
            return redirect(_next_page(referral_id, slug))  # of a draft; else the referral, which says what changed
        except BothChanged as error:
            return both_page(error)
        except Recognised as error:
            return recognised.ask(form, error, title=f"{asked.label} – {referral.reference}")
        except Invalid as error:
            show_error(form, error)
    referral = _changeable(referral_id, slug)
    return _render(
        "broker/section.html",
        form,
        referral=referral,
        beside=_beside(referral) if referral.state is ReferralState.DRAFT else (),
        section=asked,
        lead=asked.lead(referral),
        groups=asked.groups(form),
    )


@blueprint.get("/referrals/<int:referral_id>/check")
def check_answers(referral_id: int) -> ResponseReturnValue:
    """Show every answer before the search begins."""
    referral = _draft(referral_id)
    return render_template(
        "broker/check_answers.html",
        referral=referral,
        beside=_beside(referral),
        over=asked_beyond(reading(), referral, today(now())),
        file=AddFileForm(formdata=None),
        files=attachments_of(reading(), referral),
        sections=SECTIONS,
        open_sections=[each.slug for each in unanswered(referral)],
        missing=[each.slug for each in missing(referral)],
        can_wait_for_answers=can_have_pen_picture(referral),
    )


@blueprint.post("/referrals/<int:referral_id>/submit")
def submit(referral_id: int) -> ResponseReturnValue:
    """Start the search and its clocks."""
    with committing() as session:
        referral = referrals.referral(session, referral_id, actor=current_actor())
        referrals.submit_referral(session, referral, by=current_actor(), now=now())
    return redirect(url_for("broker.submitted", referral_id=referral_id))


@blueprint.route("/referrals/<int:referral_id>/pen-picture", methods=["GET", "POST"])
def pen_picture(referral_id: int) -> ResponseReturnValue:
    """Start the search of a crisis with what is known, on a few lines."""
    found, form = _draft(referral_id), PenPictureForm()
    if form.validate_on_submit():
        try:
            with committing() as session:
                kept = referrals.referral(session, referral_id, actor=current_actor())
                submit_on_pen_picture(session, kept, form.words.data, by=current_actor(), now=now())
        except Invalid as error:
            show_error(form, error)
        else:
            return redirect(url_for("broker.submitted", referral_id=referral_id))
    left, needs = missing(found), KIND[found.kind].pen_needs
    return _render(
        "broker/pen_picture.html",
        form,
        referral=found,
        open=[each for each in left if each.slug not in needs],
        needed=[each for each in left if each.slug in needs or not needs],
        hours=number(reading(), "complete_hours"),
    )


@blueprint.get("/referrals/<int:referral_id>/submitted")
def submitted(referral_id: int) -> ResponseReturnValue:
    """Confirm, and offer what comes next."""
    referral = referrals.referral(reading(), referral_id, actor=current_actor())
    return render_template("broker/submitted.html", referral=referral)


def _begin(form: NewReferralForm) -> Referral:
    answers = form.answers()
    with committing() as session:
        return referrals.start_referral(
            session, form.kind.data, answers, by=current_actor(), now=now(), confirmed=recognised.confirmed()
        )


def _beside(referral: Referral) -> list[Referral]:
    found = open_beside(reading(), [referral.person_id], but_not=referral.id, actor=current_actor())
    return found[referral.person_id]


def _draft(referral_id: int) -> Any:
    referral = referrals.referral(reading(), referral_id, actor=current_actor())
    if referral.state is not ReferralState.DRAFT:
        raise OutOfStep("This referral has been submitted, so its answers stand as they were.")
    return referral


def _changeable(referral_id: int, slug: str) -> Any:
    if slug == "person":
        return _draft(referral_id)
    referral = referrals.referral(reading(), referral_id, actor=current_actor())
    require_changeable(referral)
    return referral


def _next_page(referral_id: int, slug: str) -> str:
    """Return the page after a section: the next one that is open, then one that is needed, then all answers."""
    referral = referrals.referral(reading(), referral_id, actor=current_actor())
    if referral.state is not ReferralState.DRAFT:
        return url_for("broker.referral", referral_id=referral_id)
    order = [each.slug for each in SECTIONS]
    ahead = [each for each in unanswered(referral) if order.index(each.slug) > order.index(slug)]
    for each in [*ahead, *missing(referral)]:
        return url_for("broker.section", referral_id=referral_id, slug=each.slug)
    return url_for("broker.check_answers", referral_id=referral_id)


def _render(template: str, form: FlaskForm, **shown: Any) -> ResponseReturnValue:
    return render_template(template, form=form, **shown), 422 if form.errors else 200
