"""Workbooks of LibreOffice and others (OpenDocument 1.3, part 3): the first sheet, cell by cell as text."""

from __future__ import annotations

from placement.domain.errors import UnusableFile
from placement.sheets.limits import LONGEST_CELL, MOST_COLUMNS, TOO_LONG, TOO_MANY_COLUMNS
from placement.sheets.numbers import plain_number
from placement.sheets.packed import (
    A_FOLDER,
    ELSEWHERE,
    FORMULA,
    MACROS,
    PASSWORD,
    Attributes,
    Parts,
    XmlSteps,
    unpacking,
)
from placement.sheets.sheet import Gathering

_CELLS = {"table-cell", "covered-table-cell"}
_ELSEWHERE = {"table-source", "dde-source", "dde-link", "cell-range-source"}
_BESIDE = {"annotation", "frame", "shapes", "tracked-changes"}
_VALUES = {"float": "value", "percentage": "value", "currency": "value", "date": "date-value", "time": "time-value"}
_SIGNS = {"s": " ", "tab": "\t", "line-break": "\n"}


def read_ods(content: bytes, rows: Gathering) -> None:
    """Give the rows of the first sheet of a workbook. Raises UnusableFile, saying what to mend."""
    with unpacking(content) as packed:
        parts = Parts(packed)
        if "content.xml" not in parts:
            raise UnusableFile(A_FOLDER, field="file")
        if parts.any_in("basic/", "scripts/"):
            raise UnusableFile(MACROS, field="file")
        if "meta-inf/manifest.xml" in parts:
            parts.walk("meta-inf/manifest.xml", _Manifest())
        parts.walk("content.xml", _SheetSteps(rows))


class _Manifest(XmlSteps):
    def begin(self, name: str, attributes: Attributes) -> None:
        if name == "encryption-data":
            raise UnusableFile(PASSWORD, field="file")


class _SheetSteps(XmlSteps):
    """Walks through the first table. Whole rows and cells are often written once, with how often they are repeated."""

    def __init__(self, rows: Gathering) -> None:
        self._rows = rows
        self._tables = self._number = 0
        self._depth_beside = 0
        self._repeated_row = self._repeated_cell = 1
        self._cells: list[str] = []
        self._empty = 0  # cells that nothing has followed so far
        self._value: str | None = None
        self._pieces: list[str] | None = None  # of the cell at hand
        self._length = self._paragraphs = 0

    def begin(self, name: str, attributes: Attributes) -> None:
        if name in _ELSEWHERE:
            raise UnusableFile(ELSEWHERE, field="file")
        if self._depth_beside or name in _BESIDE:
            self._depth_beside += 1
        elif name == "table":
            self._tables += 1
        elif self._tables == 1:
            self._begin(name, attributes)

    def _begin(self, name: str, attributes: Attributes) -> None:
        if name == "table-row":
            self._repeated_row = _times(attributes.get("number-rows-repeated"))
            self._cells, self._empty = [], 0
        elif name in _CELLS:
            self._begin_cell(attributes)
        elif name == "p" and self._pieces is not None:
            self._paragraphs += 1
            if self._paragraphs > 1:
                self._say("\n")
        elif name in _SIGNS:
            times = _times(attributes.get("c")) if name == "s" else 1
            self._say(_SIGNS[name] * min(times, LONGEST_CELL + 1))

    def _begin_cell(self, attributes: Attributes) -> None:
        if "formula" in attributes:
            raise UnusableFile(FORMULA.format(row=self._number + 1), field="file")
        self._repeated_cell = _times(attributes.get("number-columns-repeated"))
        kind = attributes.get("value-type", "")
        self._value = attributes.get(_VALUES[kind]) if kind in _VALUES else attributes.get("string-value")
        if kind == "boolean":
            self._value = "yes" if attributes.get("boolean-value") == "true" else "no"
        elif self._value is not None and kind in ("float", "percentage", "currency"):
            self._value = plain_number(self._value)
        self._pieces, self._length, self._paragraphs = [], 0, 0

    def end(self, name: str) -> None:
        if self._depth_beside:
            self._depth_beside -= 1
        elif self._tables != 1:
            return
        elif name in _CELLS and self._pieces is not None:
            self._put("".join(self._pieces) if self._value is None else self._value)
            self._pieces = None
        elif name == "table-row":
            self._end_row()
        elif name == "table":
            self._tables = 2

    def text(self, words: str) -> None:
        if self._tables == 1 and self._paragraphs and not self._depth_beside:
            self._say(words)

    def _say(self, words: str) -> None:
        if self._pieces is not None and self._length <= LONGEST_CELL:
            self._pieces.append(words)
            self._length += len(words)

    def _put(self, value: str) -> None:
        if not value:
            self._empty += self._repeated_cell
            return
        if len(self._cells) + self._empty + self._repeated_cell > MOST_COLUMNS:
            raise UnusableFile(TOO_MANY_COLUMNS, field="file")
        if len(value) > LONGEST_CELL:
            raise UnusableFile(TOO_LONG.format(row=self._number + 1), field="file")
        self._cells += [""] * self._empty + [value] * self._repeated_cell
        self._empty = 0

    def _end_row(self) -> None:
        for number in range(self._number + 1, self._number + 1 + self._repeated_row if self._cells else 0):
            self._rows.take(number, self._cells)
        self._number += self._repeated_row


def _times(said: str | None) -> int:
    return int(said) if said and said.isdigit() and len(said) < 8 else 1
