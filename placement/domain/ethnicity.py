"""Ethnic groups of the Census of England, 2021, as a person gives one themselves; optional, and never asked of others.

It counts who is placed where, and nothing else: no rule, ranking or page of a provider reads it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class EthnicGroup:
    """One answer, and the broad group in which small numbers can be told."""

    slug: str
    label: str
    broad: str


NOT_SAID = "not_said"
BROAD: Mapping[str, str] = {
    "asian": "Asian, Asian British or Asian Welsh",
    "black": "Black, Black British, Black Welsh, Caribbean or African",
    "mixed": "Mixed or multiple ethnic groups",
    "white": "White",
    "other": "Other ethnic group",
    NOT_SAID: "Prefers not to say",
}
ETHNIC_GROUPS = tuple(
    EthnicGroup(slug=slug, label=label, broad=broad)
    for broad, slug, label in (
        ("asian", "bangladeshi", "Bangladeshi"),
        ("asian", "chinese", "Chinese"),
        ("asian", "indian", "Indian"),
        ("asian", "pakistani", "Pakistani"),
        ("asian", "other_asian", "Any other Asian background"),
        ("black", "african", "African"),
        ("black", "caribbean", "Caribbean"),
        ("black", "other_black", "Any other Black, Black British or Caribbean background"),
        ("mixed", "white_and_asian", "White and Asian"),
        ("mixed", "white_and_black_african", "White and Black African"),
        ("mixed", "white_and_black_caribbean", "White and Black Caribbean"),
        ("mixed", "other_mixed", "Any other mixed or multiple background"),
        ("white", "british", "English, Welsh, Scottish, Northern Irish or British"),
        ("white", "irish", "Irish"),
        ("white", "gypsy_or_traveller", "Gypsy or Irish Traveller"),
        ("white", "roma", "Roma"),
        ("white", "other_white", "Any other White background"),
        ("other", "arab", "Arab"),
        ("other", "any_other", "Any other ethnic group"),
        (NOT_SAID, NOT_SAID, "Prefers not to say"),
    )
)
ETHNIC_GROUP = {row.slug: row for row in ETHNIC_GROUPS}


def broad_group(slug: str | None) -> str:
    """Return the broad group of an answer; empty where nothing was answered."""
    return ETHNIC_GROUP[slug].broad if slug in ETHNIC_GROUP else ""
