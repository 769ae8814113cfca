"""Numbers and money as people and files write them: commas between thousands, and a point before pence.

A separator that stands where none belongs is never taken out: “850,50” is not £85,050, and “1,4” nights are not 14.
"""

from __future__ import annotations

import re

_THOUSANDS = r"\d{1,3}(?:,\d{3})+|\d+"
_WHOLE = re.compile(rf"-?(?:{_THOUSANDS})", re.ASCII)
_MONEY = re.compile(rf"£?\s*({_THOUSANDS})(?:\.(\d{{0,2}}))?", re.ASCII)
LONGEST_NUMBER = 9
"""Digits: what is longer is no count of anything here, and no column holds it."""
MOST_POUNDS = 999_999


def whole_number(text: str) -> int | None:
    """Return the whole number that is written, or None where it is none, or has more than nine digits."""
    words = text.strip()
    if not _WHOLE.fullmatch(words):
        return None
    digits = words.replace(",", "")
    return int(digits) if len(digits.removeprefix("-")) <= LONGEST_NUMBER else None


def is_above(text: str, most: int) -> bool:
    """Return whether a whole number is written that is larger than the most, of however many digits."""
    words = text.strip()
    if not _WHOLE.fullmatch(words) or words.startswith("-"):
        return False
    digits = words.replace(",", "").lstrip("0")
    return len(digits) > LONGEST_NUMBER or int(digits or "0") > most


def pence(text: str) -> int | None:
    """Return an amount of pounds in pence, or None where it is none, or above £999,999."""
    found = _MONEY.fullmatch(text.strip())
    if not found:
        return None
    pounds, rest = int(found[1].replace(",", "")), (found[2] or "").ljust(2, "0")
    return pounds * 100 + int(rest) if pounds <= MOST_POUNDS else None
