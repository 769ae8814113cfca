"""A first plan without a solver: people in order of weight and waiting, each to the best place still free."""

from __future__ import annotations

import numpy as np

from placement.matching.table.arrays import Bools, Whole
from placement.matching.table.reduction import Part, Reduction
from placement.matching.table.rows import Rows


def greedy(reduction: Reduction, part: Part, former: Bools) -> Whole:
    """Return the positions in `part.active` that are chosen, ascending.

    What was chosen by a former plan (`former`, by column) goes before everything else.
    """
    columns, active = reduction.columns, part.active
    need, worth = columns.need[active], columns.values["placed"][active]
    left, entries, together = part.rows.places.copy(), Entries(part.rows, len(active)), part.gender_nights
    there: dict[int, int] = {}
    chosen: dict[int, int] = {}
    for position in np.lexsort((reduction.ranks[active], need, -worth, ~former[active])).tolist():
        number = int(need[position])
        if number in chosen or not entries.fit(position, left):
            continue
        gender, nights = (
            int(together.gender[position]),
            range(together.first[position], together.last[position]),
        )
        if all(there.get(slot, gender) == gender for slot in nights):
            entries.take(position, left)
            there |= dict.fromkeys(nights, gender)
            chosen[number] = position
    return np.array(sorted(chosen.values()), np.int64)


class Entries:
    """The entries of rows, found by column."""

    def __init__(self, rows: Rows, columns: int) -> None:
        order = np.argsort(rows.column, kind="stable")
        self._first, self._last, self._weight = rows.first[order], rows.last[order], rows.weight[order]
        self._cuts = np.searchsorted(rows.column[order], np.arange(columns + 1))

    def fit(self, column: int, left: Whole) -> bool:
        """Whether there is a place left for the column in all its rows."""
        return all(left[first:last].min() >= weight for first, last, weight in self._of(column))

    def take(self, column: int, left: Whole) -> None:
        """Take the places of the column."""
        for first, last, weight in self._of(column):
            left[first:last] -= weight

    def _of(self, column: int) -> list[tuple[int, int, int]]:
        here = slice(self._cuts[column], self._cuts[column + 1])
        fields = (self._first[here], self._last[here], self._weight[here])
        return list(zip(*(field.tolist() for field in fields), strict=True))
