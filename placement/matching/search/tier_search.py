"""The search on one tier: in small cores, then around the best plan, then among all that could still be better.

Whatever meets the bound ends it. Each small core has a limit of its own, the neighbourhoods go on while they improve,
and all that is left of the time belongs to the proof.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from placement.matching.budget import Watch
from placement.matching.search.annealing import annealed
from placement.matching.search.gender_rounds import rearranged
from placement.matching.search.open_columns import OpenColumns
from placement.matching.search.pieces import Pieces, improved
from placement.matching.solvers.certificate import Certificate
from placement.matching.solvers.cp_sat import Assignment, Subproblem, choose
from placement.matching.solvers.glop import Relaxed
from placement.matching.solvers.highs import choose_whole
from placement.matching.solvers.program import first_of_each
from placement.matching.table.arrays import Bools, Whole

FEW = 2_000
"""Columns in the first searches; only when these do not reach the bound are all that could be better looked at."""
MANY = 20_000
"""Columns up to which all that could be better are looked at before any neighbourhood."""
LARGE = 500
"""Columns from which HiGHS searches where only rows bind; among fewer CP-SAT is quicker, and exact in itself."""
MOST_FOR_MILP = 100_000
"""Columns up to which HiGHS is asked for all that could be better before any neighbourhood."""
QUICK_SECONDS, QUICK_SHARE = 20.0, 0.4
"""What HiGHS gets for one of the first searches: seconds, or a share of those left where that is more."""
QUICK = 5.0
"""Work of each first search, in CP-SAT's deterministic units; what takes longer is improved piece by piece first."""


class Search:
    """`best` holds the positions of the best choice so far, worth `value`; none is worth more than `bound`.

    At first it may lack those `dropped`: needs whose columns gave way to others that take no more and are no worse.
    """

    def __init__(
        self,
        open_columns: OpenColumns,
        relaxed: Relaxed | None,
        proof: Certificate,
        watch: Watch,
        *,
        best: Whole,
        dropped: Whole,
        value: int,
    ) -> None:
        self.open_columns, self.relaxed, self.proof, self.watch = open_columns, relaxed, proof, watch
        self.best, self.dropped, self.value = best, dropped, value
        self.bound = proof.bound

    @property
    def is_whole(self) -> bool:
        """Whether `best` is a plan by itself."""
        return not len(self.dropped)

    def run(self) -> None:
        """Take every step that is needed and that the watch leaves time for."""
        if self.relaxed is not None:
            self._take(np.flatnonzero(self.relaxed.used > 0.5))
        for keep in self._cores():
            if self._is_over():
                return
            self._look(keep, work=QUICK)
        if not self._is_over() and (self.is_whole or self._complete()):
            for better in (annealed, rearranged, improved):
                self._take(better(self.open_columns, self.proof, self.best, self.watch))
        if not self._is_over():
            self._look(self._everything(), work=None)

    def _is_over(self) -> bool:
        return self.value >= self.bound or self.watch.is_over()

    def _take(self, chosen: Whole) -> None:
        value = int(self.open_columns.worth[chosen].sum())
        if value >= self.value + self.is_whole and self.open_columns.allows(chosen):
            self.best, self.dropped, self.value = chosen, chosen[:0], value

    def _complete(self) -> bool:
        """Find those who were dropped a place beside all others; that there is one is why they could be."""
        pieces = Pieces(self.open_columns, self.proof, self.best, seed=self.watch.seed)
        subproblem, columns = pieces.subproblem(np.flatnonzero(np.isin(pieces.needs, self.dropped)), least=self.value)
        choice = choose(subproblem, pieces.hint(columns), self.watch, work=QUICK)
        if choice.chosen is not None:
            self._take(np.sort(np.concatenate([self.best, columns[choice.chosen]])))
        return self.is_whole

    def _look(self, keep: Bools, *, work: float | None) -> None:
        """Search among these columns; where all that could be better are among them, what is proven holds for all."""
        hint = np.flatnonzero(np.isin(np.flatnonzero(keep), self.best))
        subproblem = self.open_columns.subproblem(keep, self.bound)
        choice = None
        if self._is_for_milp(keep):
            choice = self._credible(keep, subproblem, None if work is None else self._quickly())
            if choice is None and self.watch.is_over():
                return
        if choice is None:
            choice = choose(subproblem, hint, self.watch, work=work)
        if choice.chosen is not None:
            self._take(np.flatnonzero(keep)[choice.chosen])
        if keep[self.proof.could_reach(self.value + 1)].all():
            self.bound = min(self.bound, max(self.value, choice.bound))

    def _credible(self, keep: Bools, subproblem: Subproblem, seconds: float | None) -> Assignment | None:
        """Return the answer of HiGHS, empty where its time ran out, if it keeps to everything to the last unit, not
        only within its tolerance, and calls nothing impossible that the best choice known, which is among the kept,
        shows to be possible."""
        choice = choose_whole(subproblem, subproblem.bound, self.watch, seconds=seconds)
        if choice is None or (self.is_whole and choice.bound < self.value):
            return None
        if choice.chosen is not None and not self.open_columns.allows(np.flatnonzero(keep)[choice.chosen]):
            return None
        return choice

    def _quickly(self) -> float:
        """Return how many seconds HiGHS may take where CP-SAT would have little work: it needs no pieces to begin."""
        return max(QUICK_SECONDS, QUICK_SHARE * (self.watch.seconds_left() or 0.0))

    def _is_for_milp(self, keep: Bools) -> bool:
        """Whether only rows bind so many columns, and time, which HiGHS can keep to, is the only limit."""
        return (
            bool(np.count_nonzero(keep) > LARGE)
            and not self.open_columns.gender_nights.binds
            and self.watch.work is None
        )

    def _cores(self) -> Iterator[Bools]:
        """Yield wider and wider sets of columns, the best choice always among them."""
        if self.relaxed is not None:
            yield self._and_mine(self.relaxed.used > 1e-7)
            nearest = np.zeros(len(self.open_columns.need), bool)
            nearest[np.argsort(self.proof.loss, kind="stable")[:FEW]] = True
            yield self._and_mine(nearest & self.proof.could_reach(self.value + 1))
            some = self._some_of_each()
            if self._is_for_milp(some):
                yield some
        everything = self._everything()
        if np.count_nonzero(everything) <= (MOST_FOR_MILP if self._is_for_milp(everything) else MANY):
            yield everything

    def _some_of_each(self) -> Bools:
        """Return for each need some columns that lose least; by lot among those that lose the same, or all would be
        offered the same few units."""
        need = self.open_columns.need
        lot = np.random.default_rng(self.watch.seed).random(len(need))
        count = max(1, MANY // len(np.unique(need)))
        some = first_of_each(need, (lot, self.proof.loss), count)
        return self._and_mine(some & self.proof.could_reach(self.value + 1))

    def _everything(self) -> Bools:
        return self._and_mine(self.proof.could_reach(self.value + 1))

    def _and_mine(self, keep: Bools) -> Bools:
        keep = keep.copy()
        keep[self.best] = True
        return keep
