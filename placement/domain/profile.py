"""The sections of what a unit says of itself, in the order in which they are shown: a short page each.

A heading of the table of features with many rows is asked on two pages. What a page does not name is asked on the page
of its heading, so that a new feature has its place.
"""

from __future__ import annotations

from collections.abc import Mapping

from placement.domain.features import FEATURE, GROUPS, Feature, features_in
from placement.domain.sections import Section

_SECOND: Mapping[str, tuple[Section, str]] = {
    "specialism": (
        Section(slug="working", label="Ways of working"),
        "pbs trauma_informed dementia_friendly complex_needs end_of_life young_adults_in_transition",
    ),
    "environment": (
        Section(slug="home", label="The home"),
        "low_arousal robust_fittings own_front_door garden no_shared_bathroom pets smoking",
    ),
    "culture": (Section(slug="languages", label="Languages"), "bsl makaton punjabi urdu gujarati polish"),
}
"""By heading: its second page, and the features that are asked there."""
_LABELS = {"environment": "Access and equipment", "culture": "Food, faith and staff"}


def _asked() -> dict[str, tuple[Section, tuple[Feature, ...]]]:
    found = {}
    for group in GROUPS:
        second, names = _SECOND.get(group.slug, (None, ""))
        there = tuple(each for each in features_in(group.slug) if each.slug in names.split())
        here = tuple(each for each in features_in(group.slug) if each not in there)
        found[group.slug] = Section(slug=group.slug, label=_LABELS.get(group.slug, group.label)), here
        if second:
            found[second.slug] = second, there
    return found


_ASKED = _asked()
ASKED: Mapping[str, tuple[Feature, ...]] = {slug: features for slug, (_, features) in _ASKED.items()}
"""The features that a section asks about; the others are about whom a unit takes."""
PROFILE = (
    Section(slug="name", label="Name"),
    Section(slug="kinds", label="Kinds of referral"),
    Section(slug="people", label="Ages and gender"),
    Section(slug="answering", label="Notice and emergencies"),
    Section(slug="price", label="Price"),
    *(section for section, _ in _ASKED.values()),
)
PROFILE_SECTION = {section.slug: section for section in PROFILE}
SECTION_OF: Mapping[str, str] = {each.slug: slug for slug, features in ASKED.items() for each in features}


def is_about(section: str | None, feature: str) -> bool:
    """Return whether saving a section says something of a feature; no section stands for all of them."""
    return section is None or (feature in FEATURE and SECTION_OF[feature] == section)
