"""The sections of what a unit says of itself, in the order in which they are shown: a short page each."""

from __future__ import annotations

from placement.domain.features import GROUPS
from placement.domain.sections import Section

PROFILE = (
    Section(slug="name", label="Name"),
    Section(slug="kinds", label="Kinds of referral"),
    Section(slug="people", label="Ages and gender"),
    Section(slug="answering", label="Notice and emergencies"),
    Section(slug="price", label="Price"),
    *(Section(slug=group.slug, label=group.label) for group in GROUPS),
)
PROFILE_SECTION = {section.slug: section for section in PROFILE}
EVERYTHING = "all"
"""Stands for every section at once."""
