"""What a person types → a postcode in its printed form. It corrects spelling, never meaning.

The shape follows the postcode format in the Cabinet Office's bulk data transfer schema (BS 7666 address data).
"""

from __future__ import annotations

import re
import unicodedata
from itertools import product

from placement.geography.errors import MalformedPostcode

_OUTWARD = r"[A-PR-UWYZ](?:[0-9]{1,2}|[A-HK-Y][0-9](?:[0-9]|[ABEHMNPRV-Y])?|[0-9][A-HJKPS-UW])"
_SHAPE = re.compile(rf"(?P<outward>{_OUTWARD})(?P<inward>[0-9][ABD-HJLNP-UW-Z]{{2}})|(?P<giro>GIR0AA)")
_CONFUSED = {"O": "O0", "0": "0O", "I": "I1", "1": "1I", "L": "L1"}
_LONGEST = 7


def normalise(text: str) -> str:
    """Return the postcode in capitals with its one space, for example `CV1 5RR`.

    Lower case, full-width characters and missing, extra or unusual spaces are put right. A letter where a digit must
    stand is not: MalformedPostcode then carries the spellings that would be possible.
    """
    compact = _compact(text)
    if (found := _printed(compact)) is not None:
        return found
    raise MalformedPostcode(_complaint(text, compact), suggestions=lookalikes(compact))


def lookalikes(compact: str) -> tuple[str, ...]:
    """Return every other postcode that differs only where O and 0, or I, L and 1, are confused; in order."""
    if len(compact) > _LONGEST:
        return ()
    spellings = product(*(_CONFUSED.get(char, char) for char in compact))
    shaped = {_printed("".join(chars)) for chars in spellings if "".join(chars) != compact}
    return tuple(sorted(postcode for postcode in shaped if postcode))


def area(postcode: str) -> str:
    """Return the letters that a printed postcode begins with."""
    return re.split(r"[0-9]", postcode, maxsplit=1)[0]


def _compact(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).upper()
    return "".join(char for char in folded if unicodedata.category(char)[0] not in "ZC" and char not in "-–.,'\"")


def _printed(compact: str) -> str | None:
    found = _SHAPE.fullmatch(compact)
    return f"{compact[:-3]} {compact[-3:]}" if found else None


def _complaint(text: str, compact: str) -> str:
    shown = " ".join(text.split())[:20]
    if not compact:
        return "Enter a postcode"
    if not compact.isascii():
        return f"“{shown}” has characters that no postcode has: use only A to Z and 0 to 9"
    if re.fullmatch(_OUTWARD, compact):
        return f"“{shown}” is only the first half of a postcode"
    return f"“{shown}” is not a full United Kingdom postcode"
