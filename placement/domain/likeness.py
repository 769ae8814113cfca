"""Who is like whom where people live together: of about the same age, or supported in a like way [G]."""

from __future__ import annotations

from collections.abc import Collection, Mapping

BAND = 5
"""Years; as wide as the bands in which a provider reads an age."""
SUPPORT_LEVELS: Mapping[str, tuple[str, ...]] = {
    "two_to_one": ("two_to_one", "two_to_one_community"),
    "one_to_one": ("one_to_one", "one_to_one_part_day"),
    "nursing": ("nurse",),
    "night": ("waking_night", "sleep_in"),
    "shared": ("shared_hours",),
}
"""Levels of support, the highest first, each with the features that stand for it."""

SUPPORT_LABELS: Mapping[str, str] = {
    "two_to_one": "two to one",
    "one_to_one": "one to one",
    "nursing": "nursing",
    "night": "support at night",
    "shared": "shared support",
}


def band_of(age: int) -> int:
    """Return the youngest age of the band of an age."""
    return age - age % BAND


def is_about(age: int, other: int) -> bool:
    """Return whether two ages are of one band or of two that touch."""
    return abs(band_of(age) - band_of(other)) <= BAND


def support_level(slugs: Collection[str]) -> str | None:
    """Return the highest level of support among what a person needs; None where none is said."""
    return next((level for level, known in SUPPORT_LEVELS.items() if any(slug in slugs for slug in known)), None)
