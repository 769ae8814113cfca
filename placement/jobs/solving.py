"""Solve a run in a child process of the worker, which is ended at twice its budget and half a minute to begin."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from placement.jobs.child import Say
from placement.jobs.claimed import Claimed, Clock, do_claimed, sweep_claims
from placement.matching.explaining.rivals import rivals_of
from placement.matching.problem.documents import read_plan, write_instance
from placement.matching.problem.instance import Instance
from placement.planning import runs
from placement.records.runs import MatchRun
from placement.records.sessions import Store

if TYPE_CHECKING:
    from placement.matching.tiers.earlier_plan import EarlierPlan


@dataclass(frozen=True, slots=True, kw_only=True)
class ToSolve:
    """What the child is given: documents, seconds and seed; `former` are the instance and plan of an earlier run."""

    instance: str
    budget: int
    seed: int
    former: tuple[str, str] | None = None


def solve_run(store: Store, run_id: int, *, clock: Clock) -> bool:
    """Claim a run, solve it and publish its proposals; return whether this call was the one that did."""
    return do_claimed(store, runs.RUNS, run_id, clock=clock, do=_solve)


def _solve(run: Claimed) -> None:
    with run.store.writing(run.council) as session:
        instance = runs.snapshot_run(session, run.row_id, run.token, now=run.clock())
        task = _task(session, instance, session.get_one(MatchRun, run.row_id))
    (document,) = run.watched(_solved, [task], called="The solver's process", within=2 * task.budget)
    plan = read_plan(document)
    rivals = rivals_of(instance, plan)
    with run.store.writing(run.council) as session:
        runs.publish_run(session, run.row_id, run.token, instance, plan, now=run.clock(), rivals=rivals)


def _task(session: Session, instance: Instance, run: MatchRun) -> ToSolve:
    former = runs.former_documents(session, instance)
    known = None if former is None else (json.dumps(former[0]), json.dumps(former[1]))
    return ToSolve(instance=write_instance(instance), budget=run.budget_seconds, seed=run.seed, former=known)


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
    return sweep_claims(store, runs.RUNS, solve_run, clock=clock)
