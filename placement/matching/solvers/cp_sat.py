"""Choosing among a few columns exactly, through CP-SAT: one worker, one tier, a hint, a proven bound to stop at."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from ortools.sat.python import cp_model

from placement.matching.budget import Watch
from placement.matching.solvers.program import Program, is_certain
from placement.matching.table.arrays import Whole, spread
from placement.matching.table.gender_nights import GenderNights
from placement.matching.table.rows import Rows

IMPOSSIBLE = -(2**62)


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """The chosen positions, ascending (None: none found), and the value that no choice among these columns exceeds."""

    chosen: Whole | None
    bound: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Subproblem(Program):
    """What a search looks at of a tier: a program in whose shared nights genders are kept apart, worth no more than
    `bound`, which is proven."""

    gender_nights: GenderNights
    bound: int


def choose(subproblem: Subproblem, hint: Whole, watch: Watch, *, work: float | None = None) -> Assignment:
    """Return the best choice among all columns of the subproblem that the watch leaves time for.

    Parameters
    ----------
    hint
        The positions of a choice to begin with; it need not be whole.
    watch
        Its seconds are for everything still to come, its work for each search.
    work
        Of this one search, in CP-SAT's deterministic units, where that is less.

    Returns
    -------
    Assignment
        The choice, none if none was found, and the value that no choice exceeds: proven, or the subproblem's own bound.
    """
    model, used = model_of(subproblem)
    model.add(weighted(used, subproblem.worth) <= subproblem.bound)
    model.maximize(weighted(used, subproblem.worth))
    hinted = np.zeros(len(used), bool)
    hinted[hint] = True
    for variable, value in zip(used, hinted.tolist(), strict=True):
        model.add_hint(variable, value)
    status, solver = solved(model, watch, work=work)
    if status == cp_model.INFEASIBLE:
        return Assignment(chosen=None, bound=IMPOSSIBLE)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Assignment(chosen=None, bound=subproblem.bound)
    chosen = np.array([column for column, variable in enumerate(used) if solver.boolean_value(variable)], np.int64)
    value = int(subproblem.worth[chosen].sum())
    proven = value if status == cp_model.OPTIMAL else int(np.floor(solver.best_objective_bound + 1e-6))
    return Assignment(chosen=chosen, bound=min(subproblem.bound, max(value, proven)))


def model_of(subproblem: Subproblem) -> tuple[cp_model.CpModel, list[cp_model.IntVar]]:
    """Return a subproblem's rows and earlier tiers as a model without an objective, and whether each column is used."""
    model = cp_model.CpModel()
    used = [model.new_bool_var("") for _ in range(len(subproblem.need))]
    _one_each(model, used, subproblem)
    for members, weights, places in crowds(subproblem.rows):
        crowd = [used[column] for column in members]
        if max(weights) <= places < 2 * min(weights):
            model.add_at_most_one(crowd)
        else:
            model.add(cp_model.LinearExpr.weighted_sum(crowd, weights) <= places)
    _part_genders(model, used, subproblem.gender_nights)
    for tier in subproblem.earlier:
        if not is_certain(tier, subproblem.need, subproblem.must):
            model.add(weighted(used, tier.worth) == tier.value)
    return model, used


def solved(
    model: cp_model.CpModel, watch: Watch, *, work: float | None = None
) -> tuple[cp_model.CpSolverStatus, cp_model.CpSolver]:
    """Run the solver within what the watch leaves, and within `work` where that is less."""
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    # All rows in its LP: 0.2 s instead of 53 s on a day with `same` units whose LP bound is within 2 points.
    solver.parameters.linearization_level = 2
    solver.parameters.random_seed = watch.seed
    limits = [limit for limit in (watch.work, work) if limit is not None]
    if limits:
        solver.parameters.max_deterministic_time = min(limits)
    left = watch.seconds_left()
    if left is not None:
        solver.parameters.max_time_in_seconds = max(0.01, left)
    with watch.stopping(solver.stop_search):
        return solver.solve(model), solver


def weighted(used: list[cp_model.IntVar], worth: Whole) -> cp_model.LinearExprT:
    """Return what the used columns are worth."""
    columns = np.flatnonzero(worth).tolist()
    return cp_model.LinearExpr.weighted_sum([used[column] for column in columns], worth[columns].tolist())


def _one_each(model: cp_model.CpModel, used: list[cp_model.IntVar], subproblem: Subproblem) -> None:
    must = set(subproblem.must.tolist())
    for number in np.unique(subproblem.need).tolist():
        mine = [used[column] for column in np.flatnonzero(subproblem.need == number).tolist()]
        if number in must:
            model.add_exactly_one(mine)
        else:
            model.add_at_most_one(mine)


def _part_genders(model: cp_model.CpModel, used: list[cp_model.IntVar], gender_nights: GenderNights) -> None:
    """Give every slot in which two genders could meet to one of them."""
    slot, column = gender_nights.nights(np.arange(len(used)))
    order = np.argsort(slot, kind="stable")
    cuts = np.flatnonzero(np.diff(slot[order], prepend=-1, append=np.iinfo(np.int64).max))
    for members in {tuple(column[order[start:end]].tolist()) for start, end in pairwise(cuts.tolist())}:
        genders = sorted({int(gender_nights.gender[member]) for member in members})
        if len(genders) > 1:
            given_to = {gender: model.new_bool_var("") for gender in genders}
            model.add_at_most_one(given_to.values())
            for member in members:
                model.add_implication(used[member], given_to[int(gender_nights.gender[member])])


def crowds(rows: Rows) -> list[tuple[list[int], list[int], int]]:
    """Return, where they could take more than there is, who may stay in a row, what each takes, and its places."""
    row, entry = spread(rows.first, rows.last)
    column, weight = rows.column[entry], rows.weight[entry]
    order = np.lexsort((column, row))
    cuts = np.searchsorted(row[order], np.arange(len(rows) + 1)).tolist()
    members, weights = column[order].tolist(), weight[order].tolist()
    found: dict[tuple[tuple[int, ...], tuple[int, ...]], int] = {}
    for index, places in enumerate(rows.places.tolist()):
        here, taken = members[cuts[index] : cuts[index + 1]], weights[cuts[index] : cuts[index + 1]]
        if sum(taken) > places:
            crowd = (tuple(here), tuple(taken))
            found[crowd] = min(places, found.get(crowd, places))
    return [(list(here), list(taken), places) for (here, taken), places in found.items()]
