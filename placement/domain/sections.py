"""The sections of a referral, in the order in which they are asked."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One page of questions. An optional one is asked in its turn, and a referral can be submitted without it."""

    slug: str
    label: str
    is_optional: bool = False


SECTIONS = (
    Section(slug="person", label="The person"),
    Section(slug="needs", label="Needs and equipment"),
    Section(slug="risks", label="Risks and legal status", is_optional=True),
    Section(slug="place", label="Place and travel"),
    Section(slug="dates", label="Dates and urgency"),
    Section(slug="choices", label="Choices and compatibility"),
    Section(slug="funding", label="Funding and price"),
    Section(slug="around", label="Referrer, hospital and carer", is_optional=True),
)
SECTION = {section.slug: section for section in SECTIONS}
