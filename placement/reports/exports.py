"""Reports as CSV files that a spreadsheet opens rightly and cannot be tricked by.

UTF-8 with a byte-order mark, because Excel takes a file without one for Windows-1252. A text that a spreadsheet would
run as a formula gets an apostrophe before it (OWASP ASVS 5.0, 1.2.10); numbers stay numbers, so that they add up.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

Cell = str | int | float | date | None
# What a spreadsheet reads as the beginning of a formula, and the same behind apostrophes: so the guard can be undone.
_DANGEROUS = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")


@dataclass(frozen=True, slots=True)
class Column:
    """A heading and what stands under it for one row of a report."""

    heading: str
    value: Callable[[Any], Cell]


def csv_file(columns: Sequence[Column], rows: Iterable[Any], *, last_line: str) -> bytes:
    """Return a file with a heading, the rows, and a last line that says what they are and whose."""
    return csv_rows(columns, rows) + _line([guarded(last_line)]).encode()


def csv_rows(columns: Sequence[Column], rows: Iterable[Any]) -> bytes:
    """Return a file with a heading and the rows alone, which can be read back as it is."""
    lines = [_line([guarded(column.heading) for column in columns])]
    lines += [_line([guarded(column.value(row)) for column in columns]) for row in rows]
    return "".join(lines).encode("utf-8-sig")


def _line(cells: Sequence[str | int | float]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerow(cells)
    return text.getvalue()


def guarded(cell: Cell) -> str | int | float:
    """Return a cell as it is written; texts that begin like a formula get a leading apostrophe."""
    if cell is None:
        return ""
    if isinstance(cell, int | float):
        return cell
    text = cell.isoformat() if isinstance(cell, date) else cell
    return f"'{text}" if _DANGEROUS.match(text) else text
