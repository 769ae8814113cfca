"""The words of “what if”: what can be changed in the market of a past period, and how much of it at once."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

LONGEST_PERIOD = 366
"""Days that are lived through again at most."""
MOST_CHANGES = 20
MOST_SEED = 1_000_000


class Verb(StrEnum):
    """What can be changed: more places like those of a unit, fewer, other ones, or at another price."""

    OPEN = "open"
    CLOSE = "close"
    CONVERT = "convert"
    REPRICE = "reprice"


VERB_LABELS: Mapping[Verb, str] = {
    Verb.OPEN: "Open places",
    Verb.CLOSE: "Close places",
    Verb.CONVERT: "Convert places",
    Verb.REPRICE: "Change a price",
}
"""As somebody chooses it."""
