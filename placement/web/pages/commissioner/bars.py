"""The trend as bars: whole units of a drawing, worked out here so that the template only writes them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from placement.reports.living_outside import QuarterOutside
from placement.reports.small_numbers import MARK

STEP, WIDE, TALL, TOP = 90, 50, 120, 16  # units: from bar to bar, a bar's width, the tallest bar, room for its number
LEAST = 12  # of a bar whose number is not told


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One quarter: where it stands and how tall it is, y growing downwards; not told: low and hatched."""

    label: str
    x: int
    middle: int
    words: str
    y: int
    height: int
    is_told: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Bars:
    """The whole drawing."""

    bars: tuple[Bar, ...]
    width: int
    height: int
    bar_width: int = WIDE
    base: int = TOP + TALL
    label_y: int = TOP + TALL + 15


def bars(trend: Sequence[QuarterOutside]) -> Bars:
    """Return a bar a quarter, all on one scale from 0."""
    greatest = max([1, *(row.outside or 0 for row in trend)])
    drawn = tuple(_bar(place, row, greatest) for place, row in enumerate(trend))
    return Bars(bars=drawn, width=STEP * len(drawn), height=TOP + TALL + 20)


def _bar(place: int, row: QuarterOutside, greatest: int) -> Bar:
    height = LEAST if row.outside is None else round(TALL * row.outside / greatest)
    return Bar(
        label=f"{row.quarter.start:%b %Y}",
        x=place * STEP + (STEP - WIDE) // 2,
        middle=place * STEP + STEP // 2,
        words=MARK if row.outside is None else str(row.outside),
        y=TOP + TALL - height,
        height=height,
        is_told=row.outside is not None,
    )
