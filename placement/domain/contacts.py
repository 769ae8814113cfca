"""Telephone numbers and e-mail addresses, as people type them."""

from __future__ import annotations

import re
import unicodedata

LONGEST_TELEPHONE = 30
LONGEST_EMAIL = 254
_TELEPHONE = re.compile(r"\+?[0-9 ()./-]+(?:\s*(?:ext\.?|x)\s*[0-9]{1,6})?", re.IGNORECASE)
_DIGITS = range(6, 16)  # of a number without its extension: a short local one up to the longest there is


def is_telephone(text: str) -> bool:
    """Return whether a text can be a telephone number: digits with the signs that people put between them."""
    words = unicodedata.normalize("NFKC", text).strip()
    if len(words) > LONGEST_TELEPHONE or not _TELEPHONE.fullmatch(words):
        return False
    return len(dialled(words).lstrip("+")) in _DIGITS


def dialled(text: str) -> str:
    """Return what a telephone dials for a number as people write it, without its extension."""
    words = unicodedata.normalize("NFKC", text).strip()
    number = re.split(r"[ex]", words, flags=re.IGNORECASE)[0]
    return ("+" if number.startswith("+") else "") + "".join(char for char in number if char.isdigit())


def is_email(text: str) -> bool:
    """Return whether a text can be an e-mail address: one @ with something on both sides, and no space."""
    name, at, host = text.partition("@")
    return (
        bool(name and at and host)
        and "@" not in host
        and len(text) <= LONGEST_EMAIL
        and not any(each.isspace() or not each.isprintable() for each in text)
    )
