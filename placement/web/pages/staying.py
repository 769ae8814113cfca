"""What both sides do about a stay while it lasts: each step once, for the broker's pages and the provider's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect
from flask.typing import ResponseReturnValue

from placement.brokerage import absences, notices, taking_back
from placement.brokerage import placements as brokerage
from placement.domain.errors import Invalid
from placement.domain.states import PlacementState
from placement.records.placements import Placement
from placement.web.access import current_actor
from placement.web.forms.binding import show_error
from placement.web.forms.typed_form import TypedForm
from placement.web.transactions import committing, now

Does = Callable[[Any, Placement], None]


def tap(placement_id: int, does: Does) -> str:
    """Take a step that asks nothing; return the reference."""
    with committing() as session:
        found = brokerage.placement(session, placement_id, actor=current_actor())
        does(session, found)
        return found.referral.reference or ""


def asked_step(
    placement_id: int, form: TypedForm, does: Does, said: str, *, leads_to: str, page: Callable[[], str]
) -> ResponseReturnValue:
    """Ask the questions of one step of a stay, take it, and go on; `page` draws the questions and what is wrong."""
    if form.validate_on_submit():
        try:
            tap(placement_id, does)
            flash(said)
            return redirect(leads_to)
        except Invalid as error:
            show_error(form, error)
    return page(), 422 if form.errors else 200


def goes_away(form: Any) -> Does:
    """Return the step of an AwayForm."""

    def does(session: Any, stay: Placement) -> None:
        by, at = current_actor(), now()
        absences.go_away(session, stay, since=form.since.data, back_on=form.back_on.data, by=by, now=at)

    return does


def gives_notice(form: Any) -> Does:
    """Return the step of a form that asks about a notice."""

    def does(session: Any, stay: Placement) -> None:
        by, at = current_actor(), now()
        notices.give_notice(session, stay, last_night=form.last_night.data, giver=form.giver.data, by=by, now=at)

    return does


def comes_back(session: Any, stay: Placement) -> None:
    """The person is back from hospital."""
    absences.come_back(session, stay, by=current_actor(), now=now())


def takes_notice_back(session: Any, stay: Placement) -> None:
    """There is no notice any more."""
    notices.take_notice_back(session, stay, by=current_actor(), now=now())


def takes_step_back(session: Any, stay: Placement) -> None:
    """The departure, or the arrival, was recorded by mistake."""
    has_left = stay.state is PlacementState.ENDED
    undo = taking_back.take_departure_back if has_left else taking_back.take_arrival_back
    undo(session, stay, by=current_actor(), now=now())
