"""At most five classes for a map of people, so that one hue can be told apart."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

MOST = 4  # beside the class for nobody


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """One class: its number (0 for nobody) and the least and the greatest number of people in it."""

    number: int
    low: int
    high: int


def bands(counts: Iterable[int]) -> tuple[Band, ...]:
    """Return the class for nobody and up to four equally wide classes that reach the greatest count."""
    greatest = max([0, *counts])
    width = max(1, -(-greatest // MOST))
    some = [
        Band(number=place, low=low, high=low + width - 1)
        for place, low in enumerate(range(1, greatest + 1, width), start=1)
    ]
    return Band(number=0, low=0, high=0), *some


def band_of(count: int, known: Iterable[Band]) -> int:
    """Return the number of the class that a count falls into."""
    return next(band.number for band in known if count <= band.high)
