"""The linear relaxation of one tier in inventory form, through OR-Tools' GLOP.

Nothing downstream trusts these floats: the duals become a bound
only through the exact arithmetic of `certificate`, and the values only suggest where to look.
GLOP and not HiGHS, because the model builder of OR-Tools 9.15 hands back no reduced costs from HiGHS.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from ortools.linear_solver.python import model_builder_helper as helper

from placement.matching.arrays import Floats, Whole
from placement.matching.inventory import Held, inventory, solver_of
from placement.matching.pools import Rows


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
    model, held_rows = inventory(need=need, must=must, rows=rows, worth=worth, held=held, whole=False)
    solver, columns = solver_of("glop", seconds), len(need)
    solver.solve(model)
    if not solver.has_solution() or solver.status() != helper.SolveStatus.OPTIMAL:
        return None
    duals, costs = np.asarray(solver.dual_values()), np.asarray(solver.reduced_costs())
    return Relaxed(
        row_prices=np.maximum(0, costs[columns:]),
        held_prices=duals[held_rows],
        used=np.asarray(solver.variable_values())[:columns],
    )
