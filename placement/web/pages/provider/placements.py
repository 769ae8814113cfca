"""People reserved, coming and living there: answering, arrivals and departures."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from placement.brokerage import placements as brokerage
from placement.brokerage.attention import still_there as say_still_there
from placement.brokerage.expecting import next_step_on
from placement.brokerage.packs import readable_pack
from placement.brokerage.taking_back import can_take_back
from placement.domain.clocks import today
from placement.domain.errors import Invalid
from placement.domain.states import THERE, PlacementState
from placement.web.access import current_actor
from placement.web.forms.binding import show_error
from placement.web.forms.provider import DeclineForm, DepartureForm
from placement.web.pages.provider import blueprint
from placement.web.pages.provider.people import person_row
from placement.web.paging import place
from placement.web.transactions import committing, now, reading

GROUPS = (
    (PlacementState.RESERVED, "Waiting for your answer"),
    (PlacementState.CONFIRMED, "Coming"),
    (PlacementState.ACTIVE, "Living there"),
)


@blueprint.get("/placements")
def placements() -> ResponseReturnValue:
    """Show who is reserved, coming or living there, without saying who they are."""
    counts = brokerage.placement_counts(reading(), actor=current_actor())
    counts[PlacementState.ACTIVE] = sum(counts[each] for each in THERE)
    state = brokerage.shown_state(request.args.get("show", ""), counts, [state for state, _ in GROUPS])
    states = THERE if state in THERE else (state,)
    page = brokerage.placements_page(reading(), *states, at=place(), actor=current_actor())
    return render_template(
        "provider/placements.html",
        page=page,
        people=[person_row(row) for row in page.rows],
        state=state,
        tabs=[(each, label, counts[each]) for each, label in GROUPS],
    )


@blueprint.get("/placements/<int:placement_id>")
def placement(placement_id: int) -> ResponseReturnValue:
    """Show one person's needs and dates, and what can be done now."""
    return _page(placement_id)


@blueprint.post("/placements/<int:placement_id>/accept")
def accept(placement_id: int) -> ResponseReturnValue:
    """Say yes to a reservation."""
    with committing() as unit:
        found = brokerage.placement(unit, placement_id, actor=current_actor())
        brokerage.confirm(unit, found, by=current_actor(), now=now())
        reference = found.referral.reference
    flash(f"You have accepted {reference}. Brokerage has been told.")
    return redirect(url_for("provider.placement", placement_id=placement_id))


@blueprint.post("/placements/<int:placement_id>/decline")
def decline(placement_id: int) -> ResponseReturnValue:
    """Say no to a reservation, with a coded reason."""
    form = DeclineForm()
    if not form.validate():
        return _page(placement_id, decline_form=form)
    with committing() as unit:
        found = brokerage.placement(unit, placement_id, actor=current_actor())
        brokerage.decline(
            unit, found, reason=form.reason.data, note=form.note.data or "", by=current_actor(), now=now()
        )
        reference = found.referral.reference
    flash(f"You have declined {reference}. Brokerage has been told, and the place is free again.")
    return redirect(url_for("provider.home"))


@blueprint.post("/placements/<int:placement_id>/still-there")
def still_there(placement_id: int) -> ResponseReturnValue:
    """Say that a person who was to have left is still there."""
    with committing() as unit:
        found = brokerage.placement(unit, placement_id, actor=current_actor())
        say_still_there(unit, found, by=current_actor(), now=now())
        reference = found.referral.reference
    flash(f"Brokerage sees that {reference} is still there. The place stays theirs until you record a departure.")
    return redirect(url_for("provider.home"))


@blueprint.post("/placements/<int:placement_id>/arrival")
def arrival(placement_id: int) -> ResponseReturnValue:
    """Record that the person has arrived."""
    with committing() as unit:
        found = brokerage.placement(unit, placement_id, actor=current_actor())
        brokerage.begin(unit, found, by=current_actor(), now=now())
        reference = found.referral.reference
    flash(f"Arrival of {reference} recorded.")
    return redirect(url_for("provider.placement", placement_id=placement_id))


@blueprint.post("/placements/<int:placement_id>/departure")
def departure(placement_id: int) -> ResponseReturnValue:
    """Record that the person has left, when and why."""
    form = DepartureForm()
    if not form.validate():
        return _page(placement_id, departure_form=form)
    try:
        with committing() as unit:
            found = brokerage.placement(unit, placement_id, actor=current_actor())
            brokerage.end(
                unit, found, on=form.on.data or today(now()), reason=form.reason.data, by=current_actor(), now=now()
            )
            reference = found.referral.reference
    except Invalid as error:
        show_error(form, error)
        return _page(placement_id, departure_form=form)
    flash(f"Departure of {reference} recorded.")
    return redirect(url_for("provider.placements"))


def _page(
    placement_id: int, *, decline_form: FlaskForm | None = None, departure_form: FlaskForm | None = None
) -> ResponseReturnValue:
    found = brokerage.placement(reading(), placement_id, actor=current_actor())
    row = person_row(found)
    wrong = decline_form or departure_form
    page = render_template(
        "provider/placement.html",
        person=row,
        can_take_back=can_take_back(reading(), found, now=now()),
        can_be_read=readable_pack(reading(), found, now=now()) is not None,
        today=today(now()),
        is_near=next_step_on(found, today(now())) is not None,
        decline_form=decline_form or DeclineForm(formdata=None),
        departure_form=departure_form or DepartureForm(formdata=None, on=today(now())),
        wrong=wrong,
    )
    return page, 422 if wrong else 200
