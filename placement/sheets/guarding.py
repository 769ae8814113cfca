"""Texts that a spreadsheet would run as a formula, in files that cannot say what is a text (OWASP ASVS 5.0, 1.2.10)."""

from __future__ import annotations

import re

# What a spreadsheet reads as the beginning of a formula, and the same behind apostrophes: so the guard can be undone.
_DANGEROUS = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
_GUARDED = re.compile(r"'(?='*[=+\-@\t\r\n＝＋－＠])")


def guarded(text: str) -> str:
    """Return a text as it is written: one that begins like a formula gets an apostrophe before it."""
    return f"'{text}" if _DANGEROUS.match(text) else text


def unguarded(text: str) -> str:
    """Return a text as it was before it was guarded."""
    return text[1:] if _GUARDED.match(text) else text
