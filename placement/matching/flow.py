"""Parts in which every column competes for one row: a transport, solved exactly by OR-Tools' min-cost flow.

Each tier is one flow over the columns that the tiers before it leave. That those are kept is said by the graph: needs
that must be matched have no arc past the units, and rows that must be full pay for every place. The potentials of the
flow are prices in whole numbers, from which the same certificate as everywhere proves the tier.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from placement.matching.arrays import Bools, Whole
from placement.matching.certificate import Certificate, certify
from placement.matching.ladder import Ladder, Tier
from placement.matching.objectives import OBJECTIVES, Objective
from placement.matching.program import Program
from placement.matching.reduction import Part, Reduction
from placement.matching.relaxation import Relaxed
from placement.matching.transport import MOST_COST, Graph, Stream, send
from placement.matching.watch import Watch

MERGED = ("in_city", "placed", "fit")
"""The objectives that one flow takes together where the numbers leave room to tell them apart."""
CLEAR = 8
"""How many times the largest worth of one column a merged objective stands above the next."""


class FlowLadder(Ladder):
    """A ladder whose tiers are flows; where one cannot be, it goes on as any other ladder.

    The first objectives share a flow, each weighing so much more than the next that the prices of the flow, rounded to
    the weight of an objective, prove it. Where they do not, each objective has a flow of its own.
    """

    backend = "flow"

    def __init__(self, reduction: Reduction, part: Part, start: Callable[[], Whole]) -> None:
        super().__init__(reduction, part, start)
        self.full: Bools = np.zeros(len(part.rows), bool)
        self.merged: frozenset[str] = frozenset()

    def climb(self, objective: Objective, watch: Watch) -> Tier:
        """Take one objective to its proof by a flow."""
        if self.backend != "flow" or not self.is_proven or watch.is_over():
            return super().climb(objective, watch)
        if not self.held and not self.merged:
            self._merge()
        if objective.slug not in self.merged and not self._send(objective):
            self.backend = super().backend
            return super().climb(objective, watch)
        value = self._value(objective)
        return Tier(value=value, bound=value)

    def _merge(self) -> None:
        """Take the first objectives to their proofs at once; leave everything as it is where that cannot be."""
        objectives = [each for each in OBJECTIVES if each.slug in MERGED]
        worths = [self._worth(each, self.active) for each in objectives]
        steps = _steps(worths, nodes=len(self.columns.needs) + len(self.rows) + 1)
        stream = self._stream(_merged(worths, steps)) if steps else None
        if stream is None:
            return
        proofs = []
        for tier, step in enumerate(steps):
            worth = _merged(worths[: tier + 1], [each // step for each in steps[: tier + 1]])
            proofs.append(self._proof_of(worth, (stream.prices + step // 2) // step))
            if int(worth[stream.chosen].sum()) != proofs[-1].bound:
                return
        self.best = self.active[stream.chosen]
        self.merged = frozenset(MERGED)
        self.held += [(each, self._value(each)) for each in objectives]
        self._stay(proofs[-1], proofs[-1].bound, stream.prices)

    def _send(self, objective: Objective) -> bool:
        """Take one objective to its proof; whether that could be."""
        worth = self._worth(objective, self.active)
        stream = self._stream(worth)
        if stream is None:
            return False
        proof = self._proof_of(worth, stream.prices)
        value = int(worth[stream.chosen].sum())
        if value != proof.bound:
            return False
        self.best = self.active[stream.chosen]
        self.held.append((objective, value))
        self._stay(proof, value, stream.prices)
        return True

    def _stream(self, worth: Whole) -> Stream | None:
        need = self.columns.need[self.active]
        row = np.full(len(need), -1)
        row[self.rows.column] = self.rows.first
        return send(Graph(need=need, must=self.must, row=row, rows=self.rows, full=self.full, worth=worth))

    def _proof_of(self, worth: Whole, prices: Whole) -> Certificate:
        """Return what these prices prove."""
        relaxed = Relaxed(row_prices=prices.astype(float), held_prices=np.empty(0), used=np.empty(0))
        need = self.columns.need[self.active]
        return certify(Program(need=need, must=self.must, rows=self.rows, worth=worth, held=[]), relaxed)

    def _stay(self, proof: Certificate, value: int, prices: Whole) -> None:
        """Keep what the proof leaves open, and the rows as they are numbered, for some now have to be full."""
        self.must = np.union1d(self.must, proof.bound_to_match(value))
        self.full |= prices * proof.scale > proof.total - proof.scale * value
        keep = proof.could_reach(value)
        self.active, self.rows, self.company = self.active[keep], self.rows.within(keep), self.company.within(keep)


def _steps(worths: list[Whole], *, nodes: int) -> list[int]:
    """Return by how much to multiply each worth so that the first decide first; none where there is no room."""
    largest = [int(np.abs(worth).max(initial=0)) + 1 for worth in worths]
    room = (MOST_COST // (2 * nodes * largest[0])).bit_length() - 1
    clear = [(CLEAR * each).bit_length() for each in largest[1:]]
    spare = (room - sum(clear)) // max(1, len(clear))
    if spare < 0:
        return []
    steps = [1]
    for bits in reversed(clear):
        steps.append(steps[-1] << (bits + spare))
    return steps[::-1]


def _merged(worths: list[Whole], steps: list[int]) -> Whole:
    return np.asarray(sum(step * worth for step, worth in zip(steps, worths, strict=True)))
