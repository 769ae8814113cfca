"""Accepting a place: what is checked, the click that takes the last bed, and what happens if it is gone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from placement.brokerage.choices import choice_of
from placement.brokerage.outside import managers
from placement.brokerage.overriding import overridden, override_of
from placement.brokerage.placements import live_placements_of
from placement.brokerage.referrals import referral as referral_with
from placement.brokerage.reservations import Decision, require_nights
from placement.domain.clocks import today
from placement.domain.councils import COUNCIL
from placement.domain.errors import Invalid, NoLongerVacant, Question, ToConfirm
from placement.domain.features import Strength
from placement.domain.kinds import KIND
from placement.domain.overriding import OVERRIDABLE
from placement.domain.periods import Period
from placement.domain.states import PlacementState
from placement.market.services import unit as unit_with
from placement.planning.asking import choose, yes_of
from placement.planning.differences import left_to_the_person
from placement.planning.eligibility import BY_NIGHTS, PairJudgement, judged, stands_against
from placement.planning.proposals import proposed_units
from placement.planning.shortlists import accept as accept_place
from placement.planning.shortlists import shortlist, tried_in_city
from placement.records.referrals import Referral
from placement.web.access import current_actor
from placement.web.forms.binding import show_error
from placement.web.forms.confirming import confirmed
from placement.web.forms.hidden import first_id
from placement.web.forms.placement import BEST, BY_CHOICE, AcceptForm
from placement.web.pages.broker import blueprint
from placement.web.pages.broker.deciding import row_href
from placement.web.pages.broker.runs import table_args
from placement.web.transactions import committing, now, reading

NEXT_BEST = 3
KEPT = ("nights", "why", "note", "evidence", "manager_id", "ends_current")  # what was typed outlives a lost race


@blueprint.route("/referrals/<int:referral_id>/accept/<int:unit_id>", methods=["GET", "POST"])
def accept(referral_id: int, unit_id: int) -> ResponseReturnValue:
    """Check what will be reserved, and reserve it."""
    form = AcceptForm(data=_suggested(referral_id, unit_id)) if request.method != "POST" else AcceptForm()
    form.offer_managers(managers(reading()))
    if form.validate_on_submit():
        try:
            return _reserve(form, referral_id, unit_id)
        except ToConfirm as error:
            return _check_page(form, referral_id, unit_id, error.questions)
        except NoLongerVacant as error:
            return _just_taken(form, referral_id, unit_id, error)
        except Invalid as error:
            show_error(form, error)
    return _check_page(form, referral_id, unit_id)


def _reserve(form: AcceptForm, referral_id: int, unit_id: int) -> ResponseReturnValue:
    decision = form.decision(run_id=first_id(request.args.get("run")))
    before = _judged(referral_id, unit_id, decision)
    with committing() as session:
        found = referral_with(session, referral_id, actor=current_actor())
        unit = unit_with(session, unit_id, actor=current_actor())
        asked = first_id(request.args.get("offer"))
        told: dict[str, Any] = {"by": current_actor(), "now": now(), "confirmed": confirmed(), "before": before}
        if asked is None:
            placement = accept_place(session, found, unit, decision, **told)
        else:
            placement = choose(session, yes_of(session, asked, found, unit, actor=current_actor()), decision, **told)
        is_sure = placement.state is PlacementState.CONFIRMED
    what = "is confirmed" if is_sure else "is reserved. The provider has been asked to confirm it"
    flash(f"A place at {unit.service.name} {what}.")
    run_id = first_id(request.args.get("run"))
    if request.args.get("back") == "run" and run_id is not None:
        return redirect(row_href(run_id, referral_id, table_args()))
    return redirect(url_for("broker.placement", placement_id=placement.id))


def _judged(referral_id: int, unit_id: int, decision: Decision) -> PairJudgement | None:
    """Judge the pair while nobody waits; nights that no stay may have are refused later, in words."""
    found = referral_with(reading(), referral_id, actor=current_actor())
    try:
        require_nights(decision, KIND[found.kind], today(now()))
    except Invalid:
        return None
    unit = unit_with(reading(), unit_id, actor=current_actor())
    return judged(reading(), found, unit, Period(decision.start_on, decision.end_on), now=now())


def _suggested(referral_id: int, unit_id: int) -> dict[str, Any]:
    """Return what a good proposal needs no typing for: its start, the length asked for, and the first reason."""
    found = referral_with(reading(), referral_id, actor=current_actor())
    start = _date(request.args.get("start")) or max(found.earliest_on or today(now()), today(now()))
    return {
        "start_on": start,
        "nights": found.nights,
        "ends_current": True,
        "why": BY_CHOICE if _is_chosen(found, unit_id) else BEST,
        "out_of_city_reason": found.out_of_city_reason,
    }


def _is_chosen(referral: Referral, unit_id: int) -> bool:
    """Return whether a place is the one that was chosen from the options."""
    choice = choice_of(reading(), referral)
    return choice is not None and choice.option is not None and choice.option.unit_id == unit_id


def _check_page(
    form: AcceptForm, referral_id: int, unit_id: int, questions: Sequence[Question] = ()
) -> ResponseReturnValue:
    found = referral_with(reading(), referral_id, actor=current_actor())
    unit = unit_with(reading(), unit_id, actor=current_actor())
    refusing = stands_against(reading(), found, unit, now=now())
    theirs = left_to_the_person(reading(), found, unit)
    decided = override_of(reading(), found, unit_id) if refusing else None
    passed = theirs | overridden(decided, refusing)
    refused = {slug: words for slug, words in refusing.items() if slug not in passed}
    is_in_city = COUNCIL[current_actor().council].has(unit.service.authority)
    every = None if refusing and is_in_city else shortlist(reading(), found, now=now())
    listed = None if refusing or every is None else every.of(unit_id)
    inside = [] if is_in_city or every is None else [each for each in every.listed if each.is_in_city]
    if every is not None and not is_in_city and not form.is_submitted():
        form.evidence.data = tried_in_city(every, today(now()))
    form.rank.data = str(listed.rank) if listed else ""
    is_own_idea = not {"run", "offer"} & set(request.args)  # nothing else has brought this place forward
    if not form.is_submitted() and form.why.data == BEST and is_own_idea and listed and listed.rank > 1:
        form.why.data = None  # why not the first in the list, the broker says
    page = render_template(
        "broker/accept.html",
        form=form,
        referral=found,
        unit=unit,
        listed=listed,
        choice=choice_of(reading(), found),
        refused=refused,
        questions=questions,
        may_try=set(refused) <= BY_NIGHTS,
        decided=decided,
        may_override=bool(set(refused) & set(OVERRIDABLE)) and set(refused) <= {*BY_NIGHTS, *OVERRIDABLE},
        ask=found.slugs(Strength.UNKNOWN),
        is_in_city=is_in_city,
        inside=inside,
        goes_to=proposed_units(reading(), [each.unit.id for each in inside], actor=current_actor()),
        living=live_placements_of(reading(), found.person_id),
    )
    return page, 422 if form.errors or questions else 200


def _just_taken(form: AcceptForm, referral_id: int, unit_id: int, error: NoLongerVacant) -> ResponseReturnValue:
    """Keep what was typed, and offer the next best places for one click each."""
    found = referral_with(reading(), referral_id, actor=current_actor())
    every = shortlist(reading(), found, now=now())
    others = [each for each in every.listed if each.unit.id != unit_id][:NEXT_BEST]
    page = render_template(
        "broker/just_taken.html", error=error, referral=found, others=others, form=form, kept=_kept(form)
    )
    return page, error.status


def _kept(form: AcceptForm) -> dict[str, str]:
    typed = {name: request.form.get(name, "") for name in KEPT}
    return {name: value for name, value in typed.items() if value}


def _date(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None
