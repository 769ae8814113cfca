"""One referral: what is asked, what happened, what comes next."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from placement.brokerage import referrals
from placement.brokerage.allowance import asked_beyond
from placement.brokerage.answered import unanswered
from placement.brokerage.assigning import brokers, notes_of, teams
from placement.brokerage.attachments import attachments_of
from placement.brokerage.changes import CHANGEABLE, WORDS, last_change
from placement.brokerage.choices import choice_of, sheets_of, yes_of_chosen
from placement.brokerage.deadlines import clocks_of
from placement.brokerage.drafts import open_beside
from placement.brokerage.escalating import escalations
from placement.brokerage.holds import holds_of
from placement.brokerage.offers.finding import first_yes, offers_of
from placement.brokerage.placements import live_placements_of, placement_of
from placement.brokerage.returning import sent_back
from placement.brokerage.series import booked_stays
from placement.brokerage.tasks import tasks_about
from placement.domain.clocks import today
from placement.domain.kinds import KIND
from placement.domain.states import ReferralState
from placement.planning.deciding import let_go
from placement.planning.outcomes import cause_sentence
from placement.planning.proposals import newest_proposals
from placement.records.events import AuditLine, timeline
from placement.records.referrals import Referral
from placement.web.access import current_actor
from placement.web.forms.assigning import AssignForm, NoteForm
from placement.web.forms.files import AddFileForm
from placement.web.forms.referral import WithdrawForm
from placement.web.pages.broker import blueprint
from placement.web.pages.broker.sections import SECTIONS
from placement.web.pages.broker.tasks import task_rows
from placement.web.pages.broker.work_list import work_list_href
from placement.web.transactions import committing, now, reading


@blueprint.get("/referrals/<int:referral_id>")
def referral(referral_id: int) -> ResponseReturnValue:
    """Show one referral; a draft goes on where its questions stopped."""
    return referral_page(referral_id)


def referral_page(
    referral_id: int,
    *,
    assign: AssignForm | None = None,
    note: NoteForm | None = None,
    file: AddFileForm | None = None,
) -> ResponseReturnValue:
    """Show one referral, with a form on it that could not be taken as it was sent."""
    found = referrals.referral(reading(), referral_id, actor=current_actor())
    if found.state is ReferralState.DRAFT:
        return redirect(url_for("broker.check_answers", referral_id=referral_id))
    hand = assign or AssignForm(formdata=None)
    hand.offer(brokers(reading()), teams(reading()))
    page = render_template(
        "broker/referral.html",
        referral=found,
        **_search(found),
        **_stays(found),
        **_trail(found),
        **_beside(found),
        sections=SECTIONS,
        open_sections=[each.slug for each in unanswered(found)],
        can_change=found.state in CHANGEABLE,
        assign=hand,
        note=note or NoteForm(formdata=None),
        file=file or AddFileForm(formdata=None),
    )
    return page, 422 if assign or note or file else 200


def _search(found: Referral) -> dict[str, Any]:
    """Return who was asked, what the person chose, and what is held or proposed."""
    asked, choice = offers_of(reading(), found), choice_of(reading(), found)
    return {
        "offers": asked,
        "first": first_yes(asked),
        "choice": choice,
        "yes": yes_of_chosen(choice, asked),
        "sheets": sheets_of(reading(), found),
        "held": holds_of(reading(), [found.id]).get(found.id),
        "proposal": newest_proposals(reading(), [found.id], actor=current_actor()).get(found.id),
    }


def _stays(found: Referral) -> dict[str, Any]:
    """Return where the person is and is going, and the nights of a year that are used."""
    return {
        "placement": None if found.is_recurring else placement_of(reading(), found),
        "stays": booked_stays(reading(), found) if found.is_recurring else (),
        "living": live_placements_of(reading(), found.person_id),
        "over": asked_beyond(reading(), found, today(now())) if found.state in CHANGEABLE else (),
        "counts_nights": KIND[found.kind].allowance is not None,
    }


def _trail(found: Referral) -> dict[str, Any]:
    """Return what has happened, and what of it still matters."""
    moved = clocks_of(reading(), [found.id]).get(found.id)
    lines = timeline(reading(), found, actor=current_actor())
    return {
        "lines": lines,
        "causes": _causes(lines),
        "stopped_at": moved.stopped_at if moved else None,
        "sent_back": sent_back(reading(), found),
        "escalated": escalations(reading(), [found.id]).get(found.id),
        "change": last_change(reading(), found),
        "change_words": WORDS,
    }


def _beside(found: Referral) -> dict[str, Any]:
    """Return what is kept beside a referral: other referrals of the person, tasks, files and notes."""
    others = open_beside(reading(), [found.person_id], but_not=found.id, actor=current_actor())
    return {
        "beside": others[found.person_id],
        "tasks": task_rows(tasks_about(reading(), found, found.person, actor=current_actor())),
        "files": attachments_of(reading(), found),
        "notes": notes_of(reading(), found),
    }


def _causes(lines: Sequence[AuditLine]) -> list[str]:
    """Return what stood in the way when no option was found last, in words."""
    line = next((each for each in lines if each.event == "no_option_found"), None)
    return [cause_sentence(slug, number) for slug, number in line.details["causes"].items()] if line else []


@blueprint.post("/referrals/<int:referral_id>/hold")
def hold(referral_id: int) -> ResponseReturnValue:
    """Take a referral out of the search for now."""
    with committing() as session:
        found = referrals.referral(session, referral_id, actor=current_actor())
        referrals.put_on_hold(session, found, by=current_actor(), now=now())
    flash("The referral is on hold. It is not matched until you resume it.")
    return redirect(url_for("broker.referral", referral_id=referral_id))


@blueprint.post("/referrals/<int:referral_id>/let-hold-go")
def let_hold_go(referral_id: int) -> ResponseReturnValue:
    """Let the place go that is held for a referral; others can be given it."""
    with committing() as session:
        found = referrals.referral(session, referral_id, actor=current_actor())
        let_go(session, found, by=current_actor(), now=now())
    flash("The place is not held any more. Others can be given it.")
    return redirect(url_for("broker.referral", referral_id=referral_id))


@blueprint.post("/referrals/<int:referral_id>/resume")
def resume(referral_id: int) -> ResponseReturnValue:
    """Bring a referral on hold back into the search."""
    with committing() as session:
        found = referrals.referral(session, referral_id, actor=current_actor())
        referrals.resume_referral(session, found, by=current_actor(), now=now())
    flash("The search goes on.")
    return redirect(url_for("broker.referral", referral_id=referral_id))


@blueprint.route("/referrals/<int:referral_id>/withdraw", methods=["GET", "POST"])
def withdraw(referral_id: int) -> ResponseReturnValue:
    """End a referral that is no longer needed, with a reason."""
    found = referrals.referral(reading(), referral_id, actor=current_actor())
    form = WithdrawForm()
    if form.validate_on_submit():
        with committing() as session:
            kept = referrals.referral(session, referral_id, actor=current_actor())
            referrals.withdraw_referral(session, kept, reason=form.reason.data, by=current_actor(), now=now())
        flash(f"{found.reference} is withdrawn.")
        return redirect(work_list_href())
    return render_template("broker/withdraw.html", form=form, referral=found), 422 if form.errors else 200
