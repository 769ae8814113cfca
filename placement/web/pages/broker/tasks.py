"""Tasks: what has to be done by a time, whose it is, and that it is done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from placement.brokerage import tasks as brokerage
from placement.brokerage.tasks import newest_referrals, subjects_of, task_counts, tasks_page
from placement.domain.states import TaskState
from placement.domain.tasks import TASK
from placement.domain.text import amount
from placement.records.tasks import Task
from placement.web.access import current_actor
from placement.web.forms.hidden import ids
from placement.web.forms.tasks import DismissForm, DismissSomeForm
from placement.web.pages.broker import blueprint
from placement.web.paging import place
from placement.web.transactions import committing, now, reading

WHOSE = (("", "All open"), ("mine", "Mine"), ("team", "My team’s"), ("unassigned", "Nobody’s"), ("alerts", "Not seen"))
PAGES = {"referral": "referral_id", "placement": "placement_id", "service": "service_id", "offer": "offer_id"}


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskRow:
    """One task, what it is about in words, where that is seen, and whether it is an alert that nobody has seen."""

    task: Task
    label: str
    about: str
    href: str
    is_new: bool


def task_rows(tasks: Sequence[Task]) -> list[TaskRow]:
    """Return tasks with what they are about; one question a kind of record."""
    named, newest = subjects_of(reading(), tasks), newest_referrals(reading(), tasks)
    return [_row(task, named.get((task.subject, task.subject_id), ""), newest) for task in tasks]


def _row(task: Task, about: str, newest: Mapping[int, int]) -> TaskRow:
    subject, number = task.subject, task.subject_id
    if subject == "person":
        subject, number = "referral", newest.get(number, 0)
    page: dict[str, Any] = {PAGES[subject]: number} if number else {}
    href = url_for(f"broker.{subject}", **page) if page else ""
    is_new = TASK[task.kind].is_alert and task.seen_at is None and task.state is TaskState.OPEN
    return TaskRow(task=task, label=task.words or TASK[task.kind].label, about=about, href=href, is_new=is_new)


@blueprint.get("/tasks")
def tasks() -> ResponseReturnValue:
    """Show what has to be done, the most pressing first."""
    return _list(request.args.get("whose", ""), DismissSomeForm(formdata=None))


def _list(whose: str, form: DismissSomeForm, ticked: Sequence[int] = ()) -> ResponseReturnValue:
    whose = whose if whose in dict(WHOSE) else ""
    counts = task_counts(reading(), actor=current_actor(), now=now())
    page = tasks_page(reading(), whose, at=place(), actor=current_actor())
    numbers = {
        "": counts.every, "mine": counts.mine, "team": counts.team, "unassigned": counts.unassigned,
        "alerts": counts.unseen,
    }  # fmt: skip
    shown = render_template(
        "broker/tasks.html",
        page=page,
        rows=task_rows(page.rows),
        whose=whose,
        tabs=[(slug, label, numbers[slug]) for slug, label in WHOSE],
        counts=counts,
        form=form,
        ticked=set(ticked),
    )
    return shown, 422 if form.errors else 200


@blueprint.post("/tasks/done")
def do_tasks() -> ResponseReturnValue:
    """Say that the ticked tasks are done."""
    with committing() as session:
        found = brokerage.chosen_tasks(session, _ticked(), actor=current_actor())
        ended = brokerage.end_all(session, found, "do", by=current_actor(), now=now())
    flash(f"{amount(ended, 'task')} done." if found else "Tick the tasks first.")
    return redirect(url_for("broker.tasks", whose=request.form.get("whose") or None))


@blueprint.post("/tasks/seen")
def see_tasks() -> ResponseReturnValue:
    """Say that the ticked tasks have been looked at."""
    with committing() as session:
        found = brokerage.chosen_tasks(session, _ticked(), actor=current_actor())
        seen = brokerage.see(session, found, now=now())
    flash(f"{amount(seen, 'task')} marked as seen." if found else "Tick the tasks first.")
    return redirect(url_for("broker.tasks", whose=request.form.get("whose") or None))


@blueprint.post("/tasks/dismissed")
def dismiss_tasks() -> ResponseReturnValue:
    """Say that the ticked tasks need not be done, and why."""
    form, wanted, whose = DismissSomeForm(), _ticked(), request.form.get("whose", "")
    if not form.validate():
        return _list(whose, form, wanted)
    with committing() as session:
        found = brokerage.chosen_tasks(session, wanted, actor=current_actor())
        ended = brokerage.end_all(session, found, "dismiss", reason=form.reason.data, by=current_actor(), now=now())
    flash(f"{amount(ended, 'task')} dismissed." if found else "Tick the tasks first.")
    return redirect(url_for("broker.tasks", whose=whose or None))


def _ticked() -> Sequence[int]:
    return ids(" ".join(request.form.getlist("task")))


@blueprint.get("/tasks/<int:task_id>")
def task(task_id: int) -> ResponseReturnValue:
    """Show one task and what can be done with it."""
    return _task_page(task_id, DismissForm(formdata=None))


@blueprint.post("/tasks/<int:task_id>/take")
def take_task(task_id: int) -> ResponseReturnValue:
    """Make a task one's own."""
    with committing() as session:
        found = brokerage.task(session, task_id, actor=current_actor())
        me = brokerage.broker(session, current_actor())
        brokerage.give(session, found, me, by=current_actor(), now=now())
    flash("The task is yours.")
    return redirect(url_for("broker.tasks", whose="mine"))


@blueprint.post("/tasks/<int:task_id>/seen")
def see_task(task_id: int) -> ResponseReturnValue:
    """Say that an alert has been looked at."""
    with committing() as session:
        brokerage.see(session, [brokerage.task(session, task_id, actor=current_actor())], now=now())
    flash("Marked as seen.")
    return redirect(url_for("broker.task", task_id=task_id))


@blueprint.post("/tasks/<int:task_id>/done")
def do_task(task_id: int) -> ResponseReturnValue:
    """Say that a task is done."""
    with committing() as session:
        found = brokerage.task(session, task_id, actor=current_actor())
        brokerage.do(session, found, by=current_actor(), now=now())
    flash("The task is done.")
    return redirect(url_for("broker.task", task_id=task_id))


@blueprint.post("/tasks/<int:task_id>/dismiss")
def dismiss_task(task_id: int) -> ResponseReturnValue:
    """Say that a task need not be done, and why."""
    form = DismissForm()
    if not form.validate():
        return _task_page(task_id, form)
    with committing() as session:
        found = brokerage.task(session, task_id, actor=current_actor())
        brokerage.dismiss(session, found, reason=form.reason.data, by=current_actor(), now=now())
    flash("The task is dismissed.")
    return redirect(url_for("broker.task", task_id=task_id))


@blueprint.post("/tasks/<int:task_id>/reopen")
def reopen_task(task_id: int) -> ResponseReturnValue:
    """Take back that a task was done or dismissed."""
    with committing() as session:
        found = brokerage.task(session, task_id, actor=current_actor())
        brokerage.reopen(session, found, by=current_actor(), now=now())
    flash("The task is open again.")
    return redirect(url_for("broker.task", task_id=task_id))


def _task_page(task_id: int, form: DismissForm) -> ResponseReturnValue:
    found = brokerage.task(reading(), task_id, actor=current_actor())
    (row,) = task_rows([found])
    return render_template("broker/task.html", row=row, form=form), 422 if form.errors else 200
