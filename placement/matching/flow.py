"""Parts in which every column competes for one row: a transport, solved exactly by OR-Tools' min-cost flow.

Each tier is one flow over the columns that the tiers before it leave. That those are kept is said by the graph: needs
that must be matched have no arc past the units, and rows that must be full pay for every place. The potentials of the
flow are prices in whole numbers, from which the same certificate as everywhere proves the tier.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

from placement.matching.candidates import Bools, Whole
from placement.matching.certificate import Certificate, certify
from placement.matching.columns import Columns
from placement.matching.core import within
from placement.matching.ladder import Ladder, Tier
from placement.matching.objectives import Objective
from placement.matching.pools import PoolBook, Rows
from placement.matching.reduction import Part
from placement.matching.relaxation import Relaxed
from placement.matching.watch import Watch

MOST_COST = 2**60
"""Costs times nodes have to stay below 63 bits, or the flow answers BAD_COST_RANGE."""


def is_transport(rows: Rows, columns: int) -> bool:
    """Whether every column takes at most one place in at most one row."""
    once = bool((np.bincount(rows.column, minlength=columns) <= 1).all())
    return once and bool((rows.last - rows.first == 1).all()) and bool((rows.weight == 1).all())


class FlowLadder(Ladder):
    """A ladder whose tiers are flows; where one cannot be, it goes on as any other ladder."""

    backend = "flow"

    def __init__(self, columns: Columns, book: PoolBook, ranks: Whole, part: Part, best: Whole) -> None:
        super().__init__(columns, book, ranks, part, best)
        self.full: Bools = np.zeros(len(part.rows), bool)

    def climb(self, objective: Objective, watch: Watch) -> Tier:
        """Take one objective to its proof by a flow."""
        if self.backend != "flow" or not self.is_proven or watch.is_over():
            return super().climb(objective, watch)
        worth = self._worth(objective, self.active)
        need = self.columns.need[self.active]
        stream = send(Graph(need=need, must=self.must, rows=self.rows, full=self.full, worth=worth))
        if stream is not None:
            prices = np.where(self.full, stream.prices, np.maximum(0, stream.prices))
            relaxed = Relaxed(row_prices=prices.astype(float), held_prices=np.empty(0), used=np.empty(0))
            proof = certify(need=need, must=self.must, rows=self.rows, worth=worth, held=[], relaxed=relaxed)
            value = int(worth[stream.chosen].sum())
            if value == proof.bound:
                self.best = self.active[stream.chosen]
                self._stay(objective, proof, value, prices)
                return Tier(value=value, bound=value)
        self.backend = super().backend
        return super().climb(objective, watch)

    def _stay(self, objective: Objective, proof: Certificate, value: int, prices: Whole) -> None:
        """Hold this tier: keep the rows as they are numbered, for some of them now have to be full."""
        self.held.append((objective, value))
        self.must = np.union1d(self.must, proof.bound_to_match(value))
        self.full |= prices * proof.scale > proof.total - proof.scale * value
        keep = proof.could_reach(value)
        self.active, self.rows = self.active[keep], within(self.rows, keep)


@dataclass(frozen=True, slots=True, kw_only=True)
class Graph:
    """One tier of a transport. `full` marks rows that every plan worth having fills; other arrays are by column."""

    need: Whole
    must: Whole
    rows: Rows
    full: Bools
    worth: Whole


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """The best choice, as positions of columns, and what one place more in each row would add to it."""

    chosen: Whole
    prices: Whole


def send(graph: Graph) -> Stream | None:
    """Return the best flow; None where its numbers do not fit or it does not exist."""
    needs, source = np.unique(graph.need, return_inverse=True)
    sink = len(needs) + len(graph.rows)
    row = np.full(len(graph.need), sink)
    row[graph.rows.column] = len(needs) + graph.rows.first
    optional = np.flatnonzero(~np.isin(needs, graph.must))
    # One place left empty in a row that has to be full outweighs everything that a plan could gain by it.
    lack = 1 + int(np.abs(graph.worth).max(initial=0)) * 2 * len(needs)
    if lack * (sink + 1) >= MOST_COST:
        return None
    tails = np.concatenate([source, optional, np.arange(len(needs), sink)]).astype(np.int32)
    heads = np.concatenate([row, np.full(len(optional) + len(graph.rows), sink)]).astype(np.int32)
    single = np.ones(len(graph.need) + len(optional), np.int64)
    room = np.concatenate([single, graph.rows.places])
    costs = np.concatenate([-graph.worth, np.zeros(len(optional), np.int64), -lack * graph.full])
    flow = SimpleMinCostFlow()
    arcs = flow.add_arcs_with_capacity_and_unit_cost(tails, heads, room, costs)
    supplies = np.ones(sink + 1, np.int64)
    supplies[len(needs) : sink] = 0
    supplies[sink] = -len(needs)
    flow.set_nodes_supplies(np.arange(sink + 1, dtype=np.int32), supplies)
    if flow.solve() != flow.OPTIMAL:
        return None
    sent = np.asarray(flow.flows(arcs))
    distance = _distances(tails, heads, costs, sent > 0, sent < room, sink + 1)
    if distance is None:
        return None
    return Stream(
        chosen=np.flatnonzero(sent[: len(graph.need)] > 0), prices=distance[sink] - distance[len(needs) : sink]
    )


def _distances(
    tails: NDArray[np.int32], heads: NDArray[np.int32], costs: Whole, back: Bools, forth: Bools, nodes: int
) -> Whole | None:
    """Return shortest distances over the arcs on which the flow could change (Bellman and Ford): its potentials.

    None where they do not settle, which would mean a flow that is not the best.
    """
    start = np.concatenate([tails[forth], heads[back]])
    end = np.concatenate([heads[forth], tails[back]])
    length = np.concatenate([costs[forth], -costs[back]])
    order = np.argsort(end, kind="stable")
    start, end, length = start[order], end[order], length[order]
    firsts = np.flatnonzero(np.diff(end, prepend=-1))
    distance = np.zeros(nodes, np.int64)
    for _ in range(nodes + 1):
        nearer = distance.copy()
        if len(firsts):
            reached = np.minimum.reduceat(distance[start] + length, firsts)
            nearer[end[firsts]] = np.minimum(nearer[end[firsts]], reached)
        if (nearer == distance).all():
            return distance
        distance = nearer
    return None
