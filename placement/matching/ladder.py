"""Climbing the objectives one by one on one part: each tier is proven, then only columns that can keep it remain.

A tier is a relaxation, a bound proven in whole numbers, and a search among the few columns that the bound leaves.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from placement.matching.backbone import backbone
from placement.matching.candidates import Bools, Whole
from placement.matching.certificate import Certificate, certify
from placement.matching.columns import Columns
from placement.matching.core import Question, choose, within
from placement.matching.objectives import Objective
from placement.matching.pools import PoolBook, Rows
from placement.matching.reduction import Part, part_of, reduced
from placement.matching.relaxation import Held, Relaxed, relax
from placement.matching.watch import Watch

SETTLED_BY = "placed"
"""The objective after which who is met where can be settled; those after it only say how."""
FEW = 2_000
"""Columns in the first searches; only when these do not reach the bound are all that could be better looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tier:
    """A tier as it stands: its value and its proven bound, both signed so that more is better."""

    value: int
    bound: int


class Ladder:
    """One part on its way up. `best` holds the chosen columns (positions in `columns`), always a plan."""

    backend = "inventory"

    def __init__(self, columns: Columns, book: PoolBook, ranks: Whole, part: Part, best: Whole) -> None:
        self.columns, self.book, self.ranks = columns, book, ranks
        self.first = part.active
        self.active, self.rows = part.active, part.rows
        self.best = best
        self.held: list[tuple[Objective, int]] = []
        self.must: Whole = np.empty(0, np.int64)
        self.is_proven = True
        self.has_gap = False

    def climb(self, objective: Objective, watch: Watch) -> Tier:
        """Take one objective as far as the watch allows; the plan never gets worse on those before it."""
        if not self.is_proven or watch.is_over():
            self.is_proven = False
            return self._left(objective)
        worth = self._worth(objective, self.active)
        held = [Held(worth=self._worth(tier, self.active), value=value) for tier, value in self.held]
        need = self.columns.need[self.active]
        face = Face(need=need, must=self.must, rows=self.rows, worth=worth, held=held)
        relaxed = relax(need=need, must=self.must, rows=self.rows, worth=worth, held=held, seconds=watch.seconds_left())
        proof = certify(need=need, must=self.must, rows=self.rows, worth=worth, held=held, relaxed=relaxed)
        tier = self._search(objective, face, relaxed, proof, watch)
        if tier.value < tier.bound:
            self.is_proven = False
            return tier
        self.has_gap |= proof.bound > tier.value
        self._keep(objective, proof, tier.value)
        if objective.slug == SETTLED_BY and self.has_gap:
            self._settle(watch)
        return tier

    def _search(
        self, objective: Objective, face: Face, relaxed: Relaxed | None, proof: Certificate, watch: Watch
    ) -> Tier:
        """Look for a better plan in wider and wider cores until the bound is met or nothing is left to look at."""
        value = self._value(objective)
        rounded = np.flatnonzero(relaxed.used > 0.5) if relaxed is not None else np.empty(0, np.int64)
        if face.allows(rounded) and int(face.worth[rounded].sum()) > value:
            self.best, value = self.active[rounded], int(face.worth[rounded].sum())
        for keep in self._cores(face, relaxed, proof, value):
            if value >= proof.bound or watch.is_over():
                break
            choice = choose(face.question(keep, proof.bound), self._hint(keep), watch)
            found = -1 if choice.chosen is None else int(face.worth[keep][choice.chosen].sum())
            if choice.chosen is not None and found > value:
                self.best, value = self.active[np.flatnonzero(keep)[choice.chosen]], found
            if keep[proof.could_reach(value + 1)].all():
                return Tier(value=value, bound=max(value, choice.bound))
        return Tier(value=value, bound=max(value, proof.bound))

    def _cores(self, face: Face, relaxed: Relaxed | None, proof: Certificate, value: int) -> Iterator[Bools]:
        mine = np.isin(self.active, self.best)
        if relaxed is not None:
            yield mine | (relaxed.used > 1e-7)
            nearest = np.zeros(len(mine), bool)
            nearest[np.argsort(proof.loss, kind="stable")[:FEW]] = True
            yield mine | (nearest & proof.could_reach(value + 1))
        yield mine | proof.could_reach(value + 1)

    def _keep(self, objective: Objective, proof: Certificate, value: int) -> None:
        """Hold this tier from now on: only columns and needs that its proof leaves open remain open."""
        self.held.append((objective, value))
        self.must = np.union1d(self.must, proof.bound_to_match(value))
        open_still = self.active[proof.could_reach(value)]
        part = part_of(self.columns, self.book, reduced(self.columns, self.book, self.ranks, open_still))
        self.active, self.rows = part.active, part.rows

    def _settle(self, watch: Watch) -> None:
        """Keep only what agrees with where every plan that holds the tiers so far puts people."""
        nothing = np.zeros(len(self.active), np.int64)
        held = [Held(worth=self._worth(tier, self.active), value=value) for tier, value in self.held]
        face = Face(need=self.columns.need[self.active], must=self.must, rows=self.rows, worth=nothing, held=held)
        lot = 1 + (self.columns.values["in_city"] > 0)
        now = dict(zip(self.columns.need[self.best].tolist(), lot[self.best].tolist(), strict=True))
        agreed = backbone(face.question(nothing == 0, 0), lot[self.active], now, watch)
        self.must = np.union1d(self.must, agreed.must)
        part = part_of(self.columns, self.book, reduced(self.columns, self.book, self.ranks, self.active[agreed.keep]))
        self.active, self.rows = part.active, part.rows

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

    def _hint(self, keep: Bools) -> Whole:
        return np.flatnonzero(np.isin(self.active[keep], self.best))


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """The columns still open and what binds them; arrays are by position in the active columns."""

    need: Whole
    must: Whole
    rows: Rows
    worth: Whole
    held: list[Held]

    def allows(self, chosen: Whole) -> bool:
        """Whether this choice keeps to one column a need, to the rows and to the tiers held, exactly."""
        change = np.zeros(len(self.rows) + 1, np.int64)
        entered = np.isin(self.rows.column, chosen)
        np.add.at(change, self.rows.first[entered], self.rows.weight[entered])
        np.add.at(change, self.rows.last[entered], -self.rows.weight[entered])
        return (
            len(np.unique(self.need[chosen])) == len(chosen)
            and bool((np.cumsum(change)[:-1] <= self.rows.places).all())
            and all(int(tier.worth[chosen].sum()) == tier.value for tier in self.held)
        )

    def question(self, keep: Bools, bound: int) -> Question:
        """Return the choice among the kept columns."""
        return Question(
            need=self.need[keep],
            must=self.must,
            rows=within(self.rows, keep),
            worth=self.worth[keep],
            held=[Held(worth=tier.worth[keep], value=tier.value) for tier in self.held],
            bound=bound,
        )
