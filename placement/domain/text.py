"""Text as people type and paste it: one form for what looks the same, and nothing that cannot be seen.

A case number of blanks made one person of two, and a name with a hidden character in it is found by nobody. So every
text of a form goes through `plain`, which refuses what cannot be seen and says where it stands; words to search for
and cells of files go through `readable`, which reads past it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from placement.domain.errors import Invalid

_BLANKS = frozenset("\u115f\u1160\u2800\u3164\uffa0")  # letters and signs by their category, and nothing to see
_HIDDEN = frozenset("\u034f\u17b4\u17b5\u180b\u180c\u180d\u180f")  # marks that are never drawn
_VARIATIONS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")  # which drawing of a sign is meant, and no more
_SEEN = frozenset("LNPS")
_LINE_BREAKS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_NAMES = {"Cc": "control character", "Cs": "half a character", "Mn": "mark that is not drawn"}
_BEFORE = 20  # characters that are told before a hidden one


def plain(text: str, *, lines: bool = False) -> str:
    """Return text in its one form: NFC, every blank a space, none around it; with `lines`, line breaks are kept.

    What holds nothing that can be seen is the empty string. Raises Invalid, saying what stands where, for control,
    zero-width and bidirectional characters: nobody types them, and two texts that differ by one look the same.
    """
    found = _in_one_form(text)
    for place, char in enumerate(found):
        if _is_hidden(char):
            raise Invalid(_refusal(found[:place], char))
    return _trimmed(found, lines=lines)


def readable(text: str) -> str:
    """Return text in its one form on one line, each hidden character read as a blank; it refuses nothing."""
    return _trimmed("".join(" " if _is_hidden(char) else char for char in _in_one_form(text)), lines=False)


def amount(count: int, noun: str) -> str:
    """Return a number with its noun: “1 hour”, “1,200 hours”."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def listed(words: Sequence[str]) -> str:
    """Return words as a list in a sentence: “A, B and C”."""
    return " and ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))


def code(text: str) -> str:
    """Return a number of somebody's system as it is compared: capitals, one width of letters, no blanks around it.

    It is empty where it has no letter or digit. Raises Invalid for hidden characters.
    """
    words = plain(unicodedata.normalize("NFKC", plain(text))).upper()
    return words if any(char.isalnum() for char in words) else ""


def _in_one_form(text: str) -> str:
    return unicodedata.normalize("NFC", _LINE_BREAKS.sub("\n", _VARIATIONS.sub("", text)))


def _is_hidden(char: str) -> bool:
    return char not in "\n\t" and (unicodedata.category(char) in ("Cc", "Cf", "Cs") or char in _HIDDEN)


def _is_blank(char: str) -> bool:
    return char in _BLANKS or char in "\n\t" or unicodedata.category(char) == "Zs"


def _trimmed(text: str, *, lines: bool) -> str:
    spaced = "".join(" " if _is_blank(char) and not (lines and char == "\n") else char for char in text)
    words = spaced.strip() if lines else " ".join(spaced.split())
    return words if any(unicodedata.category(char)[0] in _SEEN for char in words) else ""


def _refusal(before: str, char: str) -> str:
    kind = unicodedata.category(char)
    name = unicodedata.name(char, "").lower() or _NAMES.get(kind, "character that cannot be seen")
    said = " ".join(before[-_BEFORE:].split())
    where = f"after “{said}”" if said else "at the beginning"
    return f"Type this again by hand: it has a hidden character (U+{ord(char):04X}, {name}) {where}"
