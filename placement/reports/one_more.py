"""What more places would have been used for by people who had none: exact, from the nights that they wanted.

A place serves one person a night, and a stay is not broken. This says how much use there would have been for a place
that all of them could take; which place gives most to the city as a whole, the matcher says (`flask match value`).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping

from placement.domain.periods import Period

Nights = tuple[int, int]
"""First night and end, counted from the first night of a span."""


def within(stays: Mapping[int, Period], span: Period) -> dict[int, Nights]:
    """Return the stays of people cut to a span; whoever has no night in it is left out."""
    horizon = span.nights or 0
    cut = {person: stay.counted_from(span.start, horizon) for person, stay in stays.items()}
    return {person: nights for person, nights in cut.items() if nights}


def nights_used(stays: Iterable[Nights]) -> int:
    """Return on how many nights one more place would have been used at most (weighted interval scheduling)."""
    ordered = sorted(stays, key=lambda stay: stay[1])
    ends = [end for _, end in ordered]
    best = [0]
    for number, (start, end) in enumerate(ordered):
        before = bisect_right(ends, start, 0, number)
        best.append(max(best[-1], best[before] + end - start))
    return best[-1]


def served(stays: Mapping[int, Nights], places: int) -> set[int]:
    """Return whom so many more places would have served: as many people as can be.

    Who leaves first comes first, into the place that has been empty for the shortest time (Faigle and Nawijn, 1995).
    """
    free = [0] * places
    found = set()
    for person, (start, end) in sorted(stays.items(), key=lambda each: (each[1][1], each[1][0], each[0])):
        empty = [number for number, since in enumerate(free) if since <= start]
        if empty:
            free[max(empty, key=lambda number: free[number])] = end
            found.add(person)
    return found
