"""What a provider says of a stay: as planned or not, in hospital and back, notice, and what was tapped by mistake."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from placement.brokerage import expecting
from placement.brokerage import placements as brokerage
from placement.domain.clocks import today
from placement.records.placements import Placement
from placement.web.access import current_actor
from placement.web.forms.staying import AwayForm, ProvidersNoticeForm
from placement.web.forms.typed_form import TypedForm
from placement.web.pages.provider import blueprint
from placement.web.pages.provider.people import person_row
from placement.web.pages.staying import (
    Does,
    asked_step,
    comes_back,
    gives_notice,
    goes_away,
    takes_notice_back,
    takes_step_back,
    tap,
)
from placement.web.transactions import now, reading


def _step(
    placement_id: int, form: TypedForm, template: str, words: tuple[str, str], does: Does, said: str
) -> ResponseReturnValue:
    def page() -> str:
        row = person_row(brokerage.placement(reading(), placement_id, actor=current_actor()))
        return render_template(template, form=form, person=row, title=words[0], button=words[1])

    there = url_for("provider.placement", placement_id=placement_id)
    return asked_step(placement_id, form, does, said, leads_to=there, page=page)


@blueprint.post("/placements/<int:placement_id>/as-planned")
def as_planned(placement_id: int) -> ResponseReturnValue:
    """Say ahead of time that the person comes or goes as planned."""
    by, at = current_actor(), now()
    reference = tap(placement_id, lambda session, stay: expecting.say_as_planned(session, stay, by=by, now=at))
    flash(f"Brokerage sees that {reference} goes as planned.")
    return redirect(url_for("provider.home"))


@blueprint.post("/placements/<int:placement_id>/not-as-planned")
def not_as_planned(placement_id: int) -> ResponseReturnValue:
    """Say that the person has not come, or will not come or go, as planned."""
    by, at = current_actor(), now()
    reference = tap(placement_id, lambda session, stay: expecting.say_not_as_planned(session, stay, by=by, now=at))
    flash(f"Brokerage is asked what follows for {reference}. The place stays as it is until they have decided.")
    return redirect(url_for("provider.home"))


@blueprint.post("/placements/<int:placement_id>/left")
def left(placement_id: int) -> ResponseReturnValue:
    """Record in one tap that the person has left as planned."""
    by, at = current_actor(), now()

    def does(session: Any, stay: Placement) -> None:
        day = min(today(at), stay.end_on or today(at))
        brokerage.end(session, stay, on=day, reason="as_planned", by=by, now=at)

    reference = tap(placement_id, does)
    flash(f"Departure of {reference} recorded.")
    return redirect(url_for("provider.placement", placement_id=placement_id))


@blueprint.route("/placements/<int:placement_id>/away", methods=["GET", "POST"])
def away(placement_id: int) -> ResponseReturnValue:
    """Say that the person is in hospital."""
    form = AwayForm(data={"since": today(now())})
    said = "The place is kept. Brokerage has been told."
    return _step(placement_id, form, "provider/away.html", ("In hospital", "Tell brokerage"), goes_away(form), said)


@blueprint.post("/placements/<int:placement_id>/back")
def back(placement_id: int) -> ResponseReturnValue:
    """Say that the person is back from hospital."""
    reference = tap(placement_id, comes_back)
    flash(f"{reference} is back. Brokerage has been told.")
    return redirect(url_for("provider.placement", placement_id=placement_id))


@blueprint.route("/placements/<int:placement_id>/notice", methods=["GET", "POST"])
def notice(placement_id: int) -> ResponseReturnValue:
    """Give notice, or say that the person or the family has."""
    form = ProvidersNoticeForm()
    said = "The notice is written down. Brokerage has been told and looks for what comes next."
    return _step(placement_id, form, "provider/notice.html", ("Give notice", "Give notice"), gives_notice(form), said)


@blueprint.post("/placements/<int:placement_id>/no-notice")
def no_notice(placement_id: int) -> ResponseReturnValue:
    """Take a notice back."""
    tap(placement_id, takes_notice_back)
    flash("The notice is taken back. Brokerage has been told.")
    return redirect(url_for("provider.placement", placement_id=placement_id))


@blueprint.post("/placements/<int:placement_id>/take-back")
def take_step_back(placement_id: int) -> ResponseReturnValue:
    """Take an arrival or a departure back that was recorded by mistake."""
    reference = tap(placement_id, takes_step_back)
    flash(f"That is taken back for {reference}. Brokerage has been told.")
    return redirect(url_for("provider.placement", placement_id=placement_id))
