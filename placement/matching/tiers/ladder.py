"""Climbing the objectives one by one on one part: each tier is proven, then only columns that can keep it remain.

A tier is a relaxation, a bound proven in whole numbers, and a search among the few columns that the bound leaves. It
may take all the time there is: what comes after a tier that is not proven would be worked out for the wrong plans.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from placement.matching.budget import Watch
from placement.matching.judging.objectives import Objective
from placement.matching.parameters import PARAMETERS, Heuristic, Parameters
from placement.matching.search.agreement import agreement
from placement.matching.search.open_columns import OpenColumns
from placement.matching.search.tier_search import Search
from placement.matching.solvers.certificate import Certificate, certify
from placement.matching.solvers.glop import Relaxed, relax
from placement.matching.solvers.program import NOBODY, EarlierTier
from placement.matching.table.arrays import Whole
from placement.matching.table.reduction import Part, Reduction

SETTLED_BY = "placed"
"""The objective after which who is met where can be settled; those after it only say how."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tier:
    """A tier as it stands: its value and its proven bound, both signed so that more is better."""

    value: int
    bound: int


class Ladder:
    """One part on its way up. `best` holds the chosen columns (positions in `columns`), always a plan.

    `start` makes the first plan, where one is asked for before a better one is found.
    """

    backend = "inventory"

    def __init__(
        self, reduction: Reduction, part: Part, start: Callable[[], Whole], parameters: Parameters = PARAMETERS
    ) -> None:
        self.reduction, self.columns, self.parameters = reduction, reduction.columns, parameters
        self.first = part.active
        self.active, self.rows, self.gender_nights = part.active, part.rows, part.gender_nights
        self._start = start
        self._best: Whole | None = None
        self.earlier: list[tuple[Objective, int]] = []
        self.must: Whole = NOBODY
        self.is_proven = True
        self.has_gap = False

    @property
    def best(self) -> Whole:
        """The chosen columns."""
        if self._best is None:
            self._best = self._start()
        return self._best

    @best.setter
    def best(self, chosen: Whole) -> None:
        self._best = chosen

    def climb(self, objective: Objective, watch: Watch) -> Tier:
        """Take one objective as far as the watch allows; the plan never gets worse on those before it."""
        if not self.is_proven or watch.is_over():
            self.is_proven = False
            return self._left(objective)
        open_columns = self._open_columns(self._worth(objective, self.active))
        relaxed, proof = self._proof(open_columns, self._value(objective), watch)
        search = self._searched(objective, open_columns, relaxed, proof, watch)
        if search.is_whole:
            self.best = self.active[search.best]
        tier = Tier(value=search.value, bound=max(search.value, search.bound))
        if tier.value < tier.bound:
            self.is_proven = False
            return tier
        self.has_gap |= proof.bound > tier.value
        self._keep(objective, proof, tier.value)
        if objective.slug == SETTLED_BY and self.has_gap and self.parameters.uses(Heuristic.AGREEMENT):
            self._settle(watch)
        return tier

    def _searched(
        self, objective: Objective, open_columns: OpenColumns, relaxed: Relaxed | None, proof: Certificate, watch: Watch
    ) -> Search:
        """Return the search, done, from where the plan stands; some of its columns may have been dropped."""
        gone = self.best[~np.isin(self.best, self.active)]
        search = Search(
            open_columns,
            relaxed,
            proof,
            watch,
            best=np.flatnonzero(np.isin(self.active, self.best)),
            dropped=self.columns.need[gone],
            value=self._value(objective),
            parameters=self.parameters,
        )
        search.run()
        return search

    def _open_columns(self, worth: Whole) -> OpenColumns:
        earlier = [EarlierTier(worth=self._worth(tier, self.active), value=value) for tier, value in self.earlier]
        need = self.columns.need[self.active]
        return OpenColumns(
            need=need, must=self.must, rows=self.rows, gender_nights=self.gender_nights, worth=worth, earlier=earlier
        )

    def _proof(self, open_columns: OpenColumns, value: int, watch: Watch) -> tuple[Relaxed | None, Certificate]:
        """Return the relaxation and its proof; no relaxation where the plan meets the bound that needs none."""
        proof = certify(open_columns, None)
        if value >= proof.bound:
            return None, proof
        start: Whole | None = np.flatnonzero(np.isin(self.active, self.best))
        if not self.parameters.uses(Heuristic.COLUMN_GENERATION):
            start = None
        generation = self.parameters.relaxation
        relaxed = relax(open_columns, start=start, seconds=watch.seconds_left(), generation=generation)
        return relaxed, certify(open_columns, relaxed)

    def _keep(self, objective: Objective, proof: Certificate, value: int) -> None:
        """Hold this tier from now on: only columns and needs that its proof leaves open remain open."""
        self.earlier.append((objective, value))
        self.must = np.union1d(self.must, proof.bound_to_match(value))
        open_still = self.active[proof.could_reach(value)]
        part = self.reduction.narrowed(open_still)
        self.active, self.rows, self.gender_nights = part.active, part.rows, part.gender_nights

    def _settle(self, watch: Watch) -> None:
        """Keep only what agrees with where every plan that keeps the tiers so far puts people."""
        nothing = np.zeros(len(self.active), np.int64)
        open_columns = self._open_columns(nothing)
        way = 1 + (self.columns.values["in_city"] > 0)
        now = dict(zip(self.columns.need[self.best].tolist(), way[self.best].tolist(), strict=True))
        among = open_columns.subproblem(nothing == 0, 0)
        agreed = agreement(among, way[self.active], now, watch, self.parameters.cores)
        self.must = np.union1d(self.must, agreed.must)
        part = self.reduction.narrowed(self.active[agreed.keep])
        self.active, self.rows, self.gender_nights = part.active, part.rows, part.gender_nights

    def _left(self, objective: Objective) -> Tier:
        """Return a tier that was not worked on: its bound is what each need's best column would add."""
        worth = self._worth(objective, self.first)
        need = self.columns.need[self.first]
        best = np.zeros(int(need.max(initial=-1)) + 1, np.int64)
        np.maximum.at(best, need, worth)
        return Tier(value=self._value(objective), bound=int(best.sum()))

    def _value(self, objective: Objective) -> int:
        return int(self._worth(objective, self.best).sum())

    def _worth(self, objective: Objective, of: Whole) -> Whole:
        return np.asarray(objective.sign * self.columns.value(objective.slug, of))
