"""What brokers read of a unit, section by section: on their own pages, and on its provider's before and after saving.

One answer for all of them: what a provider is told that brokers see is what they see.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from placement.domain.likeness import SUPPORT_LABELS
from placement.domain.profile import ASKED, PROFILE, PROFILE_SECTION, is_about
from placement.domain.protected import kept_words
from placement.domain.unit_words import (
    accepts_until,
    answers_within,
    claim_lines,
    takes_ages,
    takes_gender,
    takes_kinds,
)
from placement.market.profiles import SeenProfile
from placement.web.formatting import pounds, price_words

SeenRow = tuple[str, str | list[str]]
"""A label and what stands beside it, in one line or several."""


def _kinds(seen: SeenProfile) -> list[SeenRow]:
    kept = kept_words(seen.rules.crisis_places)
    return [("Kinds of referral", _first(takes_kinds(seen.rules.kinds))), *([("In a crisis", kept)] if kept else [])]


def _people(seen: SeenProfile) -> list[SeenRow]:
    rules = seen.rules
    return [
        ("Ages", _first(takes_ages(rules.min_age, rules.max_age))),
        ("Gender", _first(takes_gender(rules.gender, rules.gender_now))),
    ]


def _answering(seen: SeenProfile) -> list[SeenRow]:
    within, until = answers_within(seen.rules.reply_hours), accepts_until(seen.rules.emergencies_until)
    return [("Notice", _first("; ".join(filter(None, (within, until)))))]


def _price(seen: SeenProfile) -> list[SeenRow]:
    own = f"{price_words(seen.rules)} a week" if seen.rules.weekly_pence is not None else "Not known"
    levels = [
        f"{pounds(seen.rules.support_prices[level])} a week for {label}"
        for level, label in SUPPORT_LABELS.items()
        if level in seen.rules.support_prices
    ]
    return [("Price", [own, *levels] if levels else own)]


def _claims(seen: SeenProfile, section: str) -> list[SeenRow]:
    lines = claim_lines(claim for claim in seen.claims if is_about(section, claim.slug))
    return [(PROFILE_SECTION[section].label, lines)] if lines else []


SEEN: Mapping[str, Callable[[SeenProfile], list[SeenRow]]] = {
    "name": lambda seen: [("Unit", seen.name)],
    "kinds": _kinds,
    "people": _people,
    "answering": _answering,
    "price": _price,
    **{section: partial(_claims, section=section) for section in ASKED},
}
"""What brokers read of each section of a profile."""


def seen_rows(seen: SeenProfile, *, but: str = "") -> list[SeenRow]:
    """Return what brokers read of a unit, in the order of its sections; `but` one that they read elsewhere."""
    return [row for section in PROFILE if section.slug != but for row in SEEN[section.slug](seen)]


def _first(words: str) -> str:
    return words[:1].upper() + words[1:]
