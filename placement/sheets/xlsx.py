"""Workbooks of Excel (ECMA-376, SpreadsheetML): the first sheet, cell by cell as text."""

from __future__ import annotations

import posixpath
import re

from placement.domain.errors import UnusableFile
from placement.sheets.limits import LONGEST_CELL, MOST_COLUMNS, TOO_LONG, TOO_MANY_COLUMNS
from placement.sheets.numbers import plain_number
from placement.sheets.packed import A_FOLDER, BROKEN, ELSEWHERE, FORMULA, MACROS, Attributes, Parts, XmlSteps, unpacking
from placement.sheets.sheet import Gathering

_REFERENCE = re.compile(r"([A-Z]{1,3})\d{1,7}", re.ASCII)
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


def read_xlsx(content: bytes, rows: Gathering) -> None:
    """Give the rows of the first sheet of a workbook. Raises UnusableFile, saying what to mend."""
    with unpacking(content) as packed:
        parts = Parts(packed)
        if "xl/workbook.xml" not in parts:
            raise UnusableFile(A_FOLDER, field="file")
        if parts.any_in("xl/vbaproject", "xl/macrosheets"):
            raise UnusableFile(MACROS, field="file")
        if parts.any_in("xl/externallinks", "xl/connections", "xl/querytables"):
            raise UnusableFile(ELSEWHERE, field="file")
        path = _first_sheet(parts)
        words = _SharedWords()
        if "xl/sharedstrings.xml" in parts:
            parts.walk("xl/sharedstrings.xml", words)
        parts.walk(path, _SheetSteps(words.found, rows))


def unescaped(text: str) -> str:
    """Return a text of a workbook as it was: what XML cannot hold, and the sign of that itself, is written _x000D_."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def column_of(reference: str) -> int:
    """Return the place of a cell such as C7 in its row, from 0. Raises UnusableFile for what is no reference."""
    found = _REFERENCE.fullmatch(reference)
    if not found:
        raise UnusableFile(BROKEN, field="file")
    place = 0
    for letter in found[1]:
        place = place * 26 + ord(letter) - ord("A") + 1
    return place - 1


def _first_sheet(parts: Parts) -> str:
    sheets, relations = _Sheets(), _Relations()
    parts.walk("xl/workbook.xml", sheets)
    parts.walk("xl/_rels/workbook.xml.rels", relations)
    target = next((relations.found[each] for each in sheets.found if each in relations.found), None)
    if target is None:
        raise UnusableFile(BROKEN, field="file")
    return target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")


class _Sheets(XmlSteps):
    """The relations of the sheets that somebody sees, in their order."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def begin(self, name: str, attributes: Attributes) -> None:
        if name == "sheet" and attributes.get("state", "visible") == "visible":
            self.found.append(attributes.get("id", ""))


class _Relations(XmlSteps):
    def __init__(self) -> None:
        self.found: dict[str, str] = {}

    def begin(self, name: str, attributes: Attributes) -> None:
        if name == "Relationship" and attributes.get("Type", "").endswith("/worksheet"):
            self.found[attributes.get("Id", "")] = attributes.get("Target", "")


class _Words(XmlSteps):
    """Gathers the text of one cell: of rich text every run, and nothing of how it is pronounced."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._length = 0
        self._is_said = self._is_beside = False

    def words_begin(self, name: str) -> None:
        """Come to an element within a text."""
        self._is_beside = self._is_beside or name == "rPh"
        self._is_said = name == "t" and not self._is_beside

    def words_end(self, name: str) -> None:
        """Leave one."""
        self._is_said = False
        self._is_beside = self._is_beside and name != "rPh"

    def text(self, words: str) -> None:
        if self._is_said and self._length <= LONGEST_CELL:
            self._pieces.append(words)
            self._length += len(words)

    def told(self) -> str:
        """Return the text, and begin with the next."""
        words = unescaped("".join(self._pieces))
        self._pieces.clear()
        self._length = 0
        return words


class _SharedWords(_Words):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def begin(self, name: str, attributes: Attributes) -> None:
        self.words_begin(name)

    def end(self, name: str) -> None:
        self.words_end(name)
        if name == "si":
            self.found.append(self.told())


class _SheetSteps(_Words):
    def __init__(self, shared: list[str], rows: Gathering) -> None:
        super().__init__()
        self._shared, self._rows = shared, rows
        self._number, self._cells, self._place, self._kind = 0, [""], 0, "n"

    def begin(self, name: str, attributes: Attributes) -> None:
        if name == "row":
            given = attributes.get("r", "")
            self._number = int(given) if given.isdigit() and len(given) < 8 else self._number + 1
            self._cells, self._place = [], -1
        elif name == "c":
            self._place = column_of(attributes["r"]) if "r" in attributes else self._place + 1
            self._kind = attributes.get("t", "n")
        elif name == "f":
            raise UnusableFile(FORMULA.format(row=self._number), field="file")
        elif name == "v":
            self._is_said = True
        else:
            self.words_begin(name)

    def end(self, name: str) -> None:
        self.words_end(name)
        if name == "c":
            self._put(self._value(self.told()))
        elif name == "row":
            self._rows.take(self._number, self._cells)

    def _put(self, value: str) -> None:
        if not value:
            return
        if self._place >= MOST_COLUMNS:
            raise UnusableFile(TOO_MANY_COLUMNS, field="file")
        if len(value) > LONGEST_CELL:
            raise UnusableFile(TOO_LONG.format(row=self._number), field="file")
        self._cells += [""] * (self._place + 1 - len(self._cells))
        self._cells[self._place] = value

    def _value(self, said: str) -> str:
        if self._kind == "s":
            if not (said.isdigit() and len(said) < 8 and int(said) < len(self._shared)):
                raise UnusableFile(BROKEN, field="file")
            return self._shared[int(said)]
        if self._kind == "b":
            return "yes" if said == "1" else "no"
        return plain_number(said) if self._kind == "n" else said
