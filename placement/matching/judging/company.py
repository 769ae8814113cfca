"""Who lives where a person would move in: whether most of them are like the person, and never who or how many."""

from __future__ import annotations

from collections.abc import Collection

from placement.domain.likeness import is_about
from placement.matching.problem.facts import Need, UnitFacts

FEWEST_ALIKE = 2
"""One person alone is no company to be told of: it would say what that person is."""


def is_of_like_age(need: Need, unit: UnitFacts, start: int) -> bool:
    """Return whether people of about the need's age live in the unit on the first night."""
    there = (each.age for each in unit.company if each.start <= start < each.end)
    return need.age is not None and _are_most([is_about(age, need.age) for age in there if age is not None])


def is_of_like_support(need: Need, unit: UnitFacts, start: int) -> bool:
    """Return whether people supported in a like way live in the unit on the first night."""
    there = (each.support for each in unit.company if each.start <= start < each.end)
    return need.support is not None and _are_most([level == need.support for level in there if level is not None])


def _are_most(alike: Collection[bool]) -> bool:
    """Return whether at least two of those of whom it is known are alike, and no fewer than half of them."""
    return sum(alike) >= FEWEST_ALIKE and 2 * sum(alike) >= len(alike)
