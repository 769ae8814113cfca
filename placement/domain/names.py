"""Whether two names may be one person's: written another way, with a letter wrong, married, or shortened."""

from __future__ import annotations

import unicodedata
from difflib import SequenceMatcher

LEAST_LIKE = 0.65
"""Of the names' letters in order; a letter wrong in a name of eight still gives 0.87."""
SHORTEST = 3
"""Letters of a part of a name that counts by itself: an initial or “de” says little."""


def are_alike(one: str, other: str) -> bool:
    """Return whether two names share a part of three letters or more, or are nearly the same in any order.

    It is meant for people born on one day, among whom that is enough to ask; twins are asked about too.
    """
    ours, theirs = _parts(one), _parts(other)
    if any(len(part) >= SHORTEST for part in set(ours) & set(theirs)):
        return True
    return SequenceMatcher(None, " ".join(sorted(ours)), " ".join(sorted(theirs))).ratio() >= LEAST_LIKE


def _parts(name: str) -> list[str]:
    """Return the parts of a name in small letters without accents; what joins them is no part."""
    letters = unicodedata.normalize("NFKD", name).casefold()
    plain = "".join(char if char.isalnum() else " " for char in letters if not unicodedata.combining(char))
    return plain.split()
