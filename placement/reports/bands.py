"""At most five classes for a map of gaps, so that one hue can be told apart."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

MOST = 4  # beside the class for no gap


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """One class: its number (0 for no gap), the greatest gap in it, and its words for the legend."""

    number: int
    high: int
    label: str


def bands(gaps: Iterable[int]) -> tuple[Band, ...]:
    """Return the class for no gap and up to four equally wide classes that reach the greatest gap."""
    greatest = max([0, *gaps])
    width = max(1, -(-greatest // MOST))
    missing = [
        Band(number=place, high=low + width - 1, label=_label(low, low + width - 1))
        for place, low in enumerate(range(1, greatest + 1, width), start=1)
    ]
    return Band(number=0, high=0, label="No place missing"), *missing


def band_of(gap: int, known: Iterable[Band]) -> int:
    """Return the number of the class that a gap falls into."""
    return next(band.number for band in known if gap <= band.high)


def _label(low: int, high: int) -> str:
    if low == high:
        return f"{low} place{'' if low == 1 else 's'} missing"
    return f"{low} to {high} places missing"
