"""The search on one tier: in small cores, then around the best plan, then among all that could still be better.

Whatever meets the bound ends it. Each small core has a limit of its own, the neighbourhoods go on while they improve,
and all that is left of the time belongs to the proof.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from placement.matching.budget import Watch
from placement.matching.parameters import PARAMETERS, Heuristic, Parameters
from placement.matching.search.backends import is_for_highs
from placement.matching.search.open_columns import OpenColumns
from placement.matching.solvers.certificate import Certificate
from placement.matching.solvers.cp_sat import Assignment, Subproblem, choose
from placement.matching.solvers.glop import Relaxed
from placement.matching.solvers.highs import choose_whole
from placement.matching.solvers.program import first_of_each
from placement.matching.table.arrays import Bools, Whole


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
        parameters: Parameters = PARAMETERS,
    ) -> None:
        self.open_columns, self.relaxed, self.proof, self.watch = open_columns, relaxed, proof, watch
        self.best, self.dropped, self.value = best, dropped, value
        self.bound, self.parameters = proof.bound, parameters

    @property
    def is_whole(self) -> bool:
        """Whether `best` is a plan by itself."""
        return not len(self.dropped)

    def run(self) -> None:
        """Take every step that is needed and that the watch leaves time for."""
        if self.relaxed is not None and self.parameters.uses(Heuristic.RELAXED_PLAN):
            self._take(np.flatnonzero(self.relaxed.used > 0.5))
        for keep in self._cores():
            if self._is_over():
                return
            self._look(keep, work=self.parameters.cores.quick_work)
        if not self._is_over():
            self._improve()
        if not self._is_over():
            self._look(self._everything(), work=None)

    def _is_over(self) -> bool:
        return self.value >= self.bound or self.watch.is_over()

    def _take(self, chosen: Whole) -> None:
        value = int(self.open_columns.worth[chosen].sum())
        if value >= self.value + self.is_whole and self.open_columns.allows(chosen):
            self.best, self.dropped, self.value = chosen, chosen[:0], value

    def _improve(self) -> None:
        """Improve the plan step by step, once those who were dropped have a place; that there is one is why they
        could be."""
        # Here, because no day comes this far.
        from placement.matching.search.improving.pieces import completed
        from placement.matching.search.improving.steps import STEPS

        given = (self.open_columns, self.proof)
        if not self.is_whole:
            found = completed(*given, self.best, self.watch, self.parameters, dropped=self.dropped, value=self.value)
            if found is not None:
                self._take(found)
        for heuristic, step in STEPS.items() if self.is_whole else ():
            if self.parameters.uses(heuristic):
                self._take(step(*given, self.best, self.watch, self.parameters))

    def _look(self, keep: Bools, *, work: float | None) -> None:
        """Search among these columns; where all that could be better are among them, what is proven holds for all."""
        hint = np.flatnonzero(np.isin(np.flatnonzero(keep), self.best))
        subproblem = self.open_columns.subproblem(keep, self.bound)
        choice = None
        if self._is_for_highs(keep):
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
        cores = self.parameters.cores
        return max(cores.quick_seconds, cores.quick_share * (self.watch.seconds_left() or 0.0))

    def _is_for_highs(self, keep: Bools) -> bool:
        return is_for_highs(self.open_columns, int(np.count_nonzero(keep)), self.watch, self.parameters.cores)

    def _cores(self) -> Iterator[Bools]:
        """Yield wider and wider sets of columns, the best choice always among them."""
        for core in self._parts(self.relaxed) if self.relaxed is not None else ():
            if np.count_nonzero(core) <= self.parameters.cores.most * np.count_nonzero(self._everything()):
                yield core
        cores, everything = self.parameters.cores, self._everything()
        if np.count_nonzero(everything) <= (cores.most_for_highs if self._is_for_highs(everything) else cores.many):
            yield everything

    def _parts(self, relaxed: Relaxed) -> Iterator[Bools]:
        if self.parameters.uses(Heuristic.SMALL_CORES):
            yield self._and_mine(relaxed.used > 1e-7)
            nearest = np.zeros(len(self.open_columns.need), bool)
            nearest[np.argsort(self.proof.loss, kind="stable")[: self.parameters.cores.few]] = True
            yield self._and_mine(nearest & self.proof.could_reach(self.value + 1))
        some = self._some_of_each()
        if self._is_for_highs(some) and self.parameters.uses(Heuristic.SOME_OF_EACH):
            yield some

    def _some_of_each(self) -> Bools:
        """Return for each need some columns that lose least; by lot among those that lose the same, or all would be
        offered the same few units."""
        need = self.open_columns.need
        lot = np.random.default_rng(self.watch.seed).random(len(need))
        count = max(1, self.parameters.cores.many // len(np.unique(need)))
        some = first_of_each(need, (lot, self.proof.loss), count)
        return self._and_mine(some & self.proof.could_reach(self.value + 1))

    def _everything(self) -> Bools:
        return self._and_mine(self.proof.could_reach(self.value + 1))

    def _and_mine(self, keep: Bools) -> Bools:
        keep = keep.copy()
        keep[self.best] = True
        return keep
