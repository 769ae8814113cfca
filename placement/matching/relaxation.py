"""The linear relaxation of one tier in inventory form, through OR-Tools' GLOP.

Occupancy carries over from row to row of a pool (o[r] = o[r − 1] + starts − ends, 0 ≤ o ≤ places), so that a column
takes two non-zeros a pool however long it stays. Nothing downstream trusts these floats: the duals become a bound
only through the exact arithmetic of `certificate`, and the values only suggest where to look.
GLOP and not HiGHS, because the model builder of OR-Tools 9.15 hands back no reduced costs from HiGHS.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from ortools.linear_solver.python import model_builder_helper as helper

from placement.matching.candidates import Whole
from placement.matching.pools import Rows

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """An earlier tier kept at its proven value: `worth` is what each active column adds to it, bigger being better."""

    worth: Whole
    value: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Relaxed:
    """An answer of the relaxation: the price of each row, of each held tier, and how much of each column is used."""

    row_prices: Floats
    held_prices: Floats
    used: Floats


def relax(
    *, need: Whole, must: Whole, rows: Rows, worth: Whole, held: list[Held], seconds: float | None = None
) -> Relaxed | None:
    """Maximise the worth of the active columns; None where the solver gave nothing.

    `need` is the need of each column, `must` the needs that every plan worth having matches.
    """
    model, columns, occupancy = helper.ModelBuilderHelper(), len(need), len(rows)
    upper: Any = np.concatenate([np.full(columns, np.inf), rows.places.astype(np.float64)])
    lower: Any = np.zeros(columns + occupancy)  # Any: the stubs of 9.15 spell arrays in a way that nothing matches
    whole: Any = np.zeros(columns + occupancy, bool)
    model.add_var_array_with_bounds(lower, upper, whole, "")
    model.set_objective_coefficients(list(range(columns)), worth.astype(np.float64).tolist())
    model.set_maximize(True)
    held_rows = [_hold(model, tier) for tier in held]
    _one_each(model, need, must)
    _carry_over(model, rows, columns)
    solver = helper.ModelSolverHelper("glop")
    solver.enable_output(False)
    if seconds is not None:
        solver.set_time_limit_in_seconds(max(0.01, seconds))
    solver.solve(model)
    if not solver.has_solution() or solver.status() != helper.SolveStatus.OPTIMAL:
        return None
    duals, costs = np.asarray(solver.dual_values()), np.asarray(solver.reduced_costs())
    return Relaxed(
        row_prices=np.maximum(0, costs[columns:]),
        held_prices=duals[held_rows],
        used=np.asarray(solver.variable_values())[:columns],
    )


def _row(model: helper.ModelBuilderHelper, low: float, high: float) -> int:
    index: int = model.add_linear_constraint()
    model.set_constraint_lower_bound(index, low)
    model.set_constraint_upper_bound(index, high)
    return index


def _hold(model: helper.ModelBuilderHelper, tier: Held) -> int:
    index = _row(model, float(tier.value), float(tier.value))
    for column in np.flatnonzero(tier.worth).tolist():
        model.set_constraint_coefficient(index, column, float(tier.worth[column]))
    return index


def _one_each(model: helper.ModelBuilderHelper, need: Whole, must: Whole) -> None:
    numbers, local = np.unique(need, return_inverse=True)
    bound_to = np.isin(numbers, must)
    index = [_row(model, float(sure), 1.0) for sure in bound_to]
    for column, number in enumerate(local.tolist()):
        model.set_constraint_coefficient(index[number], column, 1.0)


def _carry_over(model: helper.ModelBuilderHelper, rows: Rows, columns: int) -> None:
    """Tie each row's occupancy to the row before it in its pool, to those who come and to those who go."""
    first = model.num_constraints()
    same_pool = np.concatenate([[False], rows.pool[1:] == rows.pool[:-1]]) if len(rows) else np.empty(0, bool)
    for row, carried in enumerate(same_pool.tolist()):
        index = _row(model, 0.0, 0.0)
        model.set_constraint_coefficient(index, columns + row, 1.0)
        if carried:
            model.set_constraint_coefficient(index, columns + row - 1, -1.0)
    pool = np.append(rows.pool, -1)
    leaves = pool[rows.last] == pool[rows.first]
    entries = (rows.column, rows.first, rows.last, rows.weight.astype(np.float64), leaves)
    for column, start, end, taken, goes in zip(*(entry.tolist() for entry in entries), strict=True):
        model.set_constraint_coefficient(first + start, column, -taken)
        if goes:
            model.set_constraint_coefficient(first + end, column, taken)
