"""What the engine is held against, besides HiGHS: best-first greedy, naive CP-SAT, and reading every pair once."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from ortools.sat.python import cp_model

from benchmarks.fresh import Lap
from placement.matching.explaining.explain import explained
from placement.matching.judging.check import worth_of
from placement.matching.judging.objectives import OBJECTIVES
from placement.matching.judging.occupancy import stay_of
from placement.matching.judging.setting import Setting
from placement.matching.problem.documents import fingerprint
from placement.matching.problem.instance import Instance
from placement.matching.problem.plan import Match, Plan, TierOutcome
from placement.matching.table.columns import Columns

Whole = NDArray[np.int64]


def best_first(columns: Columns) -> list[int]:
    """Return the columns that are chosen when all are gone through by value, best first, and taken where free.

    For instances without side rules.
    """
    keys = [objective.sign * columns.values[objective.slug] for objective in OBJECTIVES[:-1]]
    left = columns.table.free.astype(np.int64)
    placed, chosen = [False] * len(columns.needs), []
    fields = (columns.need, columns.unit, columns.start, columns.end)
    need, unit, start, end = (field.tolist() for field in fields)
    for column in np.lexsort([-key for key in reversed(keys)]).tolist():
        if placed[need[column]]:
            continue
        nights = left[unit[column], start[column] : end[column]]
        if nights.min() > 0:
            nights -= 1
            placed[need[column]] = True
            chosen.append(column)
    return sorted(chosen)


def scan(columns: Columns, repeats: int = 5) -> float:
    """Return the seconds that reading the value of every column once takes: what no method can do without."""
    laps = []
    for _ in range(repeats):
        with Lap() as lap:
            columns.values["fit"].sum()
        laps.append(lap.wall)
    return min(laps)


def naive(columns: Columns, seconds: float) -> tuple[list[int], list[dict[str, Any]]]:
    """Climb the objectives with CP-SAT as one would at first: a Boolean a column, a row a night, a model a tier.

    Default settings but for one worker; each tier at most `seconds`. For instances without side rules. Returns the
    chosen columns, and value, bound, status and seconds of each tier.
    """
    held: list[tuple[Whole, int]] = []
    tiers: list[dict[str, Any]] = []
    chosen: list[int] = []
    for objective in OBJECTIVES:
        worth = objective.sign * columns.value(objective.slug, np.arange(len(columns)))
        with Lap() as lap:
            model, used = _model(columns)
            for before, value in held:
                model.add(cp_model.LinearExpr.weighted_sum(used, before.tolist()) == value)
            model.maximize(cp_model.LinearExpr.weighted_sum(used, worth.tolist()))
            solver = cp_model.CpSolver()
            solver.parameters.num_workers = 1
            solver.parameters.max_time_in_seconds = seconds
            status = solver.solve(model)
        found = status in (cp_model.OPTIMAL, cp_model.FEASIBLE)
        if found:
            chosen = [column for column, variable in enumerate(used) if solver.boolean_value(variable)]
        tiers.append(
            {
                "value": round(solver.objective_value) if found else None,
                "bound": solver.best_objective_bound if found else None,
                "status": "Optimal" if status == cp_model.OPTIMAL else "not proven",
                "wall": lap.wall,
                "cpu": lap.cpu,
            }
        )
        if status != cp_model.OPTIMAL:
            break
        held.append((worth, tiers[-1]["value"]))
    return chosen, tiers


def _model(columns: Columns) -> tuple[cp_model.CpModel, list[cp_model.IntVar]]:
    model = cp_model.CpModel()
    used = [model.new_bool_var("") for _ in range(len(columns))]
    by_need: dict[int, list[cp_model.IntVar]] = {}
    present: dict[tuple[int, int], list[cp_model.IntVar]] = {}
    fields = (columns.need, columns.unit, columns.start, columns.end)
    for variable, need, unit, start, end in zip(used, *(field.tolist() for field in fields), strict=True):
        by_need.setdefault(need, []).append(variable)
        for night in range(start, end):
            present.setdefault((unit, night), []).append(variable)
    for mine in by_need.values():
        model.add_at_most_one(mine)
    for (unit, night), people in present.items():
        model.add(sum(people) <= int(columns.table.free[unit, night]))
    return model, used


def plan_of(instance: Instance, columns: Columns, chosen: list[int], backend: str) -> Plan:
    """Return the chosen columns as a plan; as bounds, what all needs together would add if none were in the way."""
    setting = Setting(instance)
    matches = tuple(_match(columns, column) for column in chosen)
    values = worth_of(setting, [stay_of(setting, match.need, match.unit, match.start) for match in matches])
    outcomes = []
    for objective in OBJECTIVES:
        best = np.zeros(len(columns.needs), np.int64)
        np.maximum.at(best, columns.need, objective.sign * columns.value(objective.slug, np.arange(len(columns))))
        bound = objective.sign * int(best.sum())
        outcomes.append(TierOutcome(slug=objective.slug, value=values[objective.slug], bound=bound))
    plan = Plan(
        instance_sha256=fingerprint(instance),
        status="feasible",
        backend=backend,
        seed=0,
        seconds=0.0,
        matches=matches,
        unmatched=(),
        objectives=tuple(outcomes),
    )
    return explained(instance, plan, table=columns.table)


def _match(columns: Columns, column: int) -> Match:
    need, unit = columns.needs[columns.need[column]], columns.table.units[columns.unit[column]]
    return Match(need=need.id, unit=unit.id, start=int(columns.start[column]))
