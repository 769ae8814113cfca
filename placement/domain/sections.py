"""The sections of a referral, in the order in which they are asked."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One page of questions."""

    slug: str
    label: str


SECTIONS = (
    Section(slug="person", label="The person"),
    Section(slug="needs", label="Needs and equipment"),
    Section(slug="place", label="Place and travel"),
    Section(slug="dates", label="Dates and urgency"),
    Section(slug="choices", label="Choices and compatibility"),
    Section(slug="funding", label="Funding and price"),
)
SECTION = {section.slug: section for section in SECTIONS}
