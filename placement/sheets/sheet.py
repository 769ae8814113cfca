"""A table as it stands in a file: its headings, and the rows under them with their numbers in the file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from placement.domain.errors import UnusableFile
from placement.sheets.limits import (
    LONGEST_CELL,
    MOST_CHARACTERS,
    MOST_COLUMNS,
    MOST_ROWS,
    TOO_LARGE,
    TOO_LONG,
    TOO_MANY_COLUMNS,
    TOO_MANY_ROWS,
)

MEND = "what_to_mend"
"""The last column of a file of rows with problems: it is left out when that file comes back."""
Cell = str | int | float | date | None
"""What is written. What is read is text: 12 comes back as "12", 2027-03-01 as "2027-03-01", None as nothing."""


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row with something in it: its number in the file, counted from 1, and its cells."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A table. `format` is the slug of the format that it came in; a row may have fewer or more cells than headings."""

    format: str
    headings: tuple[str, ...]
    rows: tuple[SheetRow, ...]


class Gathering:
    """Takes row after row of a file, and refuses it as soon as there is too much of it."""

    def __init__(self) -> None:
        self._rows: list[SheetRow] = []
        self._left = MOST_CHARACTERS

    def take(self, number: int, cells: Sequence[str]) -> None:
        """Take a row; one without anything in it counts for nothing. Raises UnusableFile."""
        filled = len(cells)
        while filled and not cells[filled - 1].strip():
            filled -= 1
        if not filled:
            return
        if filled > MOST_COLUMNS:
            raise UnusableFile(TOO_MANY_COLUMNS, field="file")
        if any(len(cell) > LONGEST_CELL for cell in cells):
            raise UnusableFile(TOO_LONG.format(row=number), field="file")
        self._left -= sum(map(len, cells))
        if self._left < 0:
            raise UnusableFile(TOO_LARGE, field="file")
        if len(self._rows) > MOST_ROWS:  # the headings are one more
            raise UnusableFile(TOO_MANY_ROWS, field="file")
        self._rows.append(SheetRow(number, tuple(cells[:filled])))

    def sheet(self, slug: str) -> Sheet:
        """Return what was taken. Raises UnusableFile where that is nothing."""
        if not self._rows:
            raise UnusableFile("This file is empty. Choose another one.", field="file")
        headings, *rows = self._rows
        if not rows:
            raise UnusableFile("This file has no rows under its headings.", field="file")
        return Sheet(format=slug, headings=headings.cells, rows=tuple(rows))
