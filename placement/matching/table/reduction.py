"""Dropping columns that some optimal plan does without, and telling apart the parts that cannot interact.

A column is dropped when the same need has one that ranks above it over all objectives and takes no row that it does
not take: putting the better one in its place is always possible and always better.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from placement.matching.judging.objectives import OBJECTIVES
from placement.matching.table.arrays import Bools, Whole
from placement.matching.table.columns import SUMMED, Columns
from placement.matching.table.components import components
from placement.matching.table.gender_nights import GenderNights, gender_nights_of
from placement.matching.table.pools import PoolBook
from placement.matching.table.rows import Rows, rows_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Active columns (ascending positions), the rows they compete for and whose gender they may meet; nothing outside
    competes for these. `links`: the series, by position, whose stays are among them."""

    active: Whole
    rows: Rows
    gender_nights: GenderNights
    links: Whole

    @property
    def is_transport(self) -> bool:
        """Whether every column competes for one place in at most one row, and for nothing else."""
        once = bool((np.bincount(self.rows.column, minlength=len(self.active)) <= 1).all())
        single = bool((self.rows.last - self.rows.first == 1).all()) and bool((self.rows.weight == 1).all())
        return once and single and not self.gender_nights.binds and not len(self.links)


def ranks_of(columns: Columns) -> Whole:
    """Return each column's position in the order by need, then best first over all objectives.

    The lot of the last tier is hashed only for columns that are alike in all others.
    """
    signed = [_signed(columns, slug) for slug in SUMMED]
    order = np.lexsort((*reversed(signed), columns.need))
    alike = np.ones(max(0, len(order) - 1), bool)
    for key in (columns.need, *signed):
        alike &= key[order][1:] == key[order][:-1]
    tied = np.zeros(len(order), bool)
    tied[1:] |= alike
    tied[:-1] |= alike
    lots = np.zeros(len(order), np.int64)
    lots[order[tied]] = columns.value("tie", order[tied])
    order = np.lexsort((lots, *reversed(signed), columns.need))
    ranks = np.empty(len(order), np.int64)
    ranks[order] = np.arange(len(order))
    return ranks


def _signed(columns: Columns, slug: str) -> Whole:
    """Return the values of an objective with the best ones lowest."""
    sign = next(objective.sign for objective in OBJECTIVES if objective.slug == slug)
    return np.asarray(-sign * columns.values[slug])


class Reduction:
    """The columns of an instance with what they compete for: what can be left out, and what can be told apart."""

    def __init__(self, columns: Columns) -> None:
        self.columns = columns
        self.book = PoolBook(columns)
        self.link = columns.link

    @cached_property
    def ranks(self) -> Whole:
        """Each column's position in the order by need, then best first."""
        return ranks_of(self.columns)

    def parts(self) -> list[Part]:
        """Return the parts that share no row and no need, in the order of their first needs.

        A transport is one part with all its columns: a flow takes it whole sooner than it could be taken apart.
        """
        every = np.arange(len(self.columns))
        if self.book.is_exact:
            whole = self._part(every, rows_of(self.book.outline, self.columns, every))
            if whole.is_transport:
                return [whole] if len(every) else []
        active = self.reduced(every)
        label = _linked(self.columns.need[active], rows_of(self.book.outline, self.columns, active), self.link)
        return [self.part(active[label == name]) for name in np.unique(label)]

    def narrowed(self, active: Whole) -> Part:
        """Return the part that is left of these columns without those that some optimal plan does without."""
        return self.part(self.reduced(active))

    def reduced(self, active: Whole) -> Whole:
        """Drop columns until none can be: fewer columns let fewer rows run short, which makes more columns alike."""
        while True:
            rows = rows_of(self.book.outline, self.columns, active)
            need = self.columns.need[active]
            keep = _undominated(rows, need, self.columns.unit[active], self.ranks[active], self.link[need] >= 0)
            if keep.all():
                return active
            active = active[keep]

    def part(self, active: Whole) -> Part:
        """Return these columns with the rows that they really compete for."""
        return self._part(active, rows_of(self.book.detail(active), self.columns, active))

    def _part(self, active: Whole, rows: Rows) -> Part:
        links = np.unique(self.link[self.columns.need[active]])
        gender_nights = gender_nights_of(self.columns, active)
        return Part(active=active, rows=rows, gender_nights=gender_nights, links=links[links >= 0])


def _undominated(rows: Rows, need: Whole, unit: Whole, rank: Whole, in_series: Bools) -> Bools:
    """Return the columns to keep. Of a series another unit is no substitute: it may be where the other stays are."""
    keep = np.ones(len(need), bool)
    if not len(need):
        return keep
    entries = np.bincount(rows.column, minlength=len(need))
    unrivalled = np.full(int(need.max()) + 1, np.iinfo(np.int64).max)
    np.minimum.at(unrivalled, need[entries == 0], rank[entries == 0])
    keep &= (rank <= unrivalled[need]) | in_series
    spans = _spans(rows, entries)
    order = np.lexsort((rank, *spans, unit, need))
    alike = np.ones(len(order) - 1, bool)
    for key in (need, unit, *spans):
        alike &= key[order][1:] == key[order][:-1]
    keep[order[1:][alike]] = False
    return keep


def _spans(rows: Rows, entries: Whole) -> list[Whole]:
    """Return, for the first, second, … entry of each column, one number that stands for its rows (−1: no entry)."""
    order = np.argsort(rows.column, kind="stable")
    column = rows.column[order]
    code = rows.first[order] * (len(rows) + 1) + rows.last[order]
    nth = np.arange(len(column)) - (np.cumsum(entries) - entries)[column]
    spans = []
    for slot in range(int(entries.max(initial=0))):
        span = np.full(len(entries), -1, np.int64)
        span[column[nth == slot]] = code[nth == slot]
        spans.append(span)
    return spans


def _linked(need: Whole, rows: Rows, link: Whole) -> Whole:
    """Return for each active column the least need that it is linked with through rows or as a stay of one series."""
    pools, pool = np.unique(rows.pool[rows.first], return_inverse=True)
    needs = int(need.max(initial=-1)) + 1
    stays = np.flatnonzero(link[:needs] >= 0)
    ties, owner = np.concatenate([need[rows.column], stays]), np.concatenate([pool, len(pools) + link[stays]])
    return np.asarray(components(ties, owner, needs, len(pools) + int(link.max(initial=-1)) + 1)[need])
