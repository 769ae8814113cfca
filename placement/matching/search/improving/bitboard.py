"""Who is where, so that a move is judged in a few additions: the nights of a unit are fields of one long number.

A field counts how many places are taken, from so far below its highest bit that this bit says when there is one too
many. Whether a stay fits is one addition and one comparison, however long it is and whatever it weighs.
"""

from __future__ import annotations

import numpy as np

from placement.matching.search.open_columns import OpenColumns
from placement.matching.solvers.certificate import Certificate
from placement.matching.table.arrays import Whole
from placement.matching.table.components import components

NONE = -1


class Bitboard:
    """The columns that lose at most `reach` against the proof and add to the earlier tiers what is added now.

    Columns are numbered anew from 0; after the open ones (`columns`) come some that stand for being nowhere. Every
    column lies in one `block`: the pools and slots that columns tie together. Lists are by column, `near` (columns),
    `inside` (columns by block) and `at` (the one chosen) by need.
    """

    def __init__(self, open_columns: OpenColumns, proof: Certificate, best: Whole, *, reach: float) -> None:
        needs, need = np.unique(open_columns.need, return_inverse=True)
        chosen = np.full(len(needs), NONE)
        chosen[need[best]] = best
        near = proof.loss <= reach * proof.scale
        may_go = ~np.isin(needs, open_columns.must)
        for tier in open_columns.earlier:
            now = np.where(chosen == NONE, 0, tier.worth[chosen])
            near &= tier.worth == now[need]
            may_go &= now == 0
        near[best] = True
        self.columns = np.flatnonzero(near)
        away = np.flatnonzero(may_go | (chosen == NONE))
        self.need: list[int] = np.concatenate([need[self.columns], away]).tolist()
        self.worth: list[int] = [*open_columns.worth[self.columns].tolist(), *[0] * len(away)]
        number = np.full(len(open_columns.need) + 1, NONE)
        number[self.columns] = np.arange(len(self.columns))
        at = number[chosen]
        at[away] = np.where(chosen[away] == NONE, len(self.columns) + np.arange(len(away)), at[away])
        self.at: list[int] = at.tolist()
        self._lay_out(open_columns, number, len(away))
        self._list(len(needs))
        for column in self.at:
            self.put(column)

    def _lay_out(self, open_columns: OpenColumns, number: Whole, away: int) -> None:
        """Give every column its block and the numbers that say what it takes there."""
        rows, gender_nights, count = open_columns.rows, open_columns.gender_nights, len(self.columns)
        entry = np.flatnonzero((number[rows.column] != NONE) & (rows.first < rows.last))
        column = number[rows.column[entry]]
        pool = np.unique(rows.pool, return_inverse=True)[1]
        gender_nights = gender_nights.within(number[:-1] != NONE)
        slots = _runs(gender_nights.first, gender_nights.last)
        alone = np.flatnonzero(slots != NONE)
        pools = int(pool.max(initial=-1)) + 1
        ties = np.concatenate([pool[rows.first[entry]], pools + slots[alone]])
        owner = np.concatenate([column, alone])
        label = components(ties, owner, pools + int(slots.max(initial=-1)) + 1, count)
        block = np.full(count + away, len(label))
        block[owner] = label[ties]
        self.block: list[int] = block.tolist()
        self.taken, self.over = [0] * (len(label) + 1), [0] * (len(label) + 1)
        self.takes = [0] * (count + away)
        width = int(rows.places.max(initial=0) + rows.weight.max(initial=1)).bit_length() + 1
        shift, spare = self._fields(label[pool], rows.places, width), _Ones(width)
        entries = (rows.first[entry], rows.last[entry], rows.weight[entry])
        for one, first, last, weight in zip(column.tolist(), *(each.tolist() for each in entries), strict=True):
            self.takes[one] += weight * spare.many(last - first) << shift[first]
        self._mark(gender_nights.first, gender_nights.last, slots, label[pools:], away)
        kinds, gender = np.unique(gender_nights.gender, return_inverse=True)
        self.gender: list[int] = [*gender.tolist(), *[0] * away]
        self.there = [[0] * (len(label) + 1) for _ in range(len(kinds) + 1)]
        self.everyone = [0] * (len(label) + 1)

    def _fields(self, block: Whole, places: Whole, width: int) -> list[int]:
        """Lay the rows out block by block; return where the field of each row begins."""
        used = [0] * len(self.taken)
        shift = []
        highest = 1 << (width - 1)
        for where, free in zip(block.tolist(), places.tolist(), strict=True):
            shift.append(used[where])
            self.taken[where] += (highest - 1 - free) << used[where]
            self.over[where] += highest << used[where]
            used[where] += width
        return shift

    def _mark(self, first: Whole, last: Whole, run: Whole, block: Whole, away: int) -> None:
        """Say whom a column meets: a count of one in each of its slots, and all the bits of these."""
        begins = np.full(len(block), np.iinfo(np.int64).max)
        ends = np.zeros(len(block), np.int64)
        meets = np.flatnonzero(run != NONE)
        np.minimum.at(begins, run[meets], first[meets])
        np.maximum.at(ends, run[meets], last[meets])
        field = _side_by_side(block, ends - begins)
        width = len(self.at).bit_length()
        spare, bits = _Ones(width), (1 << width) - 1
        self.mark = [0] * (len(first) + away)
        where = field[run[meets]] + first[meets] - begins[run[meets]]
        for column, at, long in zip(meets.tolist(), where.tolist(), (last - first)[meets].tolist(), strict=True):
            self.mark[column] = spare.many(long) << at * width
        self.meets = [mark * bits for mark in self.mark]

    def _list(self, needs: int) -> None:
        self.near: list[list[int]] = [[] for _ in range(needs)]
        self.inside: list[dict[int, list[int]]] = [{} for _ in range(needs)]
        for column, need in enumerate(self.need):
            self.near[need].append(column)
            self.inside[need].setdefault(self.block[column], []).append(column)

    def put(self, column: int) -> None:
        """Let a column take what it takes."""
        block = self.block[column]
        self.taken[block] += self.takes[column]
        self.there[self.gender[column]][block] += self.mark[column]
        self.everyone[block] += self.mark[column]

    def out(self, column: int) -> None:
        """Let it give that back."""
        block = self.block[column]
        self.taken[block] -= self.takes[column]
        self.there[self.gender[column]][block] -= self.mark[column]
        self.everyone[block] -= self.mark[column]

    def fits(self, column: int) -> bool:
        """Whether there are places for it among those who are there, and nobody of another gender."""
        block = self.block[column]
        if (self.taken[block] + self.takes[column]) & self.over[block]:
            return False
        return not (self.everyone[block] - self.there[self.gender[column]][block]) & self.meets[column]

    def chosen(self, at: list[int]) -> Whole:
        """Return such a choice as positions among the open columns, ascending."""
        somewhere = np.array(at, np.int64)
        return np.sort(self.columns[somewhere[somewhere < len(self.columns)]])


class _Ones:
    """Numbers with a one in each of so many fields."""

    def __init__(self, width: int) -> None:
        self.width = width
        self.known = [0]

    def many(self, fields: int) -> int:
        while len(self.known) <= fields:
            self.known.append(self.known[-1] << self.width | 1)
        return self.known[fields]


def _runs(first: Whole, last: Whole) -> Whole:
    """Number the stretches of slots that the spans `[first, last)` cover together; an empty span has none."""
    run = np.full(len(first), NONE)
    covering = np.flatnonzero(first < last)
    order = covering[np.argsort(first[covering], kind="stable")]
    if len(order):
        reached = np.maximum.accumulate(last[order])[:-1]
        run[order] = np.cumsum(np.concatenate([[0], first[order][1:] >= reached]))
    return run


def _side_by_side(block: Whole, lengths: Whole) -> Whole:
    """Return where each thing begins when those of one block lie one after the other."""
    order = np.argsort(block, kind="stable")
    ends = np.cumsum(lengths[order])
    begins = np.empty_like(lengths)
    first = np.searchsorted(block[order], block[order])
    begins[order] = ends - lengths[order] - np.concatenate([[0], ends])[first]
    return begins
