"""The places that columns compete for, in one form: a pool has so many places a night and columns stay in it.

A unit is a pool; so is a shared cap, and so are the places that a unit has for crises. Two people to be kept apart
compete for one imaginary place in each service. In a `same` unit genders compete for imaginary places of which one
person may take several (see `gender_facets`). So every limit of a plan reads: in no pool, on no night, more taken than
places.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from placement.matching.table.arrays import Whole
from placement.matching.table.columns import Columns
from placement.matching.table.gender_facets import gender_rows
from placement.matching.table.gender_nights import meeting_places, said_in_rows
from placement.matching.table.units import by_night


@dataclass(frozen=True, slots=True, kw_only=True)
class Pools:
    """Which columns take how many places in which pools, by column, then pool; and the places by pool and night."""

    column: Whole
    pool: Whole
    weight: Whole
    places: NDArray[np.int16]


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
        self._plain = [*_shared_caps(columns), *_for_crises(columns), *_kept_apart(columns)]
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


def _one_place(columns: Columns, members: Whole) -> Pool:
    return np.ones(columns.table.horizon, np.int16), members, np.ones(len(members), np.int64)


def _shared_caps(columns: Columns) -> Iterator[Pool]:
    horizon = columns.table.horizon
    for cap in sorted(columns.table.instance.shared_caps, key=lambda cap: cap.id):
        sharing = np.array([cap.id in unit.shared for unit in columns.table.units], bool)
        members = np.flatnonzero(sharing[columns.unit])
        yield by_night(cap.spans(horizon), horizon), members, np.ones(len(members), np.int64)


def _for_crises(columns: Columns) -> Iterator[Pool]:
    """Yield the places for crises of each unit that has so many and no more."""
    unplanned = np.array([need.is_unplanned for need in columns.needs], bool)
    for index, left in columns.table.crisis_left.items():
        members = np.flatnonzero((columns.unit == index) & unplanned[columns.need])
        yield left, members, np.ones(len(members), np.int64)


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
            yield _one_place(columns, np.concatenate([mine[service[mine] == both], theirs[service[theirs] == both]]))


def _never_meeting(columns: Columns) -> Iterator[Pool]:
    for unit in np.flatnonzero(meeting_places(columns)):
        yield _one_place(columns, np.flatnonzero(columns.unit == unit))


def _of_one_gender(columns: Columns, active: Whole) -> Iterator[Pool]:
    """Yield the pools that keep genders from meeting in `same` units; none where `gender_nights` says it instead."""
    if not said_in_rows(columns, active):
        return
    for unit in np.flatnonzero(meeting_places(columns)):
        here = active[columns.unit[active] == unit]
        need = columns.need[here]
        for places, takes in gender_rows(columns.needs, np.unique(need).tolist(), columns.table.free[unit]):
            weights = np.zeros(len(columns.needs), np.int64)
            weights[list(takes)] = list(takes.values())
            taken = weights[need]
            yield places, here[taken > 0], taken[taken > 0]
