"""The nights of one unit in plain Python: how many places are free on which, and how long they stay so."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from placement.matching.problem.facts import Span, UnitFacts


def places_on(free: Iterable[Span], night: int) -> int:
    """Return how many places are free on a night; none where no span says so."""
    return next((places for start, end, places in free if start <= night < end), 0)


def left_for_crises(unit: UnitFacts, nights: int) -> tuple[Span, ...]:
    """Return how many of a unit's places for crises are left over a horizon; only of one that limits them."""
    cuts = sorted({0, nights, *(edge for stay in unit.crises for edge in stay)})
    taken = (sum(first <= start < last for first, last in unit.crises) for start in cuts)
    places = unit.crisis_places or 0
    return tuple(
        Span(start, end, max(0, places - used)) for (start, end), used in zip(pairwise(cuts), taken, strict=False)
    )


def places_by_night(free: Iterable[Span], nights: int) -> list[int]:
    """Return how many places are free on each of the nights 0 … `nights` − 1."""
    found = [0] * nights
    for start, end, places in free:
        found[start:end] = [places] * (end - start)
    return found


def runs_with_a_place(free: Iterable[Span]) -> list[tuple[int, int]]:
    """Return the longest runs of nights `[start, end)` on which a place is free; `free` is ordered."""
    runs: list[tuple[int, int]] = []
    for start, end, places in free:
        if places < 1:
            continue
        if runs and runs[-1][1] == start:
            runs[-1] = (runs[-1][0], end)
        else:
            runs.append((start, end))
    return runs
