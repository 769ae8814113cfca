"""Small numbers: what of a set of counts of people may leave the council, so that no count of 1 to 7 can be worked out.

The one answer for every table, file and page outside the operational roles. A count of 0 stays 0, one of 8 or more is
rounded to the nearest 5, and one of 1 to 7 is held back. Then further figures are held back, the smallest first, until
whoever knows the rule, all published figures and which of them add up to which cannot tell of any count of 1 to 7 that
it is below 8: the range that follows for it reaches 8 or more. Counts that are not published but follow from others
(the rest of a total, the people without a need, the year without its last quarter) are named as hidden and kept so too.

Rounding is what keeps two dates apart: where 10 becomes 15 between them, 1 to 9 people may have come.
(NHS England, disclosure control of Hospital Episode Statistics: 1 to 7 suppressed, others to the nearest 5.)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import lru_cache
from math import inf
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from placement.matching.solvers.ranges import Ranges

FEWEST = 8
"""The least count that may be told."""
STEP = 5
_AROUND = STEP // 2

_ENOUGH = FEWEST - 1e-6
Key = tuple[str, ...]
Sum = tuple[Key, tuple[Key, ...]]
"""A whole and its parts."""
Told = int | None
"""What is published of a count: None where it is held back."""
HELD_BACK = "fewer than 8, or held back"
MARK = "*"
MARK_MEANS = (
    "Counts are rounded to the nearest 5; * is a count from 1 to 7, or one held back so that nobody can work such a "
    "count out."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Counts of people, which of them add up to which (whole, parts), and those that are not to be published."""

    counts: Mapping[Key, int]
    sums: Sequence[Sum] = ()
    hidden: Set[Key] = field(default_factory=frozenset)


def protected(figures: Figures, *, by_day: bool = False) -> dict[Key, Told]:
    """Return what may be published of each count that is not hidden.

    `by_day`: the counts are told anew from day to day, so that none may be known so exactly that two days give away
    that few people came or went; what is told of a past that is over does not change.
    The same figures are worked out once: whoever asks again is told what was told before.

    Raises
    ------
    ValueError
        If the counts do not add up as the sums say, or a count is below 0.
    """
    _require_sums(figures)
    held = _held_back(tuple(figures.counts.items()), tuple(figures.sums), frozenset(figures.hidden), by_day)
    return {
        key: None if key in held else rounded(count)
        for key, count in figures.counts.items()
        if key not in figures.hidden
    }


def rounded(count: int) -> int:
    """Return a count to the nearest 5."""
    return STEP * ((count + _AROUND) // STEP)


def span_of(count: int) -> tuple[int, int]:
    """Return between which numbers a count lies for whoever reads that it is told, and how."""
    told = rounded(count)
    return (max(FEWEST, told - _AROUND), told + _AROUND) if told else (0, 0)


def spoken(told: Told) -> str:
    """Return a published count in words: “none”, “about 15”, or that it is held back."""
    if told is None:
        return HELD_BACK
    return f"about {told:,}" if told else "none"


@lru_cache(maxsize=64)
def _held_back(
    counts: tuple[tuple[Key, int], ...], sums: tuple[Sum, ...], hidden: frozenset[Key], by_day: bool
) -> frozenset[Key]:
    """Return the published figures that are held back.

    One small count after the other, until it may be 8 or more; those that could be before still can when more is held
    back, and many can be so together.
    """
    from placement.matching.solvers.ranges import Ranges, Tie  # here, because it loads OR-Tools

    keys, count = [key for key, _ in counts], dict(counts)
    number = {key: place for place, key in enumerate(keys)}
    small = {key for key in keys if 0 < count[key] < FEWEST}
    held = small - hidden
    bounds = [_bounds(count[key], is_told=key not in hidden, is_held=key in held) for key in keys]
    ties = [Tie(whole=number[whole], parts=tuple(number[part] for part in parts)) for whole, parts in sums]
    ranges = Ranges([low for low, _ in bounds], [high for _, high in bounds], ties)

    def hold_back(binding: Iterable[int]) -> None:
        """Hold back the smallest of the told figures, which loses least; 0 comes last, because to hold it surprises."""
        told = [keys[place] for place in binding if keys[place] not in hidden | held]
        key = min(told, key=lambda key: (count[key] == 0, count[key], key))
        held.add(key)
        ranges.bound(number[key], *_bounds(count[key], is_told=True, is_held=True))

    left = _below(ranges, [number[key] for key in keys if key in small])
    while left:
        reached = ranges.greatest(left[:1])
        if reached.values[left[0]] < _ENOUGH:
            hold_back(reached.binding)
        else:
            left = [place for place in left if reached.values[place] < _ENOUGH]
    for place in (number[key] for key in keys if by_day and count[key]):
        while binding := _narrowing(ranges, place):
            hold_back(binding)
    return frozenset(held)


def _narrowing(ranges: Ranges, place: int) -> set[int]:
    """Return the figures by which one is known to fewer than five values; none where it may be one of five.

    Of two days with five values each, the difference has nine: they cannot all lie from 1 to 7.
    """
    most, least = ranges.greatest([place]), ranges.least(place)
    if most.values[place] - least.values[place] > STEP - 1 - 1e-6:
        return set()
    return {*most.binding, *least.binding}


def _below(ranges: Ranges, places: list[int]) -> list[int]:
    """Return those that are not seen to be able to reach 8 when all of them are made as great as can be together."""
    together = True
    while places and together:
        reached = ranges.greatest(places)
        left = [place for place in places if reached.values[place] < _ENOUGH]
        together, places = len(left) < len(places), left
    return places


def _bounds(count: int, *, is_told: bool, is_held: bool) -> tuple[float, float]:
    """Return between which numbers a count lies for whoever reads what is told of it."""
    if not is_told:
        return 0, inf
    if is_held:
        return min(1, count), inf  # a mark is no 0, unless it had to stand for one
    return span_of(count)


def _require_sums(figures: Figures) -> None:
    if any(count < 0 for count in figures.counts.values()):
        raise ValueError("a count of people is below 0")
    for whole, parts in figures.sums:
        if figures.counts[whole] != sum(figures.counts[part] for part in parts):
            raise ValueError(f"{whole} is not the sum of its parts")
