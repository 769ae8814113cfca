"""Reports as CSV files that a spreadsheet opens rightly and cannot be tricked by (`placement/sheets`)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from placement.sheets.sheet import Cell
from placement.sheets.texts import csv_bytes, csv_line


@dataclass(frozen=True, slots=True)
class Column:
    """A heading and what stands under it for one row of a report."""

    heading: str
    value: Callable[[Any], Cell]


def csv_file(columns: Sequence[Column], rows: Iterable[Any], *, last_line: str) -> bytes:
    """Return a file with a heading, the rows, and a last line that says what they are and whose."""
    return csv_rows(columns, rows) + csv_line([last_line]).encode()


def csv_rows(columns: Sequence[Column], rows: Iterable[Any]) -> bytes:
    """Return a file with a heading and the rows alone, which can be read back as it is."""
    lines: list[Sequence[Cell]] = [[column.heading for column in columns]]
    lines += [[column.value(row) for column in columns] for row in rows]
    return csv_bytes(lines)
