"""Dropping columns that some optimal plan does without, and telling apart the parts that cannot interact.

A column is dropped when the same need has one that ranks above it over all objectives and takes no row that it does
not take: putting the better one in its place is always possible and always better.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from placement.matching.candidates import Bools, Whole
from placement.matching.columns import SUMMED, Columns
from placement.matching.company import Company, company_of
from placement.matching.objectives import OBJECTIVES
from placement.matching.pools import PoolBook, Rows, rows_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Active columns (ascending positions), the rows they compete for and the company they may keep; nothing outside
    competes for these."""

    active: Whole
    rows: Rows
    company: Company


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


def reduced(columns: Columns, book: PoolBook, ranks: Whole, active: Whole) -> Whole:
    """Drop columns until none can be: fewer columns let fewer rows run short, which makes more columns alike."""
    while True:
        rows = rows_of(book.outline, columns, active)
        keep = _undominated(rows, columns.need[active], columns.unit[active], ranks[active])
        if keep.all():
            return active
        active = active[keep]


def part_of(columns: Columns, book: PoolBook, active: Whole) -> Part:
    """Return these columns with the rows that they really compete for."""
    rows = rows_of(book.detail(active), columns, active)
    return Part(active=active, rows=rows, company=company_of(columns, active))


def _undominated(rows: Rows, need: Whole, unit: Whole, rank: Whole) -> Bools:
    keep = np.ones(len(need), bool)
    if not len(need):
        return keep
    entries = np.bincount(rows.column, minlength=len(need))
    unrivalled = np.full(int(need.max()) + 1, np.iinfo(np.int64).max)
    np.minimum.at(unrivalled, need[entries == 0], rank[entries == 0])
    keep &= rank <= unrivalled[need]
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


def parts_of(columns: Columns, book: PoolBook, active: Whole) -> list[Part]:
    """Return the parts that share no row and no need, in the order of their first needs."""
    label = _labels(columns.need[active], rows_of(book.outline, columns, active))
    return [part_of(columns, book, active[label == name]) for name in np.unique(label)]


def _labels(need: Whole, rows: Rows) -> Whole:
    """Return for each active column the least need that it is linked with through rows."""
    label = np.arange(int(need.max(initial=-1)) + 1)
    pools, pool = np.unique(rows.pool[rows.first], return_inverse=True)
    linked = need[rows.column]
    while True:
        lowest = np.full(len(pools), len(label))
        np.minimum.at(lowest, pool, label[linked])
        spread = label.copy()
        np.minimum.at(spread, linked, lowest[pool])
        spread = np.minimum(spread, spread[spread])
        if (spread == label).all():
            return np.asarray(label[need])
        label = spread
