"""Tasks: what has to be done by a time, whose it is, and that it is done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from placement.brokerage import tasks as brokerage
from placement.brokerage.referrals import referral as referral_with
from placement.brokerage.tasks import subjects_of, task_counts, tasks_page
from placement.domain.errors import Invalid
from placement.domain.tasks import TASK
from placement.records.tasks import Task
from placement.web.access import current_actor
from placement.web.forms.binding import show_error
from placement.web.forms.tasks import DismissForm, FollowUpForm
from placement.web.pages.broker import blueprint
from placement.web.paging import place
from placement.web.transactions import committing, now, reading

WHOSE = (("", "All open"), ("mine", "Mine"), ("unassigned", "Nobody’s"))
PAGES = {"referral": "referral_id", "placement": "placement_id", "service": "service_id", "offer": "offer_id"}


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskRow:
    """One task, what it is about in words, and where that is seen."""

    task: Task
    label: str
    about: str
    href: str


def task_rows(tasks: Sequence[Task]) -> list[TaskRow]:
    """Return tasks with what they are about; one question a kind of record."""
    named = subjects_of(reading(), tasks)
    return [_row(task, named.get((task.subject, task.subject_id), "")) for task in tasks]


def _row(task: Task, about: str) -> TaskRow:
    page: dict[str, Any] = {PAGES[task.subject]: task.subject_id} if task.subject in PAGES else {}
    href = url_for(f"broker.{task.subject}", **page) if page else ""
    return TaskRow(task=task, label=task.words or TASK[task.kind].label, about=about, href=href)


@blueprint.get("/tasks")
def tasks() -> ResponseReturnValue:
    """Show what has to be done, the most pressing first."""
    whose = request.args.get("whose", "")
    whose = whose if whose in dict(WHOSE) else ""
    counts = task_counts(reading(), actor=current_actor(), now=now())
    page = tasks_page(reading(), whose, at=place(), actor=current_actor())
    numbers = {"": counts.every, "mine": counts.mine, "unassigned": counts.unassigned}
    return render_template(
        "broker/tasks.html",
        page=page,
        rows=task_rows(page.rows),
        whose=whose,
        tabs=[(slug, label, numbers[slug]) for slug, label in WHOSE],
        counts=counts,
    )


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


@blueprint.route("/referrals/<int:referral_id>/follow-up", methods=["GET", "POST"])
def follow_up(referral_id: int) -> ResponseReturnValue:
    """Note something to come back to about a referral."""
    found = referral_with(reading(), referral_id, actor=current_actor())
    form = FollowUpForm()
    if form.validate_on_submit():
        try:
            with committing() as session:
                about = referral_with(session, referral_id, actor=current_actor())
                words, on = form.words.data or "", form.on.data
                brokerage.follow_up(session, about, on=on, words=words, by=current_actor(), now=now())
        except Invalid as error:
            show_error(form, error)
        else:
            flash("It stands among your tasks.")
            return redirect(url_for("broker.referral", referral_id=referral_id))
    page = render_template("broker/follow_up.html", form=form, referral=found)
    return page, 422 if form.errors else 200


def _task_page(task_id: int, form: DismissForm) -> ResponseReturnValue:
    found = brokerage.task(reading(), task_id, actor=current_actor())
    (row,) = task_rows([found])
    return render_template("broker/task.html", row=row, form=form), 422 if form.errors else 200
