"""The linear relaxation of a program in inventory form, through OR-Tools' GLOP.

Nothing downstream trusts these floats: the duals become a bound
only through the exact arithmetic of `certificate`, and the values only suggest where to look.
GLOP and not HiGHS, because the model builder of OR-Tools 9.15 hands back no reduced costs from HiGHS.
"""

from __future__ import annotations

from dataclasses import dataclass
from time import monotonic

import numpy as np
from ortools.linear_solver.python import model_builder_helper as helper

from placement.matching.parameters import PARAMETERS, GenerationParameters
from placement.matching.solvers.inventory import inventory, solver_of
from placement.matching.solvers.program import Program, first_of_each, is_certain
from placement.matching.table.arrays import Floats, Whole

NOTICED = 1e-6
"""By how much a column that is left out has to be better than those at hand to be missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Relaxed:
    """An answer of the relaxation: the price of each row, of each earlier tier, and how much of each column is used."""

    row_prices: Floats
    earlier_prices: Floats
    used: Floats


def relax(
    program: Program,
    *,
    start: Whole | None = None,
    seconds: float | None = None,
    generation: GenerationParameters = PARAMETERS.relaxation,
) -> Relaxed | None:
    """Maximise what the columns used are worth, each used in any part.

    Of many columns it looks at a few, and at more as long as the prices show that one left out would be better (column
    generation: Gilmore and Gomory, Operations Research 1961). Not so where earlier tiers say something: their prices
    move so much that it takes longer than all at once. (Those that say nothing stay in, as redundant rows: GLOP is then
    four times as fast, measured on hospital bed plans.)

    Parameters
    ----------
    start
        Columns of a plan, the better the sooner this ends; None: all columns at once.
    seconds
        Of wall clock.
    generation
        From how many columns it looks at a few, and at how many.

    Returns
    -------
    Relaxed or None
        Prices in floats, to be trusted by nobody; None where the solver gave nothing in that time.
    """
    ends = None if seconds is None else monotonic() + seconds
    settled = all(is_certain(tier, program.need, program.must) for tier in program.earlier)
    if start is None or not settled or len(program.need) < generation.many:
        return _relaxed(program, ends)
    keep = first_of_each(program.need, (-program.worth,), generation.first)
    keep[start] = True
    needs = 1 + max(int(program.need.max()), int(program.must.max(initial=0)))
    while True:
        some = program.only(keep)
        found = _relaxed(some, ends)
        if found is None:
            return None if _is_past(ends) else _relaxed(program, ends)
        over = _net(program, found) - _levels(some, _net(some, found), needs)[program.need]
        missing = over > NOTICED
        if not missing.any():
            used = np.zeros(len(keep))
            used[keep] = found.used
            return Relaxed(row_prices=found.row_prices, earlier_prices=found.earlier_prices, used=used)
        keep |= missing & first_of_each(program.need, (-over,), generation.more)


def _left(ends: float | None) -> float | None:
    return None if ends is None else max(0.0, ends - monotonic())


def _is_past(ends: float | None) -> bool:
    return ends is not None and monotonic() >= ends


def _net(program: Program, at: Relaxed) -> Floats:
    """Return what each column is worth over the prices of its rows and of the earlier tiers."""
    before = np.concatenate([[0.0], np.cumsum(at.row_prices)])
    rows, net = program.rows, program.worth.astype(np.float64)
    np.subtract.at(net, rows.column, rows.weight * (before[rows.last] - before[rows.first]))
    for tier, price in zip(program.earlier, at.earlier_prices.tolist(), strict=True):
        net -= price * tier.worth
    return net


def _relaxed(program: Program, ends: float | None) -> Relaxed | None:
    """Solve over all columns of a program until then; making the model takes its part of the time."""
    if _is_past(ends):
        return None
    model, earlier_rows = inventory(program, whole=False)
    if _is_past(ends):
        return None
    solver, columns = solver_of("glop", _left(ends)), len(program.need)
    solver.solve(model)
    if not solver.has_solution() or solver.status() != helper.SolveStatus.OPTIMAL:
        return None
    duals, costs = np.asarray(solver.dual_values()), np.asarray(solver.reduced_costs())
    return Relaxed(
        row_prices=np.maximum(0, costs[columns:]),
        earlier_prices=duals[earlier_rows],
        used=np.asarray(solver.variable_values())[:columns],
    )


def _levels(program: Program, net: Floats, needs: int) -> Floats:
    """Return what each of so many needs has at best: nothing where it may go without."""
    levels = np.zeros(needs)
    levels[program.must] = -np.inf
    np.maximum.at(levels, program.need, net)
    return levels
