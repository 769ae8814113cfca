"""A first plan without a solver: people in order of weight and waiting, each to the best place still free."""

from __future__ import annotations

import numpy as np

from placement.matching.candidates import Bools, Whole
from placement.matching.company import Company
from placement.matching.pools import Rows
from placement.matching.reduction import Part

Entry = tuple[int, int, int]


def greedy(part: Part, need: Whole, worth: Whole, ranks: Whole, former: Bools) -> Whole:
    """Return the positions in `part.active` that are chosen, ascending.

    `need`, `worth` of the need, `ranks` and `former` are by position; ranks order a need's columns best first. What was
    chosen by a former plan goes before everything else.
    """
    left = part.rows.places.copy()
    entries = entries_of(part.rows, len(need))
    slots, genders = slots_of(part.company), part.company.gender.tolist()
    there: dict[int, int] = {}
    chosen: dict[int, int] = {}
    for position in np.lexsort((ranks, need, -worth, ~former)).tolist():
        number = int(need[position])
        if number in chosen:
            continue
        gender, nights = genders[position], slots[position]
        if _fits(left, entries[position]) and all(there.get(slot, gender) == gender for slot in nights):
            _take(left, entries[position])
            there |= dict.fromkeys(nights, gender)
            chosen[number] = position
    return np.array(sorted(chosen.values()), np.int64)


def entries_of(rows: Rows, columns: int) -> list[list[Entry]]:
    """Return for each column its entries: first row, row after the last, places taken."""
    entries: list[list[Entry]] = [[] for _ in range(columns)]
    fields = (rows.column, rows.first, rows.last, rows.weight)
    for column, first, last, weight in zip(*(field.tolist() for field in fields), strict=True):
        entries[column].append((first, last, weight))
    return entries


def slots_of(company: Company) -> list[range]:
    """Return for each column the slots in which it may only meet its own gender."""
    return [range(first, last) for first, last in zip(company.first.tolist(), company.last.tolist(), strict=True)]


def _fits(left: Whole, spans: list[Entry]) -> bool:
    return all(left[first:last].min() >= weight for first, last, weight in spans)


def _take(left: Whole, spans: list[Entry]) -> None:
    for first, last, weight in spans:
        left[first:last] -= weight
