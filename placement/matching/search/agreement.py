"""What all plans that keep the tiers so far agree on: who is met in the city, who elsewhere, who nowhere.

Where the relaxation of the first tiers has a gap, its proof rules out little, and every later tier would search again
among plans that differ in who is placed. A few questions of the form "is there another?" settle it once.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from ortools.sat.python import cp_model

from placement.matching.budget import Watch
from placement.matching.solvers.cp_sat import Subproblem, model_of, solved
from placement.matching.table.arrays import Bools, Whole

NOWHERE = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """The columns that agree with what is settled, and the needs settled to be matched."""

    keep: Bools
    must: Whole


def agreement(subproblem: Subproblem, way: Whole, now: dict[int, int], watch: Watch, *, questions: int) -> Agreement:
    """Return what is settled among the columns of the question.

    `way` says of each column in which way it meets the need (> 0), `now` what the needs have in a plan that keeps the
    tiers. A need is settled if all plans that keep them give it that. When questions or time run out, nothing is.
    """
    open_still = dict.fromkeys(np.unique(subproblem.need).tolist(), NOWHERE) | now
    for _ in range(questions):
        if watch.is_over():
            break
        other = _another(subproblem, way, open_still, watch)
        if other is None:
            break
        if not len(other):
            return _settled(subproblem, way, open_still)
        found = dict(zip(subproblem.need[other].tolist(), way[other].tolist(), strict=True))
        open_still = {need: mine for need, mine in open_still.items() if found.get(need, NOWHERE) == mine}
        if not open_still:
            break
    return Agreement(keep=np.ones(len(way), bool), must=np.empty(0, np.int64))


def _another(subproblem: Subproblem, way: Whole, open_still: dict[int, int], watch: Watch) -> Whole | None:
    """Return a choice in which some open need is met in another way: empty if there is none, None: not known."""
    model, used = model_of(subproblem)
    wanted = np.array([open_still.get(need, -1) for need in subproblem.need.tolist()])
    moved, kept = np.flatnonzero(wanted == NOWHERE), np.flatnonzero((wanted > 0) & (wanted == way))
    matched = sum(1 for mine in open_still.values() if mine != NOWHERE)
    same = cp_model.LinearExpr.sum([used[column] for column in kept.tolist()])
    new = cp_model.LinearExpr.sum([used[column] for column in moved.tolist()])
    model.add(new - same >= 1 - matched)
    status, solver = solved(model, watch)
    if status == cp_model.INFEASIBLE:
        return np.empty(0, np.int64)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None
    return np.array([column for column, variable in enumerate(used) if solver.boolean_value(variable)], np.int64)


def _settled(subproblem: Subproblem, way: Whole, agreed: dict[int, int]) -> Agreement:
    wanted = np.array([agreed.get(need, -1) for need in subproblem.need.tolist()])
    must = [need for need, mine in agreed.items() if mine != NOWHERE]
    return Agreement(keep=np.asarray((wanted == -1) | (wanted == way)), must=np.array(sorted(must), np.int64))
