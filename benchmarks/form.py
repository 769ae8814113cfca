"""An instance without side rules as arrays in inventory form, to be handed through a file to any solver.

Variables: one a column, in [0, 1]; then the occupancy of each unit from each event night (a start or an end) to the
next, in [0, the fewest places free until then]. Rows: each need takes at most one column; each occupancy is the one
before it, plus those who start, minus those who leave. Written from the definition and not with the engine's rows, so
that the baseline leans on nothing that is being judged.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from placement.matching.judging.objectives import OBJECTIVES
from placement.matching.problem.instance import Instance
from placement.matching.table.columns import Columns, columns_of

Whole = NDArray[np.int64]


class SideRules(ValueError):
    """The inventory form says nothing of shared caps, of one gender at a time or of people kept apart."""


def write_form(instance: Instance, path: Path, *, with_tie: bool = True) -> tuple[int, int, int]:
    """Write the arrays and return the counts of columns, occupancies and needs. Raises SideRules."""
    if instance.shared_caps or any(u.gender == "same" for u in instance.units) or any(n.apart for n in instance.needs):
        raise SideRules("the inventory form has no side rules")
    columns = columns_of(instance)
    tiers = OBJECTIVES if with_tie else OBJECTIVES[:-1]
    worth = np.array([tier.sign * columns.value(tier.slug, np.arange(len(columns))) for tier in tiers])
    events, places = _events(columns)
    row, column, entry = _entries(columns, events)
    order = np.lexsort((row, column))
    needs, count = len(columns.needs), len(columns) + len(events)
    np.savez(
        path,
        worth=np.concatenate([worth, np.zeros((len(tiers), len(events)), np.int64)], axis=1).astype(np.float64),
        upper=np.concatenate([np.ones(len(columns)), places.astype(np.float64)]),
        row_lower=np.concatenate([np.full(needs, -np.inf), np.zeros(len(events))]),
        row_upper=np.concatenate([np.ones(needs), np.zeros(len(events))]),
        first=np.searchsorted(column[order], np.arange(count + 1)).astype(np.int32),
        row=row[order].astype(np.int32),
        entry=entry[order].astype(np.float64),
        columns=np.array(len(columns)),
    )
    return len(columns), len(events), needs


def _events(columns: Columns) -> tuple[Whole, Whole]:
    """Return the event nights as unit × width + night, ascending, and the fewest places from each to the next."""
    horizon = columns.table.horizon
    width = horizon + 1
    leaving = columns.end < horizon
    starts, ends = columns.unit * width + columns.start, (columns.unit * width + columns.end)[leaving]
    events = np.unique(np.concatenate([starts, ends]))
    if not len(events):
        return events, events
    free = columns.table.free.astype(np.int64)
    nights = events // width * horizon + events % width
    # The last stretch of a unit ends where the next unit begins.
    edges = np.unique(np.concatenate([nights, np.arange(len(free)) * horizon]))
    fewest = np.minimum.reduceat(free.ravel(), edges)
    return events, fewest[np.searchsorted(edges, nights)]


def _entries(columns: Columns, events: Whole) -> tuple[Whole, Whole, Whole]:
    """Return the rows, variables and values of all non-zeros; the rows of the needs come first."""
    width, count, needs = columns.table.horizon + 1, len(columns), len(columns.needs)
    every = np.arange(count)
    leaving = np.flatnonzero(columns.end < columns.table.horizon)
    starts = needs + np.searchsorted(events, columns.unit * width + columns.start)
    ends = needs + np.searchsorted(events, (columns.unit * width + columns.end)[leaving])
    here = np.arange(len(events))
    carried = here[1:][events[1:] // width == events[:-1] // width]
    row = np.concatenate([columns.need, starts, ends, needs + here, needs + carried])
    column = np.concatenate([every, every, leaving, count + here, count + carried - 1])
    sizes = [(count, 1), (count, -1), (len(leaving), 1), (len(here), 1), (len(carried), -1)]
    return row, column, np.concatenate([np.full(size, value) for size, value in sizes])
