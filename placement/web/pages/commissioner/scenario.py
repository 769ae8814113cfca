"""One scenario: its changes while it is a draft, how far it is while it is replayed, and what it came to."""

from __future__ import annotations

import re
from typing import Any

from flask import Response, flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from placement.domain.clocks import today
from placement.domain.errors import Invalid, NotFound
from placement.domain.scenarios import VERB_LABELS, Verb
from placement.domain.states import WORKED_ON, ScenarioState
from placement.market import services as market
from placement.planning import scenarios as planning
from placement.records.scenarios import Scenario
from placement.reports.exports import csv_file
from placement.reports.what_if import BY_LABELS, COLUMNS, OUTCOME_LABELS, WORLD_LABELS, rows_of, told_result
from placement.web.access import current_actor
from placement.web.background import replay_later
from placement.web.formatting import day
from placement.web.forms.binding import show_error
from placement.web.forms.what_if import ChangeForm
from placement.web.gazetteer import gazetteer
from placement.web.pages.commissioner import blueprint
from placement.web.pages.commissioner.scenario_words import change_words, made_words, progress_words
from placement.web.transactions import committing, now, reading


@blueprint.get("/what-if/<int:scenario_id>")
def scenario(scenario_id: int) -> ResponseReturnValue:
    """Show a scenario as far as it is: to be written, under way, or compared."""
    return _page(planning.scenario(reading(), scenario_id, actor=current_actor()))


def _page(row: Scenario, problem: str = "") -> str:
    localities = gazetteer().localities
    shown: dict[str, Any] = {
        "scenario": row,
        "changes": [(each, change_words(each, localities)) for each in row.changes],
        "is_draft": row.state is ScenarioState.DRAFT,
        "is_under_way": row.state in WORKED_ON,
        "is_assumed": localities.is_assumed and any(each.locality for each in row.changes),
        "problem": problem,
        "verbs": VERB_LABELS,
        "words": progress_words(row),
    }
    if row.result is not None:
        shown |= {
            "told": told_result(row.result, _days(row)),
            "made": made_words(row.result.made, dict(_units())),
            "worlds": WORLD_LABELS,
            "outcomes": OUTCOME_LABELS,
            "by": BY_LABELS,
        }
    return render_template("commissioner/scenario.html", **shown)


def _days(row: Scenario) -> int:
    return (row.last_on - row.first_on).days + 1


def _units() -> list[tuple[int, str]]:
    """Return every unit that people can be placed in, with its name, in the order of the names."""
    found = market.services(reading(), actor=current_actor())
    return [(unit.id, f"{service.name}, {unit.name}") for service in found for unit in service.units]


@blueprint.route("/what-if/<int:scenario_id>/changes/<verb>", methods=["GET", "POST"])
def new_change(scenario_id: int, verb: str) -> ResponseReturnValue:
    """Ask what would have been otherwise, by one kind of change."""
    row = planning.scenario(reading(), scenario_id, actor=current_actor())
    if verb not in VERB_LABELS:
        raise NotFound("There is no such change.")
    form = ChangeForm()
    form.ask(Verb(verb), [(str(unit_id), name) for unit_id, name in _units()], gazetteer().localities)
    if form.validate_on_submit():
        try:
            with committing() as session:
                kept = planning.scenario(session, scenario_id, actor=current_actor())
                planning.add_change(session, kept, form.written(Verb(verb)), by=current_actor(), now=now())
        except Invalid as error:
            show_error(form, error)
        else:
            flash("The change is added.")
            return redirect(url_for("commissioner.scenario", scenario_id=scenario_id))
    title = VERB_LABELS[Verb(verb)]
    page = render_template("commissioner/new_change.html", scenario=row, form=form, title=title)
    return page, 422 if form.errors else 200


@blueprint.post("/what-if/<int:scenario_id>/changes/<int:change_id>/remove")
def remove_change(scenario_id: int, change_id: int) -> ResponseReturnValue:
    """Take a change out of a draft."""
    with committing() as session:
        row = planning.scenario(session, scenario_id, actor=current_actor())
        planning.remove_change(session, row, change_id, by=current_actor(), now=now())
    flash("The change is removed.")
    return redirect(url_for("commissioner.scenario", scenario_id=scenario_id))


@blueprint.post("/what-if/<int:scenario_id>/run")
def run_scenario(scenario_id: int) -> ResponseReturnValue:
    """Ask for the replay; a change that cannot be made in that market is told here and now."""
    row = planning.scenario(reading(), scenario_id, actor=current_actor())
    try:
        if row.state is ScenarioState.DRAFT:
            planning.read_scenario(reading(), scenario_id)
        with committing() as session:
            kept = planning.scenario(session, scenario_id, actor=current_actor())
            planning.request_scenario(session, kept, by=current_actor(), now=now())
    except Invalid as error:
        return _page(row, str(error)), 422
    replay_later(scenario_id)
    return redirect(url_for("commissioner.scenario", scenario_id=scenario_id))


@blueprint.post("/what-if/<int:scenario_id>/again")
def run_again(scenario_id: int) -> ResponseReturnValue:
    """Ask for the same once more, as a scenario of its own."""
    with committing() as session:
        row = planning.scenario(session, scenario_id, actor=current_actor())
        again = planning.request_again(session, row, by=current_actor(), now=now()).id
    replay_later(again)
    return redirect(url_for("commissioner.scenario", scenario_id=again))


@blueprint.post("/what-if/<int:scenario_id>/cancel")
def cancel_scenario(scenario_id: int) -> ResponseReturnValue:
    """Ask the worker to stop."""
    with committing() as session:
        row = planning.scenario(session, scenario_id, actor=current_actor())
        planning.SCENARIOS.cancel(session, row, by=current_actor(), now=now())
    flash("The scenario is being cancelled.")
    return redirect(url_for("commissioner.scenario", scenario_id=scenario_id))


@blueprint.get("/what-if/<int:scenario_id>/progress")
def scenario_progress(scenario_id: int) -> ResponseReturnValue:
    """Return the progress part of the page alone, for the page that asks every second."""
    row = planning.scenario(reading(), scenario_id, actor=current_actor())
    words = progress_words(row)
    answer: Response = make_response(render_template("commissioner/scenario_progress.html", scenario=row, words=words))
    answer.headers["X-Finished"] = "0" if row.state in WORKED_ON else "1"
    return answer


@blueprint.get("/what-if/<int:scenario_id>.csv")
def scenario_csv(scenario_id: int) -> ResponseReturnValue:
    """Send what a scenario came to as a file that says which scenario it is of, and what reproduces it."""
    row = planning.scenario(reading(), scenario_id, actor=current_actor())
    if row.result is None:
        return redirect(url_for("commissioner.scenario", scenario_id=scenario_id))
    name = re.sub(r"[^a-z0-9]+", "-", f"what if {row.name.lower()}").strip("-")
    content = csv_file(COLUMNS, rows_of(told_result(row.result, _days(row))), last_line=_imprint(row))
    headers = {"Content-Disposition": f'attachment; filename="{name}-{today(now()).isoformat()}.csv"'}
    return Response(content, mimetype="text/csv", headers=headers)


def _imprint(row: Scenario) -> str:
    changes = ". ".join(change_words(each, gazetteer().localities) for each in row.changes)
    versions = ", ".join(f"{name} {number}" for name, number in sorted((row.versions or {}).items()))
    return (
        f"What if: {row.name}. {day(row.first_on)} to {day(row.last_on)}. {changes}. Seed {row.seed}; {versions}; "
        f"records {(row.history_sha256 or '')[:12]}. Counts are rounded to the nearest 5; * is a count from 1 to 7, or "
        "one held back so that nobody can work such a count out."
    )
