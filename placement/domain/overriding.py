"""What a manager with the right may decide otherwise than the rules, for one person and one place, with a reason.

What is not here nobody does: a provider that is paused, suspended, closing or without a contract takes no one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

RESTRICTED = "restricted"
"""What stands against a place beside the engine's rules: its provider's standing is “restricted”."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Overridable:
    """One rule, by its slug, and what a manager vouches for who decides otherwise."""

    rule: str
    vouches: str


OVERRIDABLES = (
    Overridable(rule=RESTRICTED, vouches="The restriction does not stand against this person"),
    Overridable(rule="notice", vouches="The provider answers sooner this time"),
    Overridable(rule="essential", vouches="The provider has what is not recorded: somebody has asked"),
)
OVERRIDABLE: Mapping[str, Overridable] = {row.rule: row for row in OVERRIDABLES}
