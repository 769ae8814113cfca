"""One cell → one value. A cell that cannot be read gives none, and says so where that matters."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime

from placement.domain.text import readable
from placement.domain.typed import whole_number
from placement.geography.errors import MalformedPostcode
from placement.geography.postcodes import normalise

_ID = re.compile(r"\d{1,2}-\d{4,14}|[A-Z0-9]{3,9}", re.ASCII)  # 1-123456789, or an NHS code such as RWDDA
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ].*)?", re.ASCII)
_SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(?:\s.*)?", re.ASCII)
_WHOLE_DECIMAL = re.compile(r"\.0+$", re.ASCII)  # a spreadsheet writes 12 as 12.0
MOST_COUNTED = 999_999
_BLANK = frozenset({"", "-", "–", "n/a", "na", "null", "none", "nan"})
_YES = {"y": True, "yes": True, "true": True, "1": True, "n": False, "no": False, "false": False, "0": False}
LONGEST = 500  # no name or line of an address is longer; a longer cell is a broken file's


def text(cell: object) -> str:
    """Return a cell's words with single spaces, no hidden characters and no pair of quotes around them."""
    if not isinstance(cell, str | int | float) or isinstance(cell, bool):
        return ""
    words = readable(str(cell))
    if len(words) > 1 and words[0] == words[-1] == '"' and '"' not in words[1:-1]:
        words = words[1:-1].strip()
    return "" if words.casefold() in _BLANK else words[:LONGEST]


def identity(cell: object) -> str:
    """Return a location or provider id, or nothing if it does not look like one."""
    found = text(cell).upper()
    return found if _ID.fullmatch(found) else ""


def flag(cell: object) -> bool | None:
    """Return yes or no, or none for anything else."""
    return _YES.get(text(cell).casefold())


def count(cell: object) -> int | None:
    """Return a whole number that is not negative, or none."""
    found = whole_number(_WHOLE_DECIMAL.sub("", text(cell)))
    return found if found is not None and 0 <= found <= MOST_COUNTED else None


def postcode(cell: object) -> str:
    """Return a postcode in its printed form; one that is malformed stays as it is, for a person to put right."""
    words = text(cell)
    try:
        return normalise(words)
    except MalformedPostcode:
        return words.upper()


def is_postcode(words: str) -> bool:
    """Return whether words are a postcode in its printed form."""
    try:
        return normalise(words) == words
    except MalformedPostcode:
        return False


def address(cells: Iterable[object]) -> tuple[str, ...]:
    """Return the lines of an address that have anything in them."""
    return tuple(line for line in map(text, cells) if line)


def day(cell: object, *, is_day_first: bool) -> date | None:
    """Return the day of an ISO date or time, or of one with slashes in the order that the file uses; else none."""
    words = text(cell)
    if found := _ISO.fullmatch(words):
        return _calendar_day(int(found[1]), int(found[2]), int(found[3]))
    if found := _SLASHED.fullmatch(words):
        first, second, year = int(found[1]), int(found[2]), int(found[3])
        return _calendar_day(year, second, first) if is_day_first else _calendar_day(year, first, second)
    return None


def is_day_first(cells: Iterable[object], *, default: bool) -> bool:
    """Return whether a file writes the day before the month, from the values that allow one reading only.

    CQC's files are American or British by turns; one first number above 12 settles it. Undecided: the layout's default.
    """
    pairs = [(int(found[1]), int(found[2])) for cell in cells if (found := _SLASHED.fullmatch(text(cell)))]
    british = sum(first > 12 for first, _ in pairs)
    american = sum(second > 12 for _, second in pairs)
    return default if british == american else british > american


def _calendar_day(year: int, month: int, day_of_month: int) -> date | None:
    try:
        return datetime(year, month, day_of_month).date()
    except ValueError:
        return None
