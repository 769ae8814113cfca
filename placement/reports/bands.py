"""At most four classes for a map of people, with about as many areas in each, so that one hue can be told apart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

MOST = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """One class: its number (1 the lightest) and the least and the greatest number of people that fall into it."""

    number: int
    low: int
    high: int


def bands(counts: Iterable[int]) -> tuple[Band, ...]:
    """Return up to four classes of about as many counts each; equal counts are in one, and the last is the darkest."""
    ordered = sorted(counts)
    if not ordered:
        return ()
    lows = sorted({ordered[len(ordered) * part // MOST] for part in range(MOST)})
    classes = [[count for count in ordered if max(low for low in lows if low <= count) == each] for each in lows]
    return tuple(
        Band(number=MOST - len(lows) + place, low=some[0], high=some[-1]) for place, some in enumerate(classes, start=1)
    )


def band_of(count: int, known: Sequence[Band]) -> int:
    """Return the number of the class that a count falls into, of those from which the classes were made."""
    return next(band.number for band in known if count <= band.high)
