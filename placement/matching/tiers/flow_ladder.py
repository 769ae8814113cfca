"""Parts in which every column competes for one row: a transport, solved exactly by OR-Tools' min-cost flow.

Each tier is one flow over the columns that the tiers before it leave. That those are kept is said by the graph: needs
that must be matched have no arc past the units, and rows that must be full pay for every place. The potentials of the
flow are prices in whole numbers, from which the same certificate as everywhere proves the tier.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from placement.matching.budget import Watch
from placement.matching.judging.objectives import OBJECTIVES, Objective
from placement.matching.parameters import PARAMETERS, Heuristic, Parameters
from placement.matching.solvers.certificate import Certificate, certify
from placement.matching.solvers.glop import Relaxed
from placement.matching.solvers.min_cost_flow import MOST_COST, Flow, FlowGraph, send
from placement.matching.solvers.program import Program
from placement.matching.table.arrays import Bools, Whole
from placement.matching.table.reduction import Part, Reduction
from placement.matching.tiers.ladder import Ladder, Tier

MERGED = (("in_city", "placed", "fit"), ("cost", "tie"))
"""The objectives that one flow takes together where the numbers leave room to tell them apart."""
CLEAR = 8
"""How many times the largest worth of one column a merged objective stands above the next."""


class FlowLadder(Ladder):
    """A ladder whose tiers are flows; where one cannot be, it goes on as any other ladder.

    Some objectives share a flow, each weighing so much more than the next that the prices of the flow, rounded to the
    weight of an objective, prove it. Where they do not, each objective has a flow of its own.
    """

    backend = "flow"

    def __init__(
        self, reduction: Reduction, part: Part, start: Callable[[], Whole], parameters: Parameters = PARAMETERS
    ) -> None:
        super().__init__(reduction, part, start, parameters)
        self.full: Bools = np.zeros(len(part.rows), bool)
        self.merged: frozenset[str] = frozenset()

    def climb(self, objective: Objective, watch: Watch) -> Tier:
        """Take one objective to its proof by a flow."""
        if self.backend != "flow" or not self.is_proven or watch.is_over():
            return super().climb(objective, watch)
        for group in MERGED if self.parameters.uses(Heuristic.MERGED_TIERS) else ():
            if objective.slug == group[0]:
                self._merge(group)
        if objective.slug not in self.merged and not self._send(objective):
            self.backend = super().backend
            return super().climb(objective, watch)
        value = dict(self.earlier)[objective]
        return Tier(value=value, bound=value)

    def _merge(self, group: tuple[str, ...]) -> None:
        """Take some objectives to their proofs at once; leave everything as it is where that cannot be."""
        objectives = [each for each in OBJECTIVES if each.slug in group]
        worths = [self._worth(each, self.active) for each in objectives]
        people = len(self.columns.needs)
        steps = _steps(worths, nodes=people + len(self.rows) + 1, lack=2 * people if self.full.any() else 1)
        if not steps:
            return
        together = _merged(worths, steps)
        flow = self._flow(together)
        if flow is None:
            return
        proof = self._proof_of(together, flow.prices)
        if not _meets(proof, together, flow):
            return
        # What one objective more is worth may be less than what all those after it can add up to.
        for tier, step in enumerate(steps[:-1] if not _are_apart(worths, steps, people) else []):
            worth = _merged(worths[: tier + 1], [each // step for each in steps[: tier + 1]])
            if not _meets(self._proof_of(worth, (flow.prices + step // 2) // step), worth, flow):
                return
        self.best = self.active[flow.chosen]
        self.merged |= {*group}
        self.earlier += [(each, int(worth[flow.chosen].sum())) for each, worth in zip(objectives, worths, strict=True)]
        self._stay(proof, proof.bound, flow.prices)

    def _send(self, objective: Objective) -> bool:
        """Take one objective to its proof; whether that could be."""
        worth = self._worth(objective, self.active)
        flow = self._flow(worth)
        if flow is None:
            return False
        proof = self._proof_of(worth, flow.prices)
        if not _meets(proof, worth, flow):
            return False
        self.best = self.active[flow.chosen]
        self.earlier.append((objective, proof.bound))
        self._stay(proof, proof.bound, flow.prices)
        return True

    def _flow(self, worth: Whole) -> Flow | None:
        need = self.columns.need[self.active]
        row = np.full(len(need), -1)
        row[self.rows.column] = self.rows.first
        graph = FlowGraph(need=need, must=self.must, row=row, rows=self.rows, full=self.full, worth=worth)
        return send(graph, self.parameters.flow if self.parameters.uses(Heuristic.COLUMN_GENERATION) else None)

    def _proof_of(self, worth: Whole, prices: Whole) -> Certificate:
        """Return what these prices prove."""
        relaxed = Relaxed(row_prices=prices.astype(float), earlier_prices=np.empty(0), used=np.empty(0))
        need = self.columns.need[self.active]
        return certify(Program(need=need, must=self.must, rows=self.rows, worth=worth, earlier=[]), relaxed)

    def _stay(self, proof: Certificate, value: int, prices: Whole) -> None:
        """Keep what the proof leaves open, and the rows as they are numbered, for some now have to be full."""
        self.must = np.union1d(self.must, proof.bound_to_match(value))
        self.full |= prices * proof.scale > proof.total - proof.scale * value
        keep = proof.could_reach(value)
        self.active, self.rows, self.gender_nights = (
            self.active[keep],
            self.rows.within(keep),
            self.gender_nights.within(keep),
        )


def _meets(proof: Certificate, worth: Whole, flow: Flow) -> bool:
    """Whether the flow is worth all that is proven to be possible."""
    return int(worth[flow.chosen].sum()) == proof.bound


def _steps(worths: list[Whole], *, nodes: int, lack: int) -> list[int]:
    """Return by how much to multiply each worth so that the first decide first; none where there is no room.

    `lack` is how many times the largest worth an empty place in a row that has to be full will cost.
    """
    largest = [int(np.abs(worth).max(initial=0)) + 1 for worth in worths]
    capacity = (MOST_COST // (2 * nodes * lack * largest[0])).bit_length() - 1
    clear = [(CLEAR * each).bit_length() for each in largest[1:]]
    spare = (capacity - sum(clear)) // max(1, len(clear))
    if spare < 0:
        return []
    steps = [1]
    for bits in reversed(clear):
        steps.append(steps[-1] << (bits + spare))
    return steps[::-1]


def _are_apart(worths: list[Whole], steps: list[int], people: int) -> bool:
    """Whether no two plans differ so much in later objectives that it would outweigh one point of an earlier one."""
    spread = 0
    for worth, step in zip(reversed(worths), reversed(steps), strict=True):
        if step <= spread:
            return False
        spread += 2 * people * int(np.abs(worth).max(initial=0)) * step
    return True


def _merged(worths: list[Whole], steps: list[int]) -> Whole:
    return np.asarray(sum(step * worth for step, worth in zip(steps, worths, strict=True)))
