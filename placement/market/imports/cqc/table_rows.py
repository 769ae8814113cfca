"""Rows of a delimited file, seen through a layout's column map."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from placement.market.imports.cqc import cells, terms
from placement.market.imports.cqc.layouts import Layout
from placement.market.imports.cqc.rows import Problem
from placement.market.imports.cqc.tables import Record, column_name, records

UNREAD = "“{}” cannot be read"
SOME_UNREAD = "“{}” has words that the CQC does not use, and they were left out: {}"
NONE_READ = "“{}” has no words that the CQC uses, and nothing was taken from it: {}"
_MOST_SHOWN = 120
_LINE = re.compile(r"[,\n\r]")
_DATES = ("registered_on", "deregistered_on", "published_on")


@dataclass(slots=True)
class TableRow:
    """One row: its filled cells by column name, each column as the file spells it, and what is wrong with cells."""

    line: int
    layout: Layout
    is_day_first: bool
    by_column: Mapping[str, str]
    spelt: Mapping[str, str]
    file: str = ""
    faults: list[str] = field(default_factory=list)

    def cell(self, name: str) -> str:
        """Return the cell for one of the layout's names; nothing if the layout or the file has no such column."""
        return self.by_column.get(column_name(self.layout.columns.get(name, "")), "")

    def value(self, name: str, read: Callable[[object], Any]) -> Any:
        """Return a cell's value; a cell that has something in it and gives no value is noted."""
        value = read(self.cell(name))
        if value is None and cells.text(self.cell(name)):
            self.faults.append(UNREAD.format(self.layout.columns[name]))
        return value

    def day(self, name: str) -> date | None:
        """Return the day in a cell."""
        found: date | None = self.value(name, lambda cell: cells.day(cell, is_day_first=self.is_day_first))
        return found

    def postcode(self) -> str:
        """Return the location's postcode, noting one that is malformed."""
        words = cells.postcode(self.cell("postcode"))
        if words and not cells.is_postcode(words):
            self.faults.append(f"“{self.layout.columns['postcode']}” is not a postcode")
        return words

    def identity(self, name: str) -> str:
        """Return the id in a cell, noting one that is none."""
        return self.value(name, lambda cell: cells.identity(cell) or None) or ""

    def types(self) -> terms.Types:
        """Return the service types, noting words that are none."""
        yes, unread = self._listed(self.layout.service_types)
        found = terms.service_types(yes)
        self._note_unread(self.layout.service_types, found.unread, any_read=bool(found.slugs or found.others))
        return replace(found, unread=tuple(sorted({*found.unread, *unread})))

    def bands(self) -> terms.Bands:
        """Return the service-user bands, noting words that are none."""
        yes, unread = self._listed(self.layout.bands)
        found = terms.bands(yes)
        self._note_unread(self.layout.bands, found.unread, any_read=len(found.unread) < len(yes))
        return replace(found, unread=tuple(sorted({*found.unread, *unread})))

    def is_social_care(self) -> bool | None:
        """Return whether the file counts the location as social care; none if it does not say, noting what it says."""
        said = {column: cells.text(self.by_column.get(column_name(column), "")) for column in self.layout.sector}
        found = terms.is_social_care(said.values())
        if found is None:
            self.faults += [UNREAD.format(column) for column, words in said.items() if words]
        return found

    def rating(self, column: str) -> str:
        """Return the words of a rating, noting words that are none."""
        words = cells.text(self.by_column.get(column_name(column), ""))
        if words and not terms.is_rating(words):
            self.faults.append(UNREAD.format(column))
            return ""
        return words

    def address(self) -> tuple[str, ...]:
        """Return the lines of the address, from the columns for lines or from one that holds all of it."""
        for columns in (self.layout.address, *((each,) for each in self.layout.whole_address)):
            filled = (self.by_column.get(column_name(column), "") for column in columns)
            if lines := cells.address(part for cell in filled for part in _LINE.split(cell)):
                return lines
        return ()

    def _listed(self, column: str) -> tuple[list[str], list[str]]:
        """Return the items of a list cell or, for a name that ends in `*`, the columns of that name that say yes.

        The second list holds the columns of that name that say neither yes nor no; each is noted.
        """
        if not column.endswith("*"):
            return terms.split_list(self.by_column.get(column_name(column), "")), []
        start = column_name(column[:-1])
        said = {name: cell for name, cell in self.by_column.items() if name.startswith(start) and cells.text(cell)}
        unread = [name for name, cell in said.items() if cells.flag(cell) is None]
        self.faults += [UNREAD.format(self.spelt[name]) for name in unread]
        yes = (name for name, cell in said.items() if cells.flag(cell))
        return [self.spelt[name][len(start) :].strip() for name in yes], [self.spelt[each] for each in unread]

    def _note_unread(self, column: str, words: tuple[str, ...], *, any_read: bool) -> None:
        if words:
            self.faults.append(unread_words(column, words, any_read=any_read))


def unread_words(column: str, words: Iterable[str], *, any_read: bool) -> str:
    """Return what to say of words of a list that nobody knows, according to whether others of it are known."""
    shown = ", ".join(f"“{each}”" for each in words)
    shown = shown if len(shown) <= _MOST_SHOWN else f"{shown[:_MOST_SHOWN]}…"
    return (SOME_UNREAD if any_read else NONE_READ).format(column.removesuffix("*").rstrip(" -"), shown)


def rows_below(
    header: Record, text: str, delimiter: str, layout: Layout, *, file: str
) -> tuple[list[TableRow], tuple[Problem, ...]]:
    """Return the readable rows below a header, and a problem for each that is not."""
    columns = _mapped_columns(header.cells, layout)
    filled: list[tuple[int, dict[str, str]]] = []
    problems: list[Problem] = []
    for record in records(text, delimiter, columns=len(header.cells)):
        if record.line <= header.line:
            continue
        if record.fault:
            problems.append(Problem(file=file, row=record.line, reason=record.fault))
        else:
            filled.append((record.line, _filled(record.cells, columns)))
    british = _is_day_first(layout, [by_column for _, by_column in filled])
    spelt = {column_name(name): " ".join(name.split()) for name in header.cells}
    rows = [
        TableRow(line=line, layout=layout, is_day_first=british, by_column=by_column, spelt=spelt, file=file)
        for line, by_column in filled
    ]
    return rows, tuple(problems)


def _mapped_columns(names: tuple[str, ...], layout: Layout) -> dict[int, str]:
    """Return the places of the columns that the layout maps; the others, names of people among them, are not read."""
    lists = (layout.service_types, layout.bands)
    address = (*layout.address, *layout.whole_address)
    whole = {*layout.columns.values(), *address, *layout.sector, *layout.ratings.values(), *lists}
    starts = tuple(column_name(each[:-1]) for each in lists if each.endswith("*")) or ("\x00",)
    mapped = set(map(column_name, whole))
    folded = enumerate(map(column_name, names))
    return {place: name for place, name in folded if name in mapped or name.startswith(starts)}


def _filled(row: tuple[str, ...], columns: Mapping[int, str]) -> dict[str, str]:
    # Most of HSCA's 122 columns are blank in any row; over 50,000 rows only what is filled may be kept.
    return {name: row[place] for place, name in columns.items() if row[place]}


def _is_day_first(layout: Layout, rows: list[dict[str, str]]) -> bool:
    names = [column_name(layout.columns[each]) for each in _DATES if each in layout.columns]
    dates = (row.get(name, "") for row in rows for name in names)
    return cells.is_day_first(dates, default=layout.is_day_first)
