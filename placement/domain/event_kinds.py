"""What an event is: who may see it, who is told, how long it is kept, and that its details are codes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from placement.domain.people import Role


class Told(StrEnum):
    """Who learns of an event without looking; a message is made from it, a reference and a link."""

    NOBODY = "nobody"
    PROVIDER = "provider"
    BROKERAGE = "brokerage"
    COMMISSIONER = "commissioner"
    OTHER_SIDE = "other_side"  # brokerage of what a provider does, the provider of what brokerage does


class Kept(StrEnum):
    """How long a line is kept. The years are working defaults that an administrator will be able to change."""

    WITH_PERSON = "with_person"
    WITH_MARKET = "with_market"
    WITH_ACCOUNT = "with_account"


KEPT_YEARS: Mapping[Kept, int] = {Kept.WITH_PERSON: 8, Kept.WITH_MARKET: 6, Kept.WITH_ACCOUNT: 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One kind of thing that happens. `sentence` goes on after “somebody”: “reserved a place”."""

    slug: str
    sentence: str
    subject: str  # the table of the record that it happens to
    details: frozenset[str]
    seen_by: frozenset[Role]
    told: Told
    kept: Kept


def is_code(value: object) -> bool:
    """Return whether a value is a code, a number, nothing, or a list or mapping of such."""
    if isinstance(value, str):
        return len(value) <= LONGEST_CODE and value.isprintable() and not any(each.isspace() for each in value)
    if isinstance(value, Mapping):
        return all(is_code(each) for pair in value.items() for each in pair)
    if isinstance(value, Sequence):
        return all(is_code(each) for each in value)
    return value is None or isinstance(value, int | float)


LONGEST_CODE = 80
