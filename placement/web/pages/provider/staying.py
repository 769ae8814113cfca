"""What a provider says of a stay: as planned or not, in hospital and back, notice, and what was tapped by mistake."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from placement.brokerage import absences, expecting, notices, taking_back
from placement.brokerage import placements as brokerage
from placement.domain.clocks import today
from placement.domain.errors import Invalid
from placement.domain.states import PlacementState
from placement.records.placements import Placement
from placement.web.access import current_actor
from placement.web.forms.binding import show_error
from placement.web.forms.staying import AwayForm, ProvidersNoticeForm
from placement.web.forms.typed_form import TypedForm
from placement.web.pages.provider import blueprint
from placement.web.pages.provider.people import person_row
from placement.web.transactions import committing, now, reading

Does = Callable[[Any, Placement], None]


def _tap(placement_id: int, does: Does) -> str:
    """Take a step that asks nothing; return the reference."""
    with committing() as session:
        found = brokerage.placement(session, placement_id, actor=current_actor())
        does(session, found)
        return found.referral.reference or ""


def _step(
    placement_id: int, form: TypedForm, template: str, words: tuple[str, str], does: Does, said: str
) -> ResponseReturnValue:
    """Ask the questions of one step of a stay, take it, and go back to the stay."""
    if form.validate_on_submit():
        try:
            _tap(placement_id, does)
            flash(said)
            return redirect(url_for("provider.placement", placement_id=placement_id))
        except Invalid as error:
            show_error(form, error)
    row = person_row(brokerage.placement(reading(), placement_id, actor=current_actor()))
    page = render_template(template, form=form, person=row, title=words[0], button=words[1])
    return page, 422 if form.errors else 200


@blueprint.post("/placements/<int:placement_id>/as-planned")
def as_planned(placement_id: int) -> ResponseReturnValue:
    """Say ahead of time that the person comes or goes as planned."""
    by, at = current_actor(), now()
    reference = _tap(placement_id, lambda session, stay: expecting.say_as_planned(session, stay, by=by, now=at))
    flash(f"Brokerage sees that {reference} goes as planned.")
    return redirect(url_for("provider.home"))


@blueprint.post("/placements/<int:placement_id>/not-as-planned")
def not_as_planned(placement_id: int) -> ResponseReturnValue:
    """Say that the person has not come, or will not come or go, as planned."""
    by, at = current_actor(), now()
    reference = _tap(placement_id, lambda session, stay: expecting.say_not_as_planned(session, stay, by=by, now=at))
    flash(f"Brokerage is asked what follows for {reference}. The place stays as it is until they have decided.")
    return redirect(url_for("provider.home"))


@blueprint.post("/placements/<int:placement_id>/left")
def left(placement_id: int) -> ResponseReturnValue:
    """Record in one tap that the person has left as planned."""
    by, at = current_actor(), now()

    def does(session: Any, stay: Placement) -> None:
        day = min(today(at), stay.end_on or today(at))
        brokerage.end(session, stay, on=day, reason="as_planned", by=by, now=at)

    reference = _tap(placement_id, does)
    flash(f"Departure of {reference} recorded.")
    return redirect(url_for("provider.placement", placement_id=placement_id))


@blueprint.route("/placements/<int:placement_id>/away", methods=["GET", "POST"])
def away(placement_id: int) -> ResponseReturnValue:
    """Say that the person is in hospital."""
    form = AwayForm(data={"since": today(now())})

    def does(session: Any, stay: Placement) -> None:
        by, at = current_actor(), now()
        absences.go_away(session, stay, since=form.since.data, back_on=form.back_on.data, by=by, now=at)

    said = "The place is kept. Brokerage has been told."
    return _step(placement_id, form, "provider/away.html", ("In hospital", "Tell brokerage"), does, said)


@blueprint.post("/placements/<int:placement_id>/back")
def back(placement_id: int) -> ResponseReturnValue:
    """Say that the person is back from hospital."""
    by, at = current_actor(), now()
    reference = _tap(placement_id, lambda session, stay: absences.come_back(session, stay, by=by, now=at))
    flash(f"{reference} is back. Brokerage has been told.")
    return redirect(url_for("provider.placement", placement_id=placement_id))


@blueprint.route("/placements/<int:placement_id>/notice", methods=["GET", "POST"])
def notice(placement_id: int) -> ResponseReturnValue:
    """Give notice, or say that the person or the family has."""
    form = ProvidersNoticeForm()

    def does(session: Any, stay: Placement) -> None:
        by, at = current_actor(), now()
        notices.give_notice(session, stay, last_night=form.last_night.data, giver=form.giver.data, by=by, now=at)

    said = "The notice is written down. Brokerage has been told and looks for what comes next."
    return _step(placement_id, form, "provider/notice.html", ("Give notice", "Give notice"), does, said)


@blueprint.post("/placements/<int:placement_id>/no-notice")
def no_notice(placement_id: int) -> ResponseReturnValue:
    """Take a notice back."""
    by, at = current_actor(), now()
    _tap(placement_id, lambda session, stay: notices.take_notice_back(session, stay, by=by, now=at))
    flash("The notice is taken back. Brokerage has been told.")
    return redirect(url_for("provider.placement", placement_id=placement_id))


@blueprint.post("/placements/<int:placement_id>/take-back")
def take_step_back(placement_id: int) -> ResponseReturnValue:
    """Take an arrival or a departure back that was recorded by mistake."""
    by, at = current_actor(), now()

    def does(session: Any, stay: Placement) -> None:
        has_left = stay.state is PlacementState.ENDED
        undo = taking_back.take_departure_back if has_left else taking_back.take_arrival_back
        undo(session, stay, by=by, now=at)

    reference = _tap(placement_id, does)
    flash(f"That is taken back for {reference}. Brokerage has been told.")
    return redirect(url_for("provider.placement", placement_id=placement_id))
