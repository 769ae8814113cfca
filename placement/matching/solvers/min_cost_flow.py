"""A transport as a min-cost flow: people to rows of places, each column an arc, by OR-Tools' SimpleMinCostFlow."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

from placement.matching.parameters import PARAMETERS, GenerationParameters
from placement.matching.table.arrays import Bools, Whole
from placement.matching.table.rows import Rows

MOST_COST = 2**60
"""Costs times nodes have to stay below 63 bits, or the flow answers BAD_COST_RANGE."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowGraph:
    """One tier of a transport. `full` marks rows that every plan worth having fills; `row` is the row of each column,
    −1 where it competes with nobody; other arrays are by column."""

    need: Whole
    must: Whole
    row: Whole
    rows: Rows
    full: Bools
    worth: Whole

    def within(self, keep: Bools) -> FlowGraph:
        """Return the graph of the kept columns."""
        return replace(self, need=self.need[keep], row=self.row[keep], worth=self.worth[keep])

    def allowed(self, prices: Whole) -> Whole:
        """Return the nearest prices of rows that can prove anything: only of full ones may they be below nothing."""
        return np.asarray(np.where(self.full, prices, np.maximum(0, prices)))

    def net(self, prices: Whole) -> Whole:
        """Return what each column is worth over the price of its row."""
        return np.asarray(self.worth - np.append(prices, 0)[self.row])

    def best(self, net: Whole) -> Whole:
        """Return what each need has at best, numbered as in `need`: nothing where it may go without."""
        best = np.zeros(int(self.need.max(initial=-1)) + 1, np.int64)
        best[self.must[self.must < len(best)]] = np.iinfo(np.int64).min
        np.maximum.at(best, self.need, net)
        return best


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """The best choice, as positions of columns, and what one place more in each row would add to it."""

    chosen: Whole
    prices: Whole


def send(graph: FlowGraph, generation: GenerationParameters | None = PARAMETERS.flow) -> Flow | None:
    """Return the best flow of a transport.

    Of many columns it looks at a few, and at more as long as the prices show that one left out would be better.

    Parameters
    ----------
    generation
        From how many columns it looks at a few, and at how many; None: at all of them.

    Returns
    -------
    Flow or None
        The choice, and prices of rows in whole numbers; None where the numbers do not fit or no flow exists.
    """
    if generation is None or len(graph.need) < generation.many:
        return _sent(graph)
    size = len(np.unique(graph.need))
    net = graph.net(np.zeros(len(graph.rows), np.int64))
    keep = _least(graph.best(net)[graph.need] - net, generation.first * size)
    while True:
        flow = _sent(graph.within(keep))
        if flow is None:
            return _sent(graph)
        net = graph.net(flow.prices)
        missing = net > graph.best(np.where(keep, net, np.iinfo(np.int64).min))[graph.need]
        if not missing.any():
            return Flow(chosen=np.flatnonzero(keep)[flow.chosen], prices=flow.prices)
        keep |= missing | _least(graph.best(net)[graph.need] - net, generation.more * size)


def _least(shortfall: Whole, count: int) -> Bools:
    """Return the columns that fall least short of the best of their needs, `count` or more."""
    if count >= len(shortfall):
        return np.ones(len(shortfall), bool)
    return np.asarray(shortfall <= np.partition(shortfall, count)[count])


def _sent(graph: FlowGraph) -> Flow | None:
    """Return the best flow over all columns of the graph; None where its numbers do not fit or it does not exist."""
    needs, source = np.unique(graph.need, return_inverse=True)
    sink = len(needs) + len(graph.rows)
    row = np.where(graph.row < 0, sink, len(needs) + graph.row)
    optional = np.flatnonzero(~np.isin(needs, graph.must))
    # One place left empty in a row that has to be full outweighs everything that a plan could gain by it.
    largest = int(np.abs(graph.worth).max(initial=0))
    lack = 1 + largest * 2 * len(needs) if graph.full.any() else 0
    if max(lack, largest) * (sink + 1) >= MOST_COST:
        return None
    tails = np.concatenate([source, optional, np.arange(len(needs), sink)]).astype(np.int32)
    heads = np.concatenate([row, np.full(len(optional) + len(graph.rows), sink)]).astype(np.int32)
    single = np.ones(len(graph.need) + len(optional), np.int64)
    capacity = np.concatenate([single, graph.rows.places])
    costs = np.concatenate([-graph.worth, np.zeros(len(optional), np.int64), -lack * graph.full])
    flow = SimpleMinCostFlow()
    arcs = flow.add_arcs_with_capacity_and_unit_cost(tails, heads, capacity, costs)
    supplies = np.ones(sink + 1, np.int64)
    supplies[len(needs) : sink] = 0
    supplies[sink] = -len(needs)
    flow.set_nodes_supplies(np.arange(sink + 1, dtype=np.int32), supplies)
    if flow.solve() != flow.OPTIMAL:
        return None
    sent = np.asarray(flow.flows(arcs))
    distance = _distances(tails, heads, costs, sent > 0, sent < capacity, sink + 1)
    if distance is None:
        return None
    prices = distance[sink] - distance[len(needs) : sink]
    return Flow(chosen=np.flatnonzero(sent[: len(graph.need)] > 0), prices=graph.allowed(prices))


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
