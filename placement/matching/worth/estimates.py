"""What the duals of the relaxation say that one more place would add: where to look, never what to quote.

A need's dual is what meeting it is still worth. A new place is worth the best stays that fit into it one after another,
each at its worth less its need's dual; on later tiers also less what it takes from the earlier tiers, whose own rise is
then paid for. Duals are right for most single places on undated batches and can be twice too high on dated ones, so
only a re-solve is an answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from placement.matching.budget import Watch
from placement.matching.judging.objectives import OBJECTIVES, Objective
from placement.matching.problem.facts import UnitFacts
from placement.matching.problem.instance import Instance
from placement.matching.problem.plan import Plan
from placement.matching.solvers.certificate import certify
from placement.matching.solvers.glop import relax
from placement.matching.solvers.program import NOBODY, EarlierTier, Program
from placement.matching.table.arrays import Floats, Whole
from placement.matching.table.columns import Columns, columns_of
from placement.matching.table.reduction import Part, Reduction

ESTIMATED = OBJECTIVES[:3]
"""The tiers that more places are meant for; cost and lot only follow from them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Duals:
    """What meeting each need is worth on a tier (by need), and what one more of each earlier tier takes from it."""

    needs: Floats
    earlier: dict[str, float]


def estimates(
    instance: Instance, plan: Plan, units: Sequence[UnitFacts], *, watch: Watch | None = None
) -> list[dict[str, float]]:
    """Return for each new unit of one place what it would add, were it the only one.

    Parameters
    ----------
    plan
        The best one known for the instance as it is.
    units
        New units, none of them in the instance.
    watch
        Where its time is over no relaxation is solved: the estimates rest on the needs that have no column now.

    Returns
    -------
    list
        By unit: the promise by slug of objective, in its own unit. A place to look at, never an answer to quote.
    """
    columns = columns_of(instance)
    part = Reduction(columns).narrowed(np.arange(len(columns)))
    duals = {tier.slug: _duals(tier, plan, columns, part, watch) for tier in ESTIMATED}
    offered = columns_of(replace(instance, units=(*instance.units, *units)))
    left = {slug: _left(slug, tier, offered) for slug, tier in duals.items()}
    found = []
    for unit in units:
        mine = np.flatnonzero(offered.unit == offered.table.position[unit.id])
        adds: dict[str, float] = {}
        for slug, worth in left.items():
            rise = sum(price * adds[earlier] for earlier, price in duals[slug].earlier.items())
            adds[slug] = round(_fitted(offered, mine, worth[mine]) + rise, 3)
        found.append(adds)
    return found


def _duals(tier: Objective, plan: Plan, columns: Columns, part: Part, watch: Watch | None) -> Duals:
    """Return the duals of a tier, those before it kept at the plan's values."""
    above = OBJECTIVES[: OBJECTIVES.index(tier)]
    values = {outcome.slug: outcome.value for outcome in plan.objectives}
    need = columns.need[part.active]
    worth = columns.values[tier.slug][part.active]
    earlier = [EarlierTier(worth=columns.values[one.slug][part.active], value=values[one.slug]) for one in above]
    program = Program(need=need, must=NOBODY, rows=part.rows, worth=worth, earlier=earlier)
    relaxed = relax(program, seconds=None if watch is None else watch.seconds_left())
    proof = certify(program, relaxed)
    needs = np.zeros(len(columns.needs))
    needs[: len(proof.without)] = proof.without / proof.scale
    prices = np.zeros(len(above)) if relaxed is None else relaxed.earlier_prices
    return Duals(needs=needs, earlier={one.slug: price for one, price in zip(above, prices.tolist(), strict=True)})


def _left(slug: str, duals: Duals, offered: Columns) -> Floats:
    """Return what every column is worth on a tier beyond the duals."""
    left = offered.values[slug] - duals.needs[offered.need]
    for earlier, price in duals.earlier.items():
        left -= price * offered.values[earlier]
    return np.asarray(left)


def _fitted(offered: Columns, mine: Whole, worth: Floats) -> float:
    """Return what stays in one place, none overlapping and no need twice, add up to: the best found night by night."""
    gains = worth > 0
    columns = mine[gains]
    fields = (offered.end[columns], offered.start[columns], offered.need[columns], worth[gains])
    by_end: dict[int, list[tuple[int, int, float]]] = {}
    for end, start, need, gain in zip(*(field.tolist() for field in fields), strict=True):
        by_end.setdefault(end, []).append((start, need, gain))
    best: list[tuple[float, frozenset[int]]] = [(0.0, frozenset())]
    for night in range(1, max(by_end, default=0) + 1):
        best.append(best[-1])
        for start, need, gain in by_end.get(night, ()):
            total, guests = best[start]
            if need not in guests and total + gain > best[night][0]:
                best[night] = (total + gain, guests | {need})
    return best[-1][0]
