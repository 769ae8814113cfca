"""Taking referrals and handing them over, one or many, and writing notes."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from placement.brokerage.assigning import brokers, chosen, hand_over, teams, write_note
from placement.brokerage.referrals import referral as referral_with
from placement.domain.errors import Invalid
from placement.domain.text import amount
from placement.records.referrals import Referral
from placement.records.users import Team, User
from placement.web.access import current_actor
from placement.web.forms.assigning import NOBODY, AssignForm, NoteForm
from placement.web.forms.binding import show_error
from placement.web.forms.hidden import ids
from placement.web.pages.broker import blueprint
from placement.web.pages.broker.referrals import referral_page
from placement.web.pages.broker.work_list import work_list_again, work_list_href
from placement.web.transactions import committing, now


@blueprint.post("/referrals/<int:referral_id>/take")
def take(referral_id: int) -> ResponseReturnValue:
    """Make a referral one's own."""
    with committing() as session:
        found = referral_with(session, referral_id, actor=current_actor())
        me = next((each for each in brokers(session) if each.id == current_actor().user_id), None)
        hand_over(session, [found], me, by=current_actor(), now=now())
        reference = found.reference
    flash(f"{reference} is yours.")
    return redirect(url_for("broker.referral", referral_id=referral_id))


@blueprint.post("/referrals/<int:referral_id>/hand-over")
def hand_over_one(referral_id: int) -> ResponseReturnValue:
    """Give a referral to somebody else, with a note."""
    form = AssignForm()
    with committing() as session:
        found = referral_with(session, referral_id, actor=current_actor())
        form.offer(brokers(session), teams(session))
        if form.validate():
            whom = _give(session, [found], form)
            flash(f"{found.reference} is {whom}.")
            return redirect(url_for("broker.referral", referral_id=referral_id))
    return referral_page(referral_id, assign=form)


@blueprint.post("/assign")
def assign() -> ResponseReturnValue:
    """Give the ticked referrals of the work list to somebody."""
    form = AssignForm()
    wanted = ids(" ".join(request.form.getlist("referral")))
    with committing() as session:
        found = chosen(session, wanted, actor=current_actor())
        form.offer(brokers(session), teams(session))
        if not form.validate() or not found:
            if not found:
                show_error(form, Invalid("Tick the referrals to give.", field="to"))
            return work_list_again(form, wanted)
        whom = _give(session, found, form)
    flash(f"{amount(len(found), 'referral')}: now {whom}.")
    return redirect(work_list_href())


@blueprint.post("/referrals/<int:referral_id>/notes")
def note(referral_id: int) -> ResponseReturnValue:
    """Write something down about a referral."""
    form = NoteForm()
    if form.validate():
        try:
            with committing() as session:
                found = referral_with(session, referral_id, actor=current_actor())
                write_note(session, found, form.words.data, by=current_actor(), now=now())
        except Invalid as error:
            show_error(form, error)
        else:
            flash("The note is kept.")
            return redirect(url_for("broker.referral", referral_id=referral_id, _anchor="notes"))
    return referral_page(referral_id, note=form)


def _give(session: Any, found: Collection[Referral], form: AssignForm) -> str:
    user_id, team_id = form.whom("user"), form.whom("team")
    user = session.get(User, user_id) if user_id is not None else None
    team = session.get(Team, team_id) if team_id is not None else None
    if user is None and team is None and form.to.data != NOBODY:
        raise Invalid("Choose whom to give it to.", field="to")
    hand_over(session, found, user, team=team, note=form.note.data or "", by=current_actor(), now=now())
    return f"{user.name}’s" if user else f"team {team.name}’s" if team else "nobody’s"
