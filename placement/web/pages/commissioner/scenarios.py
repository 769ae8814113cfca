"""What if: the scenarios of the council, and writing one, from nothing or like another."""

from __future__ import annotations

from datetime import timedelta

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from placement.domain.clocks import today
from placement.domain.errors import Invalid
from placement.planning import scenarios as planning
from placement.planning.scenarios import AskedPeriod
from placement.records.scenarios import Scenario
from placement.web.access import current_actor
from placement.web.forms.binding import show_error
from placement.web.forms.hidden import first_id
from placement.web.forms.what_if import ScenarioForm
from placement.web.pages.commissioner import blueprint
from placement.web.paging import place
from placement.web.transactions import committing, now, reading

A_YEAR = timedelta(days=365)


@blueprint.get("/what-if")
def scenarios() -> ResponseReturnValue:
    """Show the scenarios, newest first, each with what it came to in a sentence."""
    page = planning.scenarios(reading(), actor=current_actor(), at=place())
    return render_template("commissioner/scenarios.html", page=page)


@blueprint.route("/what-if/new", methods=["GET", "POST"])
def new_scenario() -> ResponseReturnValue:
    """Ask for a name and a period; with `like` in the address, those of another scenario, whose changes come too."""
    like_id = first_id(request.args.get("like"))
    like = planning.scenario(reading(), like_id, actor=current_actor()) if like_id else None
    form = ScenarioForm(data=_first_answers(like))
    if form.validate_on_submit():
        asked = AskedPeriod(
            name=form.name.data, first_on=form.first_on.data, last_on=form.last_on.data, seed=form.seed.data
        )
        try:
            with committing() as session:
                source = planning.scenario(session, like.id, actor=current_actor()) if like else None
                row = planning.write_scenario(session, asked, like=source, by=current_actor(), now=now())
                session.flush()
                scenario_id = row.id
        except Invalid as error:
            show_error(form, error)
        else:
            flash(f"“{asked.name}” is saved.")
            return redirect(url_for("commissioner.scenario", scenario_id=scenario_id))
    return render_template("commissioner/new_scenario.html", form=form, like=like), 422 if form.errors else 200


def _first_answers(like: Scenario | None) -> dict[str, object]:
    if like is not None:
        return {"name": f"{like.name[:110]} (copy)", "first_on": like.first_on, "last_on": like.last_on,
                "seed": like.seed}  # fmt: skip
    day = today(now())
    return {"first_on": day - A_YEAR, "last_on": day - timedelta(days=1), "seed": 0}
