"""Choosing among many columns in whole numbers through OR-Tools' HiGHS, where nothing but rows binds.

Its relaxation is as tight there as anybody's and its branching follows it: the last points of a quarter's `fit`, on
which CP-SAT spent minutes without a proof, take it seconds. It knows no deterministic work, only time.
"""

from __future__ import annotations

import numpy as np
from ortools.linear_solver.python import model_builder_helper as helper

from placement.matching.budget import Watch
from placement.matching.solvers.cp_sat import Assignment
from placement.matching.solvers.inventory import inventory, solver_of
from placement.matching.solvers.program import Program

TO_THE_END = "mip_rel_gap=0\nmip_abs_gap=0.5\nthreads=1\nrandom_seed={seed}\npresolve={presolve}"
"""By default HiGHS calls an answer within 1e-4 of its bound optimal; worths are whole, so half a point proves one."""


def choose_whole(program: Program, bound: int, watch: Watch, *, seconds: float | None = None) -> Assignment | None:
    """Return the best choice among all columns of the program that the watch, and `seconds`, leave time for.

    Parameters
    ----------
    bound
        Proven: no choice is worth more.
    seconds
        Of wall clock, where that is less than what the watch leaves.

    Returns
    -------
    Assignment or None
        None where HiGHS calls the program impossible. That is never taken from it as proven, and no answer: it judges
        rows within a tolerance, and its presolve has called possible programs impossible.
    """
    model, _ = inventory(program, whole=True)
    solver = _solved(model, watch, seconds, presolve="choose")
    if solver.status() == helper.SolveStatus.INFEASIBLE:
        solver = _solved(model, watch, seconds, presolve="off")
        if solver.status() == helper.SolveStatus.INFEASIBLE:
            return None
    if not solver.has_solution():
        return Assignment(chosen=None, bound=bound)
    used = np.asarray(solver.variable_values())[: len(program.need)]
    chosen = np.flatnonzero(used > 0.5)
    # Measured: stopped early, it may give its answer for its bound too; only a search that ended proves anything. And
    # its answer keeps to rows within a tolerance: should rounding lose something, the bound is still what it found.
    if solver.status() != helper.SolveStatus.OPTIMAL:
        return Assignment(chosen=chosen, bound=bound)
    value = max(int(program.worth[chosen].sum()), round(solver.objective_value()))
    return Assignment(chosen=chosen, bound=min(bound, value))


def _solved(
    model: helper.ModelBuilderHelper, watch: Watch, seconds: float | None, *, presolve: str
) -> helper.ModelSolverHelper:
    limits = [limit for limit in (seconds, watch.seconds_left()) if limit is not None]
    solver = solver_of("highs", min(limits, default=None))
    solver.set_solver_specific_parameters(TO_THE_END.format(seed=watch.seed, presolve=presolve))
    with watch.stopping(solver.interrupt_solve):
        solver.solve(model)
    return solver
