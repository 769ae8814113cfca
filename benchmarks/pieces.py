"""The measured pieces that sections share; each runs in a fresh process and takes and returns JSON values."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from benchmarks.audit import Audit
from benchmarks.baselines import best_first, naive, plan_of, scan
from benchmarks.city import city
from benchmarks.form import write_form
from benchmarks.fresh import Lap, peak
from benchmarks.generator import day, quarter, region
from placement.matching.budget import Budget
from placement.matching.problem.instance import Instance
from placement.matching.problem.plan import Plan
from placement.matching.table.columns import Columns, columns_of
from placement.matching.tiers.solving import Progress, solve
from placement.matching.worth.first_come import first_come, tally

Market = dict[str, Any]
"""The name of a builder and what it is given."""

BUILDERS: dict[str, Callable[..., Instance]] = {"city": city, "day": day, "quarter": quarter, "region": region}


def build(market: Market) -> Instance:
    """Return the instance of a market."""
    given = dict(market)
    return BUILDERS[given.pop("builder")](**given)


def engine(market: Market, repeats: int = 1, seconds: float | None = None) -> dict[str, Any]:
    """Solve a market some times over and return medians, the steps of the last solve, memory, and the plan's audit."""
    with Lap() as building:
        instance = build(market)
    data = peak()
    runs = [solved(instance, seconds) for _ in range(repeats)]
    held = peak()
    plan = runs[-1].pop("plan")
    audit = Audit()
    audit.look_at(instance, plan)
    laps = ("candidates", "first", "proven", "whole")
    return {
        **runs[-1],
        **{lap: {clock: median(one[lap][clock] for one in runs) for clock in ("wall", "cpu")} for lap in laps},
        "building": building.wall,
        "peak": held,
        "over_data": held - data,
        "needs": len(instance.needs),
        "weight": sum(need.worth for need in instance.needs),
        "units": len(instance.units),
        "audit": audit.to_dict(),
    }


def solved(instance: Instance, seconds: float | None) -> dict[str, Any]:
    """Solve once and return laps, steps, sizes, the plan, and what it says of itself."""
    steps: list[dict[str, Any]] = []
    with Lap() as candidates:
        columns = columns_of(instance)
    pairs = len(np.unique(columns.need * len(columns.table.units) + columns.unit))
    count, unavoidable = len(columns), len(columns.needs) - len(_with_a_home(columns))
    del columns  # the solve makes its own, and its memory is measured
    began = time.perf_counter(), time.process_time()

    def step(event: Progress) -> None:
        laps = {"wall": time.perf_counter() - began[0], "cpu": time.process_time() - began[1]}
        steps.append({"tier": event.tier, "value": event.value, "bound": event.bound, **laps})

    with Lap() as whole:
        plan = solve(instance, budget=Budget(seconds=seconds), progress=step)
    ended = {name: {"wall": lap.wall, "cpu": lap.cpu} for name, lap in (("candidates", candidates), ("whole", whole))}
    first = [event for event in steps if event["tier"] == "in_city"]
    return {
        **ended,
        "first": first[-1] if first else ended["whole"],
        "proven": steps[-1] if steps else ended["whole"],
        "columns": count,
        "pairs": pairs,
        "plan": plan,
        **told(instance, plan),
        "unavoidable": unavoidable,
    }


def _with_a_home(columns: Columns) -> set[int]:
    """Return the needs that have at least one column that meets them in the city."""
    return set(columns.need[columns.values["in_city"] > 0].tolist())


def told(instance: Instance, plan: Plan) -> dict[str, Any]:
    """Return what a plan says of itself, and where it leaves people."""
    counted = tally(instance, plan)
    return {
        "status": plan.status,
        "backend": plan.backend,
        "objectives": {outcome.slug: outcome.value for outcome in plan.objectives},
        "bounds": {outcome.slug: outcome.bound for outcome in plan.objectives},
        "not_in_city": counted.out_of_city + counted.unplaced,
        "unplaced": counted.unplaced,
    }


def baselines(market: Market, form: str, naive_seconds: float | None = None) -> dict[str, Any]:
    """Run the simple baselines on a market and write its inventory form for HiGHS; naive CP-SAT only where asked."""
    instance, audit = build(market), Audit()
    with Lap() as writing:
        size = write_form(instance, Path(form))
    columns = columns_of(instance)
    answers: dict[str, Any] = {"scan": scan(columns), "form": {"size": list(size), "wall": writing.wall}}
    with Lap() as lap:
        greedy = best_first(columns)
    plans = {"best_first": (lap, plan_of(instance, columns, greedy, "best_first"))}
    with Lap() as lap:
        served = first_come(instance)
    plans["first_come"] = (lap, served)
    if naive_seconds is not None:
        with Lap() as lap:
            chosen, tiers = naive(columns, naive_seconds)
        plans["naive"] = (lap, plan_of(instance, columns, chosen, "naive"))
        answers["naive_tiers"] = tiers
    for name, (lap, plan) in plans.items():
        answers[name] = {"wall": lap.wall, "cpu": lap.cpu, **told(instance, plan)}
        audit.look_at(instance, plan)
    return {**answers, "audit": audit.to_dict()}


def audited(market: Market, chosen: list[int]) -> dict[str, Any]:
    """Turn the columns that HiGHS chose into a plan, and return what it says of itself and its audit."""
    instance, audit = build(market), Audit()
    plan = plan_of(instance, columns_of(instance), chosen, "highs")
    audit.look_at(instance, plan)
    return {**told(instance, plan), "audit": audit.to_dict()}
