"""The nights of pools that can run short: the only ones that a plan has to be kept from overfilling."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from placement.matching.table.arrays import Bools, Whole
from placement.matching.table.columns import Columns
from placement.matching.table.pools import Pools


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """The pool nights that can run short, numbered pool by pool, night by night; the others need no row.

    Entry k says that column `column[k]` (a position in the active columns) takes `weight[k]` places in each of the
    rows `[first[k], last[k])`, all of one pool. `places` and `pool` have one item a row.
    """

    column: Whole
    first: Whole
    last: Whole
    weight: Whole
    places: Whole
    pool: Whole

    def __len__(self) -> int:
        return len(self.places)

    def within(self, keep: Bools) -> Rows:
        """Return the rows as the kept columns see them, renumbered."""
        entered = keep[self.column]
        number = np.cumsum(keep) - 1
        return replace(
            self,
            column=number[self.column[entered]],
            first=self.first[entered],
            last=self.last[entered],
            weight=self.weight[entered],
        )


def rows_of(pools: Pools, columns: Columns, active: Whole) -> Rows:
    """Return the rows that can run short when only the active columns (ascending) are left."""
    place = np.full(len(columns), -1, np.int64)
    place[active] = np.arange(len(active))
    mine = place[pools.column] >= 0
    column, pool, weight = pools.column[mine], pools.pool[mine], pools.weight[mine]
    used, local = np.unique(pool, return_inverse=True)
    start, end, need = columns.start[column], columns.end[column], columns.need[column]
    places = pools.places[used].astype(np.int64)
    short = _wanted(local, need, weight, start, end, places.shape) > places
    # One night more a pool, never short: so that a stay that ends on the horizon ends in its own pool.
    padded = np.concatenate([short, np.zeros((len(used), 1), bool)], axis=1)
    before = np.cumsum(padded.ravel()) - padded.ravel()
    width = padded.shape[1]
    rows = Rows(
        column=place[column],
        first=before[local * width + start],
        last=before[local * width + end],
        weight=weight,
        places=places[short],
        pool=np.repeat(used, short.sum(axis=1)),
    )
    return _merged(_merged(rows, forward=True), forward=False)


def _wanted(pool: Whole, need: Whole, weight: Whole, start: Whole, end: Whole, shape: tuple[int, ...]) -> Whole:
    """Return how many places at most are taken by pool and night: by each need from its first start to its last end."""
    pools, nights = shape
    if not len(pool):
        return np.zeros(shape, np.int64)
    key = pool * (int(need.max()) + 1) + need
    order = np.argsort(key, kind="stable")
    cuts = np.flatnonzero(np.diff(key[order], prepend=-1))
    opening, closing = np.minimum.reduceat(start[order], cuts), np.maximum.reduceat(end[order], cuts)
    change = np.zeros((pools, nights + 1), np.int64)
    np.add.at(change, (pool[order][cuts], opening), weight[order][cuts])
    np.add.at(change, (pool[order][cuts], closing), -weight[order][cuts])
    return np.asarray(np.cumsum(change, axis=1)[:, :nights])


def _merged(rows: Rows, *, forward: bool) -> Rows:
    """Drop rows that their neighbour implies: everyone there is there too, and it has no more places.

    Forward, the neighbour is the night before and nobody starts tonight; backward, the night after and nobody leaves.
    """
    entered = rows.first < rows.last
    first, last = rows.first[entered], rows.last[entered]
    keep: Bools = np.zeros(len(rows), bool)
    keep[first if forward else last - 1] = True
    if len(rows):
        step = 1 if forward else -1
        alone = np.roll(rows.pool, step) != rows.pool
        alone[0 if forward else -1] = True
        keep |= ~alone & (rows.places < np.roll(rows.places, step))
    before = np.concatenate([[0], np.cumsum(keep)])
    return Rows(
        column=rows.column[entered],
        first=before[first],
        last=before[last],
        weight=rows.weight[entered],
        places=rows.places[keep],
        pool=rows.pool[keep],
    )
