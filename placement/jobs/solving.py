"""Solve a run in a child process of the worker, so that it can be watched, cancelled and outlived.

The child is killed on a cancel within two seconds, and at twice the budget and half a minute to begin in any case.
"""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from placement.domain.errors import OutOfStep
from placement.jobs.child import Interrupted, Say, working
from placement.matching.explaining.rivals import rivals_of
from placement.matching.problem.documents import read_plan, write_instance
from placement.matching.problem.instance import Instance
from placement.planning import runs
from placement.records.runs import MatchRun
from placement.records.sessions import Store, told

if TYPE_CHECKING:
    from placement.matching.tiers.earlier_plan import EarlierPlan

BEAT_SECONDS = 0.5
START_SECONDS = 30  # on a busy machine the solver's libraries alone take some to load
Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class ToSolve:
    """What the child is given: documents, seconds and seed; `former` are the instance and plan of an earlier run."""

    instance: str
    budget: int
    seed: int
    former: tuple[str, str] | None = None


class Cancelled(Exception):
    """Somebody asked the run to stop, or another worker took it over."""


def solve_run(store: Store, run_id: int, *, clock: Clock) -> bool:
    """Claim a run, solve it and publish its proposals; return whether this call was the one that did.

    Every database unit is short: none is open while the solver works.
    """
    with store.writing() as session:
        token = runs.claim_run(session, run_id, now=clock())
        council = session.get_one(MatchRun, run_id).council
    if token is None:
        return False
    try:
        with store.writing(council) as session:
            instance = runs.snapshot_run(session, run_id, token, now=clock())
            task = _task(session, instance, session.get_one(MatchRun, run_id))
        plan = read_plan(_watched(store, run_id, token, task, clock))
        rivals = rivals_of(instance, plan)
        with store.writing(council) as session:
            runs.publish_run(session, run_id, token, instance, plan, now=clock(), rivals=rivals)
    except Cancelled:
        with contextlib.suppress(OutOfStep), store.writing() as session:
            runs.stop_run(session, run_id, token, now=clock())
    except Interrupted:  # the run stays claimed until its lease lapses
        return False
    except Exception as error:
        with contextlib.suppress(OutOfStep), store.writing() as session:
            runs.fail_run(session, run_id, token, told(error), now=clock())
        raise
    return True


def _task(session: Session, instance: Instance, run: MatchRun) -> ToSolve:
    former = runs.former_documents(session, instance)
    known = None if former is None else (json.dumps(former[0]), json.dumps(former[1]))
    return ToSolve(instance=write_instance(instance), budget=run.budget_seconds, seed=run.seed, former=known)


def _watched(store: Store, run_id: int, token: str, task: ToSolve, clock: Clock) -> str:
    """Return the plan document that the child wrote; beat and look for a cancel while it works."""
    deadline = time.monotonic() + START_SECONDS + 2 * task.budget
    with working(_solved, task, called="The solver's process") as child:
        while True:
            plan: str | None = child.answer(within=BEAT_SECONDS)
            with store.writing() as session:
                goes_on = runs.beat(session, run_id, token, child.words, now=clock())
            if not goes_on:
                raise Cancelled
            if plan is not None:
                return plan
            if time.monotonic() > deadline:
                raise TimeoutError("The solver did not stop at its limit and was ended.")


def _solved(task: ToSolve, say: Say) -> str:
    """Solve in the child, say how far it is, and return the plan document."""
    from placement.matching.budget import Budget
    from placement.matching.problem.documents import read_instance, write_plan
    from placement.matching.tiers.solving import solve

    plan = solve(
        read_instance(task.instance),
        budget=Budget(seconds=task.budget),
        seed=task.seed,
        earlier=_memory(task),
        progress=lambda step: say(
            {"tier": step.tier, "value": step.value, "bound": step.bound, "seconds": step.seconds}
        ),
    )
    return write_plan(plan)


def _memory(task: ToSolve) -> EarlierPlan | None:
    """Return what the former run knows; nothing where it was written by a version that read or judged otherwise."""
    from placement.matching.problem.documents import read_instance, read_plan
    from placement.matching.tiers.earlier_plan import earlier_plan_of

    if task.former is None:
        return None
    instance, plan = task.former
    try:
        return earlier_plan_of(read_instance(instance), read_plan(plan))
    except ValueError:
        return None


def sweep(store: Store, *, clock: Clock) -> int:
    """Solve every run that waits or was abandoned; return how many were solved here."""
    with store.reading() as session:
        waiting = list(runs.abandoned_runs(session, now=clock()))
    return sum(solve_run(store, run_id, clock=clock) for run_id in waiting)
