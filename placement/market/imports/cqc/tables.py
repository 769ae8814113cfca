"""A delimited text file → rows of cells, however it was saved. One broken line never costs another."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from placement.domain.errors import UnusableFile

_DELIMITERS = (",", ";", "\t", "|")
_LINES_A_RECORD = 25  # a cell may hold line breaks; a quote that is still open after so many is a stray one
_HEADER_WITHIN = 15  # some downloads begin with a few lines of explanation
_HEAD_CHARACTERS = 100_000
_BINARY = {
    b"PK": "a spreadsheet (.xlsx or .ods)",
    b"\xd0\xcf\x11\xe0": "an old spreadsheet (.xls)",
    b"%PDF": "a PDF",
    b"\x89PNG": "a picture",
    b"\x1f\x8b": "a compressed file",
}
TOO_MANY = "The row has more cells than the header, so its columns may have slipped"
BROKEN = "The row cannot be read as delimited text: a quote is not closed or a cell is far too long"

csv.field_size_limit(1_000_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One row: the number of the line on which it begins, and its cells; none with `fault` where it is broken."""

    line: int
    cells: tuple[str, ...]
    fault: str = ""


def decode(content: bytes) -> str:
    """Return a file's text: UTF-8 with or without a mark, UTF-16 with one, else Windows-1252, as older exports are."""
    for mark, what in _BINARY.items():
        if content.startswith(mark):
            raise UnusableFile(f"This is {what}. Save it as “CSV UTF-8 (comma delimited)” and import that")
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def records(text: str, delimiter: str, *, columns: int | None = None) -> Iterator[Record]:
    """Yield every row with anything in it. With `columns`, a longer row comes with its fault.

    A spreadsheet leaves out the blank cells at the end of a row, so a shorter row is filled up with them.
    """
    lines = re.split(r"\r\n|\n|\r", text.replace("\x00", ""))
    at = 0
    while at < len(lines):
        cells, used = _one(lines[at : at + _LINES_A_RECORD], delimiter)
        if cells is None or any(cell.strip() for cell in cells):
            yield _checked(at + 1, cells, columns)
        at += used


def find_header(text: str, wanted: frozenset[str]) -> tuple[str, Record] | None:
    """Return the delimiter and the row that has all the wanted columns, looking at the first rows only."""
    head = text[:_HEAD_CHARACTERS]
    for delimiter in _DELIMITERS:
        for record in islice(records(head, delimiter), _HEADER_WITHIN):
            if wanted <= {column_name(cell) for cell in record.cells}:
                return delimiter, record
    return None


@lru_cache(maxsize=2_000)
def column_name(cell: str) -> str:
    """Return a header's words for comparison: capitals, spaces and stray quotes do not count."""
    return " ".join(cell.replace("\ufeff", "").strip(' "').split()).casefold()


def _one(lines: Sequence[str], delimiter: str) -> tuple[list[str] | None, int]:
    """Return the first record of some lines and how many lines it takes; none for its cells if it is broken."""
    reader = csv.reader((line + "\n" for line in lines), delimiter=delimiter, strict=True)
    try:
        return next(reader, []), max(reader.line_num, 1)
    except csv.Error:
        return _forgiving(lines[0], delimiter), 1


def _forgiving(line: str, delimiter: str) -> list[str] | None:
    # Quotes in the middle of a name break the strict rules; alone on its line the row may still be whole. A quote that
    # is still open at the end of the line has swallowed the cells behind it, and the next line too.
    reader = csv.reader([line + "\n", "\n"], delimiter=delimiter)
    try:
        cells = next(reader, [])
    except csv.Error:
        return None
    return cells if reader.line_num == 1 else None


def _checked(line: int, cells: list[str] | None, columns: int | None) -> Record:
    if cells is None:
        return Record(line=line, cells=(), fault=BROKEN)
    if columns is None:
        return Record(line=line, cells=tuple(cells))
    while len(cells) > columns and not cells[-1].strip():
        cells.pop()
    cells += [""] * (columns - len(cells))
    return Record(line=line, cells=tuple(cells), fault=TOO_MANY if len(cells) > columns else "")
