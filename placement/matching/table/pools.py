"""The places that columns compete for, in one form: a pool has so many places a night and columns stay in it.

A unit is a pool; so is a shared cap. Two people to be kept apart compete for one imaginary place in each service. In a
`same` unit genders compete for imaginary places of which one person may take several (see `gender_facets`). So every
limit of a plan reads: in no pool, on no night, more taken than places.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from placement.matching.table.arrays import Bools, Whole
from placement.matching.table.columns import Columns
from placement.matching.table.gender_facets import gender_rows
from placement.matching.table.gender_nights import said_in_rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Pools:
    """Which columns take how many places in which pools, by column, then pool; and the places by pool and night."""

    column: Whole
    pool: Whole
    weight: Whole
    places: NDArray[np.int16]


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


Pool = tuple[NDArray[np.int16], Whole, Whole]
"""Places by night, the columns that compete for them, and how many each takes."""


class PoolBook:
    """The pools of an instance, in outline and in detail; the two differ only in `same` units (`is_exact` without any).

    In outline such a unit has a pool of one place, as if no two could ever meet there: coarser than the truth, but two
    columns that it cannot tell apart meet the same others. That is all that dropping columns asks, and on a crowded day
    it saves nine seconds in ten over the thousands of pools that the detail has before any column is dropped.
    """

    def __init__(self, columns: Columns) -> None:
        self.columns = columns
        self._plain = [*_shared_caps(columns), *_kept_apart(columns)]
        never_meeting = list(_never_meeting(columns))
        self.is_exact = not never_meeting
        self.outline = self._joined(never_meeting)

    def detail(self, active: Whole) -> Pools:
        """Return the pools as they are when only the active columns are left."""
        return self._joined(_of_one_gender(self.columns, active))

    def _joined(self, more: Iterable[Pool]) -> Pools:
        """Return the units' own pools first, in the table's order, then the others."""
        columns, table = self.columns, self.columns.table
        special = [*self._plain, *more]
        sizes = [len(members) for _, members, _ in special]
        column = np.concatenate([np.arange(len(columns)), *(members for _, members, _ in special)])
        pool = np.concatenate([columns.unit, np.repeat(np.arange(len(special)) + len(table.units), sizes)])
        weight = np.concatenate([np.ones(len(columns), np.int64), *(weights for _, _, weights in special)])
        places = np.concatenate([table.free, *(places[None] for places, _, _ in special)])
        order = np.lexsort((pool, column))
        return Pools(column=column[order], pool=pool[order], weight=weight[order], places=places)


def _pool(columns: Columns, places: int, members: Whole) -> Pool:
    return np.full(columns.table.horizon, places, np.int16), members, np.ones(len(members), np.int64)


def _shared_caps(columns: Columns) -> Iterator[Pool]:
    for cap in sorted(columns.table.instance.shared_caps, key=lambda cap: cap.id):
        sharing = np.array([cap.id in unit.shared for unit in columns.table.units], bool)
        yield _pool(columns, cap.places, np.flatnonzero(sharing[columns.unit]))


def _kept_apart(columns: Columns) -> Iterator[Pool]:
    """Yield one place for each two needs kept apart and each service open to both."""
    position = {need.id: index for index, need in enumerate(columns.needs)}
    named = ((position[need.id], position[other]) for need in columns.needs for other in need.apart)
    pairs = {(min(pair), max(pair)) for pair in named}
    if not pairs:
        return
    services = sorted({unit.service for unit in columns.table.units})
    number = {service: index for index, service in enumerate(services)}
    service = np.array([number[unit.service] for unit in columns.table.units], np.int64)[columns.unit]
    for one, other in sorted(pairs):
        mine, theirs = np.flatnonzero(columns.need == one), np.flatnonzero(columns.need == other)
        for both in np.intersect1d(service[mine], service[theirs]):
            yield _pool(columns, 1, np.concatenate([mine[service[mine] == both], theirs[service[theirs] == both]]))


def _meeting_places(columns: Columns, active: Whole) -> Iterator[tuple[Whole, NDArray[np.int16]]]:
    """Yield the active columns of each `same` unit that may hold several, and its places by night."""
    for index, unit in enumerate(columns.table.units):
        if unit.gender == "same" and columns.table.free[index].max(initial=0) > 1:
            yield active[columns.unit[active] == index], columns.table.free[index]


def _never_meeting(columns: Columns) -> Iterator[Pool]:
    for here, _ in _meeting_places(columns, np.arange(len(columns))):
        yield _pool(columns, 1, here)


def _of_one_gender(columns: Columns, active: Whole) -> Iterator[Pool]:
    """Yield the pools that keep genders from meeting in `same` units; none where `gender_nights` says it instead."""
    if not said_in_rows(columns, active):
        return
    for here, free in _meeting_places(columns, active):
        need = columns.need[here]
        for places, takes in gender_rows(columns.needs, np.unique(need).tolist(), free):
            taken = np.array([takes.get(number, 0) for number in need.tolist()], np.int64)
            yield places, here[taken > 0], taken[taken > 0]


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
