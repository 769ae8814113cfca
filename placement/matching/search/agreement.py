"""What all plans that keep the tiers so far agree on: who is met in the city, who elsewhere, who nowhere.

Where the relaxation of the first tiers has a gap, its proof rules out little, and every later tier would search again
among plans that differ in who is placed. A few questions of the form "is there another?" settle it once.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from ortools.sat.python import cp_model

from placement.matching.budget import Watch
from placement.matching.parameters import CoreParameters
from placement.matching.search.backends import is_for_highs
from placement.matching.solvers.cp_sat import Assignment, Subproblem, model_of, solved, weighted
from placement.matching.solvers.highs import choose_whole
from placement.matching.table.arrays import Bools, Whole

NOWHERE = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """The columns that agree with what is settled, and the needs settled to be matched."""

    keep: Bools
    must: Whole


def agreement(
    subproblem: Subproblem, way: Whole, now: dict[int, int], watch: Watch, parameters: CoreParameters
) -> Agreement:
    """Return what is settled among the columns of the question.

    `way` says of each column in which way it meets the need (> 0), `now` what the needs have in a plan that keeps the
    tiers. A need is settled if all plans that keep them give it that. When questions or time run out, nothing is.
    """
    open_still = dict.fromkeys(np.unique(subproblem.need).tolist(), NOWHERE) | now
    for _ in range(parameters.agreement_questions):
        if watch.is_over():
            break
        other = _another(subproblem, way, open_still, watch, parameters)
        if other is None:
            break
        if not len(other):
            return _settled(subproblem, way, open_still)
        found = dict(zip(subproblem.need[other].tolist(), way[other].tolist(), strict=True))
        open_still = {need: mine for need, mine in open_still.items() if found.get(need, NOWHERE) == mine}
        if not open_still:
            break
    return Agreement(keep=np.ones(len(way), bool), must=np.empty(0, np.int64))


def _another(
    subproblem: Subproblem, way: Whole, open_still: dict[int, int], watch: Watch, parameters: CoreParameters
) -> Whole | None:
    """Return a choice in which some open need is met in another way: empty if there is none, None: not known.

    HiGHS gives of all others the one that differs most, which leaves the fewest questions; CP-SAT any.
    """
    wanted = np.array([open_still.get(need, -1) for need in subproblem.need.tolist()])
    moved, kept = wanted == NOWHERE, (wanted > 0) & (wanted == way)
    differs = moved.astype(np.int64) - kept.astype(np.int64)
    same = -sum(1 for mine in open_still.values() if mine != NOWHERE)
    if is_for_highs(subproblem, len(differs), watch, parameters):
        asked = replace(subproblem, worth=differs, bound=int(moved.sum()))
        return _told(choose_whole(asked, asked.bound, watch, seconds=parameters.agreement_seconds), differs, same)
    model, used = model_of(subproblem)
    model.add(weighted(used, differs) >= same + 1)
    status, solver = solved(model, watch, work=parameters.agreement_work)
    if status == cp_model.INFEASIBLE:
        return np.empty(0, np.int64)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None
    return np.array([column for column, variable in enumerate(used) if solver.boolean_value(variable)], np.int64)


def _told(choice: Assignment | None, differs: Whole, same: int) -> Whole | None:
    """Return what an answer of HiGHS says: one that finds less than the plan that is known is no answer."""
    if choice is None or choice.chosen is None or choice.bound < same:
        return None
    if int(differs[choice.chosen].sum()) > same:
        return choice.chosen
    return np.empty(0, np.int64) if choice.bound == same else None


def _settled(subproblem: Subproblem, way: Whole, agreed: dict[int, int]) -> Agreement:
    wanted = np.array([agreed.get(need, -1) for need in subproblem.need.tolist()])
    must = [need for need, mine in agreed.items() if mine != NOWHERE]
    return Agreement(keep=np.asarray((wanted == -1) | (wanted == way)), must=np.array(sorted(must), np.int64))
