"""The work list: what waits for whom, with its clock and the next step; and finding any referral."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from flask import redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from placement.brokerage.assigning import brokers, teams
from placement.brokerage.attention import StayToLookInto, stays_to_look_into
from placement.brokerage.deadlines import clocks_of
from placement.brokerage.drafts import own_drafts
from placement.brokerage.escalating import MARKS, marked
from placement.brokerage.finding import found_referrals
from placement.brokerage.tasks import task_counts
from placement.brokerage.work import SORTS, View, WaitsFor, facets, sound, waiting, work_page
from placement.domain.clocks import today
from placement.domain.states import ReferralState
from placement.domain.text import amount
from placement.planning.proposals import newest_proposals
from placement.planning.runs import newest_finished
from placement.records.pages import Page, cut
from placement.records.providers import Service
from placement.records.referrals import Referral
from placement.records.runs import Proposal
from placement.records.searches import keep_search, kept_search
from placement.web.access import current_actor
from placement.web.forms.assigning import AssignForm
from placement.web.forms.referral import FindForm
from placement.web.pages.broker import blueprint
from placement.web.paging import place
from placement.web.transactions import committing, now, reading

FIRST_STAYS = 6
KEPT_VIEW = "work_list"  # in the signed session: the view that one comes back to


@dataclass(frozen=True, slots=True)
class NextStep:
    """What is to be done next about a referral, and where."""

    words: str
    href: str
    service: Service | None = None  # which the step names: what the council says of its provider stands beside it


@blueprint.get("/")
def work_list() -> ResponseReturnValue:
    """Show the referrals of a view. The view stands in the address and is come back to from a referral."""
    asked = View(**{each.name: request.args[each.name] for each in fields(View) if each.name in request.args})
    view = sound(asked, actor=current_actor(), now=now())
    args = view_args(view)
    if session.get(KEPT_VIEW, {}) != args:
        session[KEPT_VIEW] = args
    return _page(view, args)


def work_list_again(form: AssignForm, ticked: Sequence[int]) -> ResponseReturnValue:
    """Show the view that one was at, with a form on it that could not be taken as it was sent."""
    args: dict[str, str] = session.get(KEPT_VIEW, {})
    view = sound(View(**args), actor=current_actor(), now=now())
    return _page(view, view_args(view), assign=form, ticked=ticked), 422


def _page(view: View, args: dict[str, str], *, assign: AssignForm | None = None, ticked: Sequence[int] = ()) -> str:
    page = work_page(reading(), view, at=place(), actor=current_actor(), now=now())
    every = facets(reading(), view, actor=current_actor(), now=now())
    form = assign or AssignForm(formdata=None)
    form.offer(brokers(reading()), teams(reading()))
    return render_template(
        "broker/work_list.html",
        page=page,
        view=view,
        args=args,
        facets=every,
        late=next(option.count for option in every[1].options if option.slug == "overdue"),
        marked=marked(reading(), [each.id for each in page.rows]),
        marks=MARKS,
        stopped=_stopped(page.rows),
        next_steps=_next_steps(page.rows),
        stays=_first_stays(),
        tasks=task_counts(reading(), actor=current_actor(), now=now()),
        drafts=own_drafts(reading(), actor=current_actor()),
        run=newest_finished(reading(), actor=current_actor()),
        find=FindForm(formdata=None),
        assign=form,
        ticked=set(ticked),
        sorts=SORTS,
        view_args=view_args,
    )


def view_args(view: View, name: str = "", value: str = "") -> dict[str, str]:
    """Return the arguments of an address that shows a view, or the same view with one thing of it changed."""
    usual, other = View(), {name: value} if name else {}
    wanted = {each.name: other.get(each.name, getattr(view, each.name)) for each in fields(View)}
    return {name: value for name, value in wanted.items() if value != getattr(usual, name)}


@blueprint.app_template_global()
def work_list_href() -> str:
    """Return where the work list stands as it was last looked at."""
    return url_for("broker.work_list", **session.get(KEPT_VIEW, {}))


@blueprint.post("/find")
def find() -> ResponseReturnValue:
    """Keep what is searched for and lead to what is found: a name stands in no address."""
    form = FindForm()
    if not form.validate():
        return render_template("broker/found.html", find=form, page=None), 422
    with committing() as unit:
        search = keep_search(unit, form.words.data, by=current_actor(), now=now())
    return redirect(url_for("broker.found", search_id=search.id))


@blueprint.get("/found/<int:search_id>")
def found(search_id: int) -> ResponseReturnValue:
    """Show the referrals that a search finds, closed and withdrawn ones too."""
    search = kept_search(reading(), search_id, actor=current_actor())
    page = found_referrals(reading(), search.words, actor=current_actor(), at=place())
    form = FindForm(formdata=None, data={"words": search.words})
    return render_template("broker/found.html", find=form, page=page, search=search)


@blueprint.get("/stays")
def stays() -> ResponseReturnValue:
    """Show every stay to look into."""
    found = stays_to_look_into(reading(), today(now()), actor=current_actor())
    return render_template("broker/stays.html", page=cut(found, range(1, len(found) + 1), at=place()))


def _first_stays() -> Page[StayToLookInto]:
    found = stays_to_look_into(reading(), today(now()), actor=current_actor())
    return cut(found, range(1, len(found) + 1), size=FIRST_STAYS)


def _stopped(referrals: Sequence[Referral]) -> dict[int, datetime | None]:
    """Return since when the clocks of those that wait for somebody else stand still; no question where none does."""
    waits = [each.id for each in referrals if each.state.is_stopped]
    known = clocks_of(reading(), waits) if waits else {}
    return {number: known[number].stopped_at if number in known else None for number in waits}


def _next_steps(referrals: Sequence[Referral]) -> dict[int, NextStep]:
    waits = waiting(reading(), referrals)
    proposals = newest_proposals(reading(), [each.id for each in referrals], actor=current_actor())
    return {each.id: _next_step(each, waits.get(each.id, WaitsFor()), proposals.get(each.id)) for each in referrals}


def _next_step(referral: Referral, waits: WaitsFor, proposal: Proposal | None) -> NextStep:
    """Return the step that is furthest on: a yes before a question, what was asked before what a run proposes."""
    here = url_for("broker.referral", referral_id=referral.id)
    if referral.state is ReferralState.DRAFT:
        return NextStep("Go on with the questions", here)
    if referral.state is ReferralState.RETURNED:
        return NextStep("Complete what is missing", here)
    if not referral.state.is_open:
        return NextStep("Look at it", here)
    if waits.yeses:
        return NextStep(f"Choose: {amount(waits.yeses, 'place')} offered", f"{here}#asked")
    if waits.question_offer is not None:
        asks = "Answer a question" if waits.questions == 1 else f"Answer {waits.questions} questions"
        return NextStep(asks, url_for("broker.offer", offer_id=waits.question_offer))
    if referral.state is ReferralState.CHOSEN:
        return NextStep("Accept what was chosen", here)
    if referral.state is ReferralState.OPTIONS:
        return NextStep("Record the choice", f"{here}#options")
    if waits.asked:
        return NextStep(f"{amount(waits.asked, 'provider')} asked", f"{here}#asked")
    if proposal is not None:
        name = proposal.unit.service.name
        there = url_for(
            "broker.accept",
            referral_id=referral.id,
            unit_id=proposal.unit_id,
            start=proposal.start_on,
            run=proposal.run_id,
        )
        return NextStep(f"Accept {name}", there, proposal.unit.service)
    return NextStep("See matches", url_for("broker.matches", referral_id=referral.id))
