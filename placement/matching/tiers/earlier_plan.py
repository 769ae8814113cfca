"""What an earlier plan knows of an instance that has changed since: what need not be solved again, and where to begin.

The plan of a part is settled by its columns, by their worth and by the rows that they compete for, and by nothing
else: the last objective leaves one optimum. So a part met before takes its plan over, proof and all, and any other part
begins with those former choices that are still open.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256

import numpy as np

from placement.matching.budget import Watch
from placement.matching.judging.check import check
from placement.matching.judging.objectives import Objective
from placement.matching.problem.facts import Current, Need, stay_name
from placement.matching.problem.instance import Instance
from placement.matching.problem.plan import Plan
from placement.matching.table.arrays import Bools, Whole
from placement.matching.table.columns import SUMMED, Columns, columns_of
from placement.matching.table.reduction import Part, Reduction
from placement.matching.tiers.ladder import Tier


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierPlan:
    """`chosen` says which unit and start each need had, `settled` holds the marks of the parts where that is proven."""

    chosen: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    settled: frozenset[bytes] = frozenset()

    def former(self, columns: Columns) -> Bools:
        """Return which columns were chosen before."""
        unit, start = np.full(len(columns.needs), -1), np.full(len(columns.needs), -1)
        for index, need in enumerate(columns.needs):
            name, night = self.chosen.get(need.id, ("", -1))
            unit[index], start[index] = columns.table.position.get(name, -1), night
        return np.asarray((columns.unit == unit[columns.need]) & (columns.start == start[columns.need]))

    def knows(self, columns: Columns, part: Part) -> bool:
        """Whether the plan of this very part is proven."""
        return bool(self.settled) and mark_of(columns, part) in self.settled


def earlier_plan_of(instance: Instance, plan: Plan) -> EarlierPlan:
    """Return what a plan of this instance knows of the next.

    Parameters
    ----------
    plan
        One that `solve` made: that an `optimal` plan is one is taken on trust.

    Raises
    ------
    ValueError
        Where the plan breaks the instance.
    """
    if violations := check(instance, plan).violations:
        raise ValueError(f"is not a plan for this instance: {violations[0]}")
    chosen = {match.name: (match.unit, match.start) for match in plan.matches}
    if plan.status != "optimal":
        return EarlierPlan(chosen=chosen)
    return EarlierPlan(chosen=chosen, settled=_marks(instance) | _marks(_proposed(instance, chosen)))


def _proposed(instance: Instance, chosen: Mapping[str, tuple[str, int]]) -> Instance:
    """Return the instance as it is once its plan has been proposed.

    The best plan stays the best: keeping is worth points, and no other plan keeps more of it.
    """
    current = {need: Current(unit=unit, start=start) for need, (unit, start) in chosen.items()}
    return replace(instance, needs=tuple(_kept(need, current) for need in instance.needs))


def _kept(need: Need, current: Mapping[str, Current]) -> Need:
    series = need.series and replace(
        need.series,
        stays=tuple(
            replace(stay, current=current.get(stay_name(need.id, number)))
            for number, stay in enumerate(need.series.stays, start=2)
        ),
    )
    return replace(need, current=current.get(need.id), series=series)


def _marks(instance: Instance) -> frozenset[bytes]:
    columns = columns_of(instance)
    return frozenset(mark_of(columns, part) for part in Reduction(columns).parts())


def mark_of(columns: Columns, part: Part) -> bytes:
    """Return a digest of all that settles the plan of a part: the same for the same part of another instance."""
    active, rows = part.active, part.rows
    needs, need = np.unique(columns.need[active], return_inverse=True)
    units, unit = np.unique(columns.unit[active], return_inverse=True)
    names = [[columns.needs[index].id for index in needs], [columns.table.units[index].id for index in units]]
    carried = np.diff(rows.pool, prepend=-1) == 0
    facts = (need, unit, columns.start[active], *(columns.values[slug][active] for slug in SUMMED))
    limits = (rows.column, rows.first, rows.last, rows.weight, rows.places, carried)
    gender_nights = (part.gender_nights.gender, part.gender_nights.last - part.gender_nights.first)
    links = [[link.needs, link.whole] for link in (columns.table.stays.links[index] for index in part.links.tolist())]
    digest = sha256(json.dumps([names, len(active), len(rows.column), len(rows), links]).encode())
    for numbers in (*facts, *limits, *gender_nights):
        digest.update(np.ascontiguousarray(numbers, np.int64).tobytes())
    return digest.digest()


class Settled:
    """A part whose plan was proven before: a ladder with nothing left to climb."""

    backend = "memory"
    is_proven = True

    def __init__(self, columns: Columns, best: Whole) -> None:
        self.columns, self.best = columns, best

    def climb(self, objective: Objective, _: Watch) -> Tier:
        """Return the objective at its proven value."""
        value = objective.sign * self.columns.total(objective.slug, self.best)
        return Tier(value=value, bound=value)
