"""What a page gave its form to carry unseen, read back with mistrust: numbers of records and of places in a list."""

from __future__ import annotations

import re

MOST_ID = 2**31 - 1
_ID = re.compile(r"(?<!\S)[0-9]{1,10}(?!\S)")


def ids(text: str | None) -> list[int]:
    """Return the numbers in a hidden field; what is none is left out."""
    numbers = [int(word) for word in _ID.findall((text or "")[:20000])]
    return [number for number in numbers if number <= MOST_ID]


def first_id(text: str | None) -> int | None:
    """Return the number in a hidden field, or None."""
    return next(iter(ids(text)), None)
