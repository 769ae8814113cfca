"""Numbers as workbooks store them, and as a person writes them."""

from __future__ import annotations

import math


def plain_number(said: str) -> str:
    """Return a stored number as a person writes it: "12.0" and "1.2E1" are "12"; what is no number stays as it is."""
    words = said.strip()
    if words.removeprefix("-").isdigit():
        return words
    try:
        number = float(words)
    except ValueError:
        return said
    if not math.isfinite(number):
        return said
    return str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)
