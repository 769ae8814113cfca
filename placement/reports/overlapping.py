"""Groups of people that overlap in any way, as filters that are combined make them: which of their counts may be told.

The other half of `small_numbers`, whose rule it keeps: 8 or more is rounded to the nearest 5, and whoever knows every
figure that is told of the same people cannot tell of any 1 to 7 of them that they are fewer than 8. What is not told is
fewer than 8, none included, or held back, so that a mark says nothing at all; groups need not add up to one another.

People whom no figure tells apart are one unknown count. Of each it is asked how great it could be, given all that is
told: a linear program. Where that is below 8, the smallest figure that holds it down is held back, until there is none.
Whatever group of people is looked for, one of these unknown counts is in it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from placement.reports.small_numbers import FEWEST, STEP, Key, Told, rounded, span_of

if TYPE_CHECKING:
    from placement.matching.solvers.ranges import Reached, Unknowns

Group = frozenset[int]
_ENOUGH = FEWEST - 1e-6
_APART = STEP - 1 - 1e-6
_FEW = 3  # that many at a time are not worth asking for together


def told_together(groups: Mapping[Key, Group], *, by_day: bool = False) -> dict[Key, Told]:
    """Return what may be told of each group, all of them being told at once.

    `by_day`: the groups are told anew from day to day; as in `small_numbers.protected`.
    """
    kept = _kept(frozenset(group for group in groups.values() if len(group) >= FEWEST), by_day)
    return {key: rounded(len(group)) if group in kept else None for key, group in groups.items()}


@lru_cache(maxsize=32)
def _kept(groups: frozenset[Group], by_day: bool) -> frozenset[Group]:
    rows = _plain(sorted(groups, key=lambda group: (-len(group), sorted(group))))
    return frozenset(_Audit(rows).kept(by_day=by_day)) if rows else frozenset()


def _plain(groups: Iterable[Group]) -> list[Group]:
    """Return the groups less those whose count would give away, beside a greater one, that few are in that alone.

    The audit would hold them back too, one after the other.
    """
    kept: list[Group] = []
    for group in groups:
        least, _ = span_of(len(group))
        if not any(span_of(len(other))[1] - least < FEWEST and group < other for other in kept):
            kept.append(group)
    return kept


class _Audit:
    """What whoever reads the counts of some groups, the greatest first, can work out of those in them."""

    def __init__(self, groups: Sequence[Group]) -> None:
        from placement.matching.solvers.ranges import Between, Unknowns  # here, because it loads OR-Tools

        self._groups = groups
        among: dict[int, list[int]] = {}
        for row, group in enumerate(groups):
            for one in group:
                among.setdefault(one, []).append(row)
        self._counts = Counter(tuple(rows) for rows in among.values())
        self._cells = list(self._counts)
        self._of: list[list[int]] = [[] for _ in groups]
        for cell, rows in enumerate(self._cells):
            for row in rows:
                self._of[row].append(cell)
        spans = [span_of(len(group)) for group in groups]
        sums = [
            Between(counts=tuple(cells), low=low, high=high) for cells, (low, high) in zip(self._of, spans, strict=True)
        ]
        self._unknowns: Unknowns = Unknowns(len(self._cells), sums)
        self._held: set[int] = set()

    def kept(self, *, by_day: bool) -> list[Group]:
        """Return the groups that may be told."""
        left = {cell for cell, rows in enumerate(self._cells) if self._counts[rows] < FEWEST}
        while left:
            small = self._below(left, self._unknowns.greatest(sorted(left), most=FEWEST))
            left = small if len(left) >= len(small) + _FEW else self._freed(small)
        for row in range(len(self._groups)) if by_day else ():
            while row not in self._held and (binding := self._narrowing(row)):
                self._hold_back(binding)
        return [group for row, group in enumerate(self._groups) if row not in self._held]

    def _freed(self, left: set[int]) -> set[int]:
        """Hold figures back until the first of some unknown counts can reach 8; return those that are still too few."""
        if not left:
            return left
        first = min(left)
        while (reached := self._unknowns.greatest([first])).values[first] < _ENOUGH:
            self._hold_back(reached.binding)
        return self._below(left, reached)

    def _narrowing(self, row: int) -> set[int]:
        """Return what leaves fewer than five values to a figure, as `small_numbers` does."""
        most, least = (ask(self._of[row]) for ask in (self._unknowns.greatest, self._unknowns.least))
        high, low = (sum(reached.values[cell] for cell in self._of[row]) for reached in (most, least))
        return set() if high - low > _APART else {*most.binding, *least.binding}

    def _hold_back(self, binding: Iterable[int]) -> None:
        smallest = max(row for row in binding if row not in self._held)
        self._held.add(smallest)
        self._unknowns.forget(smallest)

    @staticmethod
    def _below(cells: set[int], reached: Reached) -> set[int]:
        return {cell for cell in cells if reached.values[cell] < _ENOUGH}
