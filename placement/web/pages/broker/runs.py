"""Match runs: start one, watch it, cancel it, and the table of what it proposes."""

from __future__ import annotations

from itertools import groupby

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from placement.domain.states import UNDER_WAY, RunState
from placement.planning import runs as planning
from placement.planning.comparing import CHANGE_WORDS, compared, run_before
from placement.planning.run_table import SHOW, run_facet, run_page, sound_choice
from placement.records.runs import MatchRun
from placement.web.access import current_actor
from placement.web.background import solve_later
from placement.web.pages.broker import blueprint
from placement.web.paging import place
from placement.web.transactions import committing, now, reading


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
    """Show how far a run is, or its table: what it proposes for whom, and why some people have no place."""
    found = planning.run(reading(), run_id, actor=current_actor())
    if found.state is RunState.FINISHED:
        return _table(found)
    return render_template("broker/run.html", run=found, waiting=UNDER_WAY)


def _table(run: MatchRun) -> str:
    show = sound_choice(reading(), request.args.get(SHOW, ""))
    return render_template(
        "broker/run.html",
        run=run,
        waiting=UNDER_WAY,
        page=run_page(reading(), run, show, at=place(), actor=current_actor()),
        facet=run_facet(reading(), run, show, actor=current_actor()),
        newest=newer_than(run),
        before=run_before(reading(), run),
        args=table_args(),
    )


@blueprint.get("/runs/<int:run_id>/changes")
def run_changes(run_id: int) -> ResponseReturnValue:
    """Show what a finished run proposes otherwise than the one before it."""
    found = planning.run(reading(), run_id, actor=current_actor())
    before = run_before(reading(), found)
    if found.state is not RunState.FINISHED or before is None:
        return redirect(url_for("broker.run", run_id=run_id))
    grouped = groupby(compared(reading(), found, before), key=lambda row: row.change)
    groups = [(CHANGE_WORDS[change], list(rows)) for change, rows in grouped]
    return render_template("broker/run_changes.html", run=found, before=before, groups=groups)


def newer_than(run: MatchRun) -> MatchRun | None:
    """Return the newest finished run where it is another one: what this one proposes is only to be read then."""
    newest = planning.newest_finished(reading(), actor=current_actor())
    return newest if newest is not None and newest.id != run.id else None


def table_args() -> dict[str, str]:
    """Return what an address says of the part of a table that one was at, to come back to it."""
    return {name: request.args[name] for name in (SHOW, "after", "before") if name in request.args}


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
