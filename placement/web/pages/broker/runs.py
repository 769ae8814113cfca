"""Match runs: start one, watch it, cancel it, and decide about each proposal."""

from __future__ import annotations

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from placement.domain.errors import Invalid
from placement.domain.states import UNDER_WAY, RunState
from placement.domain.text import plain
from placement.planning import proposals
from placement.planning import runs as planning
from placement.planning.outcomes import outcome_of
from placement.web.access import current_actor
from placement.web.background import solve_later
from placement.web.pages.broker import blueprint
from placement.web.paging import place
from placement.web.transactions import committing, now, reading

DECISIONS = {"hold": "defer", "reject": "reject"}  # what the buttons send, and the verb of the proposal's lifecycle


@blueprint.get("/runs")
def runs() -> ResponseReturnValue:
    """Show the newest runs, and the button that starts another."""
    page = planning.runs(reading(), at=place(), actor=current_actor())
    newest = page.rows[0] if page.first == 1 else planning.newest(reading(), actor=current_actor())
    return render_template("broker/runs.html", page=page, is_under_way=newest is not None and newest.state in UNDER_WAY)


@blueprint.post("/runs")
def start_run() -> ResponseReturnValue:
    """Ask for a run over all open referrals; the worker does it."""
    with committing() as session:
        run = planning.request_run(session, by=current_actor(), now=now())
    solve_later(run.id)
    return redirect(url_for("broker.run", run_id=run.id))


@blueprint.get("/runs/<int:run_id>")
def run(run_id: int) -> ResponseReturnValue:
    """Show how far a run is, or what it proposes and why some people have no place."""
    found = planning.run(reading(), run_id, actor=current_actor())
    places = place("proposals"), place("missing")
    outcome = outcome_of(reading(), found, *places) if found.state is RunState.FINISHED else None
    return render_template("broker/run.html", run=found, outcome=outcome, waiting=UNDER_WAY)


@blueprint.get("/runs/<int:run_id>/progress")
def run_progress(run_id: int) -> ResponseReturnValue:
    """Return the progress part of the page alone, for the page that asks every second."""
    found = planning.run(reading(), run_id, actor=current_actor())
    answer: Response = make_response(render_template("broker/run_progress.html", run=found))
    answer.headers["X-Finished"] = "0" if found.state in UNDER_WAY else "1"
    return answer


@blueprint.post("/runs/<int:run_id>/cancel")
def cancel_run(run_id: int) -> ResponseReturnValue:
    """Ask the worker to stop."""
    with committing() as session:
        found = planning.run(session, run_id, actor=current_actor())
        planning.request_cancel(session, found, by=current_actor(), now=now())
    flash("The run is being cancelled. Nothing is changed by it.")
    return redirect(url_for("broker.run", run_id=run_id))


@blueprint.post("/runs/<int:run_id>/proposals/<int:proposal_id>")
def decide(run_id: int, proposal_id: int) -> ResponseReturnValue:
    """Hold or reject one proposal; accepting goes through the check page."""
    verb = DECISIONS.get(request.form.get("decision", ""))
    if verb is None:
        raise Invalid("Choose to hold or to reject the proposal.")
    with committing() as session:
        found = proposals.proposal(session, run_id, proposal_id, actor=current_actor())
        reason = plain(request.form.get("reason", ""))[:500]
        proposals.decide_proposal(session, found, verb, reason=reason, by=current_actor(), now=now())
        told = f"The proposal for {found.referral.reference} is {found.state.label.lower()}."
    flash(told)
    return redirect(url_for("broker.run", run_id=run_id))
