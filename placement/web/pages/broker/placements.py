"""Placements: who is reserved, confirmed or living where, and every step until the person leaves."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from placement.brokerage import attention
from placement.brokerage import placements as brokerage
from placement.brokerage.attention import DECIDES, concern, open_concerns
from placement.brokerage.choices import choice_of
from placement.brokerage.locks import lock_stay
from placement.brokerage.packs import pack_of
from placement.brokerage.taking_back import can_take_back
from placement.brokerage.tasks import tasks_about
from placement.domain.clocks import today
from placement.domain.errors import AlreadyPlaced, Invalid, NoLongerVacant
from placement.domain.kinds import KIND
from placement.domain.states import THERE, PlacementState
from placement.planning.dates import change_dates
from placement.planning.differences import DIFFERENCES
from placement.planning.swaps import can_swap
from placement.planning.transfers import came_from, moved_to
from placement.records.events import newest_line, timeline
from placement.records.placements import Placement
from placement.web.access import current_actor
from placement.web.forms.binding import show_error
from placement.web.forms.placement import DatesForm, EndForm, SettleForm
from placement.web.forms.referral import FindForm
from placement.web.meeting import BothChanged, both_page, meet, other_save, tell
from placement.web.pages.broker import blueprint
from placement.web.pages.broker.tasks import task_rows
from placement.web.paging import place
from placement.web.transactions import committing, now, reading


@blueprint.get("/placements")
def placements() -> ResponseReturnValue:
    """Show the placements in one state: reservations first, because they run out."""
    counts = brokerage.placement_counts(reading(), actor=current_actor())
    state = brokerage.shown_state(request.args.get("show", ""), counts, list(PlacementState))
    page = brokerage.placements_page(reading(), state, at=place(), actor=current_actor())
    tabs = [(each, counts[each]) for each in PlacementState]
    return render_template("broker/placements.html", page=page, state=state, tabs=tabs, find=FindForm(formdata=None))


@blueprint.get("/placements/<int:placement_id>")
def placement(placement_id: int) -> ResponseReturnValue:
    """Show one placement and its timeline."""
    found = brokerage.placement(reading(), placement_id, actor=current_actor())
    tasks = task_rows(tasks_about(reading(), found, actor=current_actor()))
    return render_template(
        "broker/placement.html",
        placement=found,
        choice=choice_of(reading(), found.referral),
        lines=timeline(reading(), found, actor=current_actor()),
        is_overdue=found.is_overdue(today(now())),
        concerns=open_concerns(reading(), actor=current_actor(), placement_id=found.id),
        differs=[DIFFERENCES[slug] for slug in found.differs.split()],
        tasks=tasks,
        decides=[row for row in tasks if row.task.kind in DECIDES],
        can_take_back=can_take_back(reading(), found, now=now()),
        pack=pack_of(reading(), found),
        goes_to=moved_to(reading(), found),
        may_swap=can_swap(found, today(now())),
        came_from=came_from(reading(), found),
    )


@blueprint.post("/placements/<int:placement_id>/begin")
def begin(placement_id: int) -> ResponseReturnValue:
    """Record that the person has arrived."""
    with committing() as session:
        found = brokerage.placement(session, placement_id, actor=current_actor())
        brokerage.begin(session, found, by=current_actor(), now=now())
    flash("The arrival is recorded.")
    return redirect(url_for("broker.placement", placement_id=placement_id))


@blueprint.route("/placements/<int:placement_id>/end", methods=["GET", "POST"])
def end(placement_id: int) -> ResponseReturnValue:
    """Record that the person has left."""
    found = brokerage.placement(reading(), placement_id, actor=current_actor())
    form = EndForm(data={"on": today(now())})
    if form.validate_on_submit():
        try:
            with committing() as session:
                kept = brokerage.placement(session, placement_id, actor=current_actor())
                brokerage.end(session, kept, on=form.on.data, reason=form.reason.data, by=current_actor(), now=now())
            flash("The departure is recorded and the place is free from that day.")
            return redirect(url_for("broker.placement", placement_id=placement_id))
        except Invalid as error:
            show_error(form, error)
    return render_template("broker/end.html", form=form, placement=found), 422 if form.errors else 200


@blueprint.route("/placements/<int:placement_id>/dates", methods=["GET", "POST"])
def dates(placement_id: int) -> ResponseReturnValue:
    """Change the nights of a stay."""
    found = brokerage.placement(reading(), placement_id, actor=current_actor())
    form, has_arrived, status = _dates_form(found), found.state in THERE, 200
    if form.validate_on_submit():
        try:
            with committing() as session:
                kept = brokerage.placement(session, placement_id, actor=current_actor())
                lock_stay(session, kept)
                form = _dates_form(kept)  # what is stored by now stands in it beside what was typed
                words = meet(form, other_save(newest_line(session, ("stay_dates_changed",), subject=kept)))
                change_dates(
                    session,
                    kept,
                    start_on=form.start_on.data if form.start_on else kept.start_on,
                    end_on=form.end_on.data,
                    longer_reason=form.longer_reason.data if form.longer_reason else None,
                    by=current_actor(),
                    now=now(),
                )
            flash("The dates are changed. The provider has been told.")
            tell(words)
            return redirect(url_for("broker.placement", placement_id=placement_id))
        except BothChanged as error:
            return both_page(error)
        except Invalid as error:
            show_error(form, error)
        except (NoLongerVacant, AlreadyPlaced) as error:
            status = error.status
            form.end_on.errors = [*form.end_on.errors, str(error)]
    page = render_template("broker/dates.html", form=form, placement=found, has_arrived=has_arrived)
    return page, status if status != 200 else 422 if form.errors else 200


def _dates_form(stay: Placement) -> DatesForm:
    form = DatesForm(data={"start_on": stay.start_on, "end_on": stay.end_on})
    has_arrived = stay.state in THERE
    if has_arrived:
        del form.start_on
    if not (has_arrived and KIND[stay.referral.kind].has_exit_review):
        del form.longer_reason
    return form


@blueprint.route("/concerns/<int:concern_id>", methods=["GET", "POST"])
def settle(concern_id: int) -> ResponseReturnValue:
    """Write down how a stay whose place had gone was dealt with."""
    found = concern(reading(), concern_id, actor=current_actor())
    form = SettleForm()
    if form.validate_on_submit():
        with committing() as session:
            kept = concern(session, concern_id, actor=current_actor())
            attention.settle(session, kept, outcome=form.outcome.data, by=current_actor(), now=now())
        flash("That is written down, and off the work list.")
        return redirect(url_for("broker.placement", placement_id=found.placement_id))
    return render_template("broker/settle.html", form=form, concern=found), 422 if form.errors else 200
