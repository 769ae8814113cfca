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

FEWEST = 8
"""The least count that may be told."""
STEP = 5
_AROUND = STEP // 2

Key = tuple[str, ...]
Told = int | None
"""What is published of a count: None where it is held back."""
HELD_BACK = "fewer than 8, or held back"
MARK = "*"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Counts of people, which of them add up to which (whole, parts), and those that are not to be published."""

    counts: Mapping[Key, int]
    sums: Sequence[tuple[Key, tuple[Key, ...]]] = ()
    hidden: Set[Key] = field(default_factory=frozenset)

    @property
    def small(self) -> list[Key]:
        """The counts that nobody may work out, published or not."""
        return [key for key, count in self.counts.items() if 0 < count < FEWEST]


def protected(figures: Figures) -> dict[Key, Told]:
    """Return what may be published of each count that is not hidden.

    Raises
    ------
    ValueError
        If the counts do not add up as the sums say, or a count is below 0.
    """
    _require_sums(figures)
    held = {key for key in figures.small if key not in figures.hidden}
    while binding := _given_away(figures, held):
        # The smallest loses least; of 0 nothing is lost, but it is said last, because to hold 0 back surprises.
        held.add(min(binding, key=lambda key: (figures.counts[key] == 0, figures.counts[key], key)))
    return {
        key: None if key in held else rounded(count)
        for key, count in figures.counts.items()
        if key not in figures.hidden
    }


def rounded(count: int) -> int:
    """Return a count to the nearest 5."""
    return STEP * ((count + _AROUND) // STEP)


def ranges_of(figures: Figures, told: Mapping[Key, Told]) -> dict[Key, tuple[int, int | None]]:
    """Return between which numbers each count lies for whoever reads what is told, before adding anything up."""
    return {key: _range(key, figures, told.get(key), is_told=key in told) for key in figures.counts}


def spoken(told: Told) -> str:
    """Return a published count in words: “none”, “about 15”, or that it is held back."""
    if told is None:
        return HELD_BACK
    return f"about {told:,}" if told else "none"


def _range(key: Key, figures: Figures, told: Told, *, is_told: bool) -> tuple[int, int | None]:
    if not is_told:
        return 0, None
    if told is None:
        return min(1, figures.counts[key]), None  # a mark is no 0, unless it had to stand for one
    return (max(FEWEST, told - _AROUND), told + _AROUND) if told else (0, 0)


def _given_away(figures: Figures, held: Set[Key]) -> list[Key]:
    """Return the published figures that keep some small count below 8; none where every one of them may be more."""
    from placement.matching.solvers.ranges import BEYOND, Ranges, Sum  # here, because it loads OR-Tools

    keys = list(figures.counts)
    number = {key: place for place, key in enumerate(keys)}
    told = {key: None if key in held else rounded(figures.counts[key]) for key in keys if key not in figures.hidden}
    known = ranges_of(figures, told)
    ranges = Ranges(
        [known[key][0] for key in keys],
        [BEYOND if (high := known[key][1]) is None else high for key in keys],
        [Sum(whole=number[whole], parts=tuple(number[part] for part in parts)) for whole, parts in figures.sums],
    )
    open_ = [number[key] for key in figures.small]
    together = True
    while open_:
        reached = ranges.greatest(open_ if together else open_[:1])
        left = [place for place in open_ if reached.values[place] < FEWEST - 1e-6]
        if not together and left[:1] == open_[:1]:
            return _binding(keys, reached.binding, told)
        together = together and len(left) < len(open_)
        open_ = left
    return []


def _binding(keys: Sequence[Key], binding: Iterable[int], told: Mapping[Key, Told]) -> list[Key]:
    return [keys[place] for place in binding if told.get(keys[place]) is not None]


def _require_sums(figures: Figures) -> None:
    if any(count < 0 for count in figures.counts.values()):
        raise ValueError("a count of people is below 0")
    for whole, parts in figures.sums:
        if figures.counts[whole] != sum(figures.counts[part] for part in parts):
            raise ValueError(f"{whole} is not the sum of its parts")
