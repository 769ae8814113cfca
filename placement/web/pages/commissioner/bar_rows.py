"""A column of a table as lying bars: whole units of a drawing, worked out here so that the template only writes them.

Colours and letters stand on the shapes, because a PDF takes no stylesheet for a drawing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from placement.sheets.sheet import Cell

STEP, TALL, NAMES, LONGEST, ROOM = 22, 14, 250, 340, 60
"""Units: from bar to bar, a bar's height, room for names, the longest bar, room for its number."""
MOST_LETTERS = 38


@dataclass(frozen=True, slots=True, kw_only=True)
class BarRow:
    """One bar: its name, where it stands, how long it is, and the number behind it; `length` None: held back."""

    name: str
    y: int
    text_y: int
    length: int | None
    end: int
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BarRows:
    """The whole drawing."""

    rows: tuple[BarRow, ...]
    height: int
    width: int = NAMES + LONGEST + ROOM
    names: int = NAMES
    bar: int = TALL


def bar_rows(rows: Sequence[Sequence[Cell]], column: int) -> BarRows:
    """Return a bar a row on one scale from 0; what is no number is held back and has none."""
    numbers = [row[column] for row in rows]
    greatest = max([1, *(number for number in numbers if isinstance(number, int))])
    drawn = tuple(
        _row(place, str(row[0]), number, int(greatest))
        for place, (row, number) in enumerate(zip(rows, numbers, strict=True))
    )
    return BarRows(rows=drawn, height=STEP * len(drawn) + 4)


def _row(place: int, name: str, number: Cell, greatest: int) -> BarRow:
    length = round(LONGEST * number / greatest) if isinstance(number, int) else None
    return BarRow(
        name=name if len(name) <= MOST_LETTERS else f"{name[: MOST_LETTERS - 1]}…",
        y=place * STEP + (STEP - TALL) // 2,
        text_y=place * STEP + STEP // 2 + 4,
        length=length,
        end=NAMES + (length or 0) + 6,
        words=f"{number:,}" if isinstance(number, int) else "held back",
    )
