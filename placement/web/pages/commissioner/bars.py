"""The trend as bars: whole units of a drawing, worked out here so that the template only writes them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from placement.reports.out_of_city import MonthShare

STEP, WIDE, TALL, TOP = 30, 20, 120, 16  # units: from bar to bar, a bar's width, the tallest bar, room for its number


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One month: where its two parts stand and how tall they are, y growing downwards."""

    label: str
    x: int
    middle: int
    out: int
    out_y: int
    choice_y: int
    choice_height: int
    other_y: int
    other_height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Bars:
    """The whole drawing."""

    bars: tuple[Bar, ...]
    width: int
    height: int
    bar_width: int = WIDE
    base: int = TOP + TALL
    label_y: int = TOP + TALL + 15


def bars(trend: Sequence[MonthShare]) -> Bars:
    """Return a bar a month, not by choice below and by choice above it; all on one scale from 0."""
    greatest = max([1, *(row.share.out for row in trend)])
    drawn = tuple(_bar(place, row, greatest) for place, row in enumerate(trend))
    return Bars(bars=drawn, width=STEP * len(drawn), height=TOP + TALL + 20)


def _bar(place: int, row: MonthShare, greatest: int) -> Bar:
    other, choice = (round(TALL * count / greatest) for count in (row.share.not_by_choice, row.share.by_choice))
    other_y = TOP + TALL - other
    return Bar(
        label=f"{row.month:%b}",
        x=place * STEP + (STEP - WIDE) // 2,
        middle=place * STEP + STEP // 2,
        out=row.share.out,
        out_y=other_y - choice - 4,
        choice_y=other_y - choice,
        choice_height=choice,
        other_y=other_y,
        other_height=other,
    )
