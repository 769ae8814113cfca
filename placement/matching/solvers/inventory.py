"""The inventory form of a tier as a model of OR-Tools' model builder, for a relaxation and for whole numbers alike.

Occupancy carries over from row to row of a pool (o[r] = o[r − 1] + starts − ends, 0 ≤ o ≤ places), so that a column
takes two non-zeros a pool however long it stays.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from ortools.linear_solver.python import model_builder_helper as helper

from placement.matching.solvers.program import EarlierTier, Program
from placement.matching.table.arrays import Whole
from placement.matching.table.rows import Rows


def inventory(program: Program, *, whole: bool) -> tuple[helper.ModelBuilderHelper, list[int]]:
    """Return the model of a program, and its constraints that keep the earlier tiers.

    The variables are the columns, then the occupancy of each row, `whole` or not. Occupancy follows from the columns,
    and would be whole without being told: telling keeps HiGHS' presolve from working it out, which it has done wrongly.
    """
    model, columns, occupancy = helper.ModelBuilderHelper(), len(program.need), len(program.rows)
    # A relaxed column has no bound of its own: that each need has one at most says it, and keeps reduced costs plain.
    upper: Any = np.concatenate([np.full(columns, 1.0 if whole else np.inf), program.rows.places.astype(np.float64)])
    lower: Any = np.zeros(columns + occupancy)  # Any: the stubs of 9.15 spell arrays in a way that nothing matches
    integral: Any = np.full(columns + occupancy, whole)
    model.add_var_array_with_bounds(lower, upper, integral, "")
    model.set_objective_coefficients(list(range(columns)), program.worth.astype(np.float64).tolist())
    model.set_maximize(True)
    earlier_rows = [_keep(model, tier) for tier in program.earlier]
    _one_each(model, program.need, program.must)
    _carry_over(model, program.rows, columns)
    return model, earlier_rows


def solver_of(name: str, seconds: float | None) -> helper.ModelSolverHelper:
    """Return a silent solver of OR-Tools with a limit of wall clock."""
    solver = helper.ModelSolverHelper(name)
    solver.enable_output(False)
    if seconds is not None:
        solver.set_time_limit_in_seconds(max(0.01, seconds))
    return solver


def _row(model: helper.ModelBuilderHelper, low: float, high: float) -> int:
    index: int = model.add_linear_constraint()
    model.set_constraint_lower_bound(index, low)
    model.set_constraint_upper_bound(index, high)
    return index


def _keep(model: helper.ModelBuilderHelper, tier: EarlierTier) -> int:
    index = _row(model, float(tier.value), float(tier.value))
    for column in np.flatnonzero(tier.worth).tolist():
        model.add_term_to_constraint(index, column, float(tier.worth[column]))
    return index


def _one_each(model: helper.ModelBuilderHelper, need: Whole, must: Whole) -> None:
    numbers, local = np.unique(need, return_inverse=True)
    bound_to = np.isin(numbers, must)
    index = [_row(model, float(sure), 1.0) for sure in bound_to]
    for column, number in enumerate(local.tolist()):
        model.add_term_to_constraint(index[number], column, 1.0)


def _carry_over(model: helper.ModelBuilderHelper, rows: Rows, columns: int) -> None:
    """Tie each row's occupancy to the row before it in its pool, to those who come and to those who go."""
    first = model.num_constraints()
    same_pool = np.concatenate([[False], rows.pool[1:] == rows.pool[:-1]]) if len(rows) else np.empty(0, bool)
    for row, carried in enumerate(same_pool.tolist()):
        index = _row(model, 0.0, 0.0)
        model.add_term_to_constraint(index, columns + row, 1.0)
        if carried:
            model.add_term_to_constraint(index, columns + row - 1, -1.0)
    pool = np.append(rows.pool, -1)
    leaves = pool[rows.last] == pool[rows.first]
    entries = (rows.column, rows.first, rows.last, rows.weight.astype(np.float64), leaves)
    for column, start, end, taken, goes in zip(*(entry.tolist() for entry in entries), strict=True):
        model.add_term_to_constraint(first + start, column, -taken)
        if goes:
            model.add_term_to_constraint(first + end, column, taken)
