"""The sections of a referral, in the order in which they are asked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from placement.domain.features import GROUPS


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


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralQuestion:
    """One thing that is asked, as somebody says that it is missing, and the section in which it is answered."""

    slug: str
    label: str
    section: str


QUESTIONS = (
    *(ReferralQuestion(slug=f"needs_{group.slug}", label=group.label, section="needs") for group in GROUPS),
    ReferralQuestion(slug="risks", label="Risks", section="risks"),
    ReferralQuestion(slug="legal", label="Legal status", section="risks"),
    ReferralQuestion(slug="near", label="Near whom or where", section="place"),
    ReferralQuestion(slug="distance", label="Furthest distance", section="place"),
    ReferralQuestion(slug="outside", label="In the city or outside", section="place"),
    ReferralQuestion(slug="start", label="First and last start", section="dates"),
    ReferralQuestion(slug="nights", label="How many nights", section="dates"),
    ReferralQuestion(slug="wishes", label="What the person wants", section="choices"),
    ReferralQuestion(slug="types", label="Types of service", section="choices"),
    ReferralQuestion(slug="apart", label="People and services to avoid", section="choices"),
    ReferralQuestion(slug="payer", label="Who pays", section="funding"),
    ReferralQuestion(slug="limit", label="Weekly limit", section="funding"),
    ReferralQuestion(slug="referrer", label="Who refers", section="around"),
    ReferralQuestion(slug="carer", label="Hospital and carer", section="around"),
)
QUESTION = {question.slug: question for question in QUESTIONS}
BESIDE_THE_MATCH = frozenset({"person", "around"})
"""Sections that say nothing about which place will do."""
FOR_PROVIDERS = frozenset({"needs", "risks"})
"""Sections of which a provider reads the answers, and so that nobody has asked yet."""


def open_questions(answered: Iterable[str]) -> tuple[str, ...]:
    """Return the slugs of the questions about the place whose sections are not among those that were answered."""
    done = BESIDE_THE_MATCH.union(answered)
    return tuple(question.slug for question in QUESTIONS if question.section not in done)


def not_asked_words(slugs: Iterable[str]) -> str:
    """Return the sentence that says what is not known because nobody has asked; empty where everything was asked."""
    return _not_asked(QUESTION[slug].label for slug in slugs)


def not_asked_in_short(slugs: Iterable[str]) -> str:
    """Return the same by section, for where it is said again and again."""
    return _not_asked(dict.fromkeys(SECTION[QUESTION[slug].section].label for slug in slugs))


def _not_asked(labels: Iterable[str]) -> str:
    said = ", ".join(f"{label[0].lower()}{label[1:]}" for label in labels)
    return f"Not asked yet: {said}" if said else ""
