"""The cells of a national extract: its numbers, its words for admissions as they were sent, and its times."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from placement.domain.clocks import LONDON
from placement.domain.errors import Invalid
from placement.domain.text import readable
from placement.domain.tracker import BED_CATEGORIES
from placement.market.imports.vacancies.columns import counted, folded
from placement.market.imports.vacancies.tracker_columns import Places
from placement.records.tracker import ColumnMap
from placement.sheets.sheet import SheetRow

_EPOCH = datetime(1899, 12, 30)  # day 0 of Excel, which counts a 29 February 1900 that there was not
_FIRST, _LAST = 20_000, 100_000  # serials of this and the next centuries: 1954 to 2173
_PATTERNS = ("%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%d/%m/%Y")
UNKNOWN_CATEGORY = "“{said}” is none of the ten bed categories"
NOT_A_TIME = "Enter a time such as 2027-03-01 09:30"
FILL_IN = "Fill this in"


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackerEntry:
    """What a row says of one category of a home.

    `is_accepting` is None where the words for it are not known; `said` are they, as they were sent.
    """

    row: SheetRow
    category: str | None
    maximum: int
    occupied: int
    vacancies: int
    reserved: int | None
    closed: int
    is_accepting: bool | None
    said: str
    updated_at: datetime | None


def is_empty(row: SheetRow, places: Places) -> bool:
    """Return whether a row has no numbers of a category: a home does not have all ten."""
    return not any(cell_of(row, places, name) for name in ("maximum", "occupied", "vacancies"))


def entry_of(row: SheetRow, category: str | None, places: Places, words: ColumnMap) -> TrackerEntry:
    """Read what a row says of a category. Raises Invalid, naming the field."""
    named = cell_of(row, places, "category")
    if category is None and named:
        category = _category(named)
    numbers = {name: _number(row, places, name) for name in ("maximum", "occupied", "vacancies")}
    is_accepting, said = _admissions(row, places, words)
    return TrackerEntry(
        row=row,
        category=category,
        **numbers,
        reserved=_number(row, places, "reserved") if cell_of(row, places, "reserved") else None,
        closed=_number(row, places, "closed") if cell_of(row, places, "closed") else 0,
        is_accepting=is_accepting,
        said=said,
        updated_at=_updated(row, places),
    )


def cell_of(row: SheetRow, places: Places, name: str) -> str:
    """Return a cell without hidden characters, nothing where there is no such column."""
    place = places.get(name)
    return readable(row.cells[place]) if place is not None and place < len(row.cells) else ""


def instant_of(cell: str, *, is_local: bool) -> datetime:
    """Return the instant of an Excel serial or a written time. Raises Invalid."""
    found = _written(cell)
    if found.tzinfo is None:
        found = found.replace(tzinfo=LONDON if is_local else UTC)
    return found.astimezone(UTC)


def _written(cell: str) -> datetime:
    try:
        serial = float(cell)
    except ValueError:
        pass
    else:
        if not _FIRST <= serial <= _LAST:
            raise Invalid(NOT_A_TIME)
        return _EPOCH + timedelta(seconds=round(serial * 86_400))
    try:
        return datetime.fromisoformat(cell)
    except ValueError:
        for pattern in _PATTERNS:
            try:
                return datetime.strptime(cell, pattern)
            except ValueError:
                continue
    raise Invalid(NOT_A_TIME)


def _number(row: SheetRow, places: Places, name: str) -> int:
    cell = cell_of(row, places, name)
    if not cell:
        raise Invalid(FILL_IN, field=name)
    try:
        return counted(cell)
    except Invalid as error:
        raise Invalid(str(error), field=name) from error


def _category(said: str) -> str:
    for category, label in BED_CATEGORIES.items():
        if folded(said) in (folded(category), folded(label)):
            return category
    raise Invalid(UNKNOWN_CATEGORY.format(said=said[:60]), field="category")


def _admissions(row: SheetRow, places: Places, words: ColumnMap) -> tuple[bool | None, str]:
    """Return whether a home is open to admissions. Where its two columns differ it is closed; nothing is guessed."""
    said = [cell for name in ("admissions", "status") if (cell := cell_of(row, places, name))]
    known = [_is_accepting(each, words) for each in said]
    if False in known:
        return False, ", ".join(said)
    return (True if known and None not in known else None), ", ".join(said)


def _is_accepting(said: str, words: ColumnMap) -> bool | None:
    meant = folded(said)
    if meant in map(folded, words["closed_words"]):
        return False
    return True if meant in map(folded, words["accepting_words"]) else None


def _updated(row: SheetRow, places: Places) -> datetime | None:
    for name, is_local in (("updated_utc", False), ("updated_local", True)):
        if cell := cell_of(row, places, name):
            try:
                return instant_of(cell, is_local=is_local)
            except Invalid as error:
                raise Invalid(str(error), field=name) from error
    return None


def names_of(entries: Sequence[TrackerEntry]) -> str:
    """Return the categories of some entries in words."""
    return ", ".join(BED_CATEGORIES[each.category] for each in entries if each.category)
