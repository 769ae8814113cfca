"""Commissioning's own tasks: services that have stopped answering, with whom to ring."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from placement.brokerage import tasks as work
from placement.domain.text import amount
from placement.market.services import services_by_id
from placement.web.access import current_actor
from placement.web.forms.hidden import ids
from placement.web.pages.commissioner import blueprint
from placement.web.paging import place
from placement.web.transactions import committing, now, reading


@blueprint.get("/tasks")
def tasks() -> ResponseReturnValue:
    """Show what commissioning has to do, the most pressing first."""
    page = work.tasks_page(reading(), at=place(), actor=current_actor())
    found = services_by_id(reading(), [each.subject_id for each in page.rows], actor=current_actor())
    return render_template("commissioner/tasks.html", page=page, services=found)


@blueprint.post("/tasks/done")
def do_tasks() -> ResponseReturnValue:
    """Say that the ticked tasks are done."""
    with committing() as session:
        chosen = ids(" ".join(request.form.getlist("task")))
        found = work.chosen_tasks(session, chosen, actor=current_actor())
        ended = work.end_all(session, found, "do", by=current_actor(), now=now())
    flash(f"{amount(ended, 'task')} done." if found else "Tick the tasks first.")
    return redirect(url_for("commissioner.tasks"))
