"""What brokers read of a unit's rules and claims. Every page, list and refusal that says it says it in these words."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from placement.domain.claims import Claim, Footing
from placement.domain.features import EVIDENCE_LABELS, Evidence, feature_words, in_order, label_of
from placement.domain.kinds import KIND
from placement.domain.text import amount

_GENDERS = {"any": "takes anyone", "same": "takes one gender at a time"}
_LIVING = {"women": "women live there now", "men": "men live there now", None: "nobody lives there now"}


def listed(words: Collection[str], joined: str) -> str:
    """Return words as a list in a sentence: “a”, “a or b”, “a, b or c”."""
    *others, last = words
    return f"{', '.join(others)} {joined} {last}" if others else last


def takes_kinds(kinds: Collection[str]) -> str:
    """Return which referrals a unit takes; none stands for every kind."""
    labels = [KIND[slug].label.lower() for slug in KIND if slug in kinds]
    return f"takes {listed(labels, 'and')} referrals" if labels else "takes every kind of referral"


def takes_ages(youngest: int, oldest: int) -> str:
    """Return “takes people aged 18 to 64”."""
    return f"takes people aged {youngest} to {oldest}"


def takes_gender(gender: str, gender_now: str | None = None) -> str:
    """Return “takes women only”, or who lives in a unit for one gender at a time."""
    words = _GENDERS.get(gender, f"takes {gender} only")
    return f"{words}: {_LIVING[gender_now]}" if gender == "same" else words


def answers_within(hours: float) -> str:
    """Return “answers within 4 hours”."""
    return f"answers within {amount(round(hours), 'hour')}"


def accepts_until(hour: str | None) -> str:
    """Return until when emergencies are accepted; nothing where that is at any time."""
    return f"accepts emergencies until {hour}" if hour else ""


def claim_lines(claims: Iterable[Claim]) -> list[str]:
    """Return what is said of some claims, a line each where it is offered, then a line for each other footing."""
    known = {claim.slug: claim for claim in claims}
    slugs = {footing: in_order(slug for slug, each in known.items() if each.footing is footing) for footing in Footing}
    lines = [f"{label_of(slug)}{_behind(known[slug])}" for slug in slugs[Footing.OFFERED]]
    return lines + [f"{_SAID[each]}: {_named(slugs[each])}" for each in _SAID if slugs[each]]


_SAID = {
    Footing.ASK_FIRST: "Ask first",
    Footing.SAYS_NO: "Says no to",
    Footing.WAITS: "Not known until the council has verified it",
    Footing.NOT_CONFIRMED: "Not confirmed by the council",
}


def evidence_words(claim: Claim, day: str = "") -> str:
    """Return who stands behind a claim: “verified by the council on 3 March 2026, Ann Lee”."""
    words = EVIDENCE_LABELS[claim.evidence] + (f" on {day}" if day else "")
    return f"{words}, {claim.evidence_by}" if claim.evidence_by else words


def not_met(claims: Collection[Claim], missing: Collection[str]) -> str:
    """Return why a unit does not meet some needs, as it goes on after its name; empty where it says nothing of them."""
    footings = {claim.slug: claim.footing for claim in claims}
    said = [(slug, footings[slug]) for slug in in_order(missing) if slug in footings]
    lines = [_NOT_MET[footing].format(feature_words(slug)) for slug, footing in said]
    silent = [feature_words(slug) for slug in in_order(missing) if slug not in footings]
    return "; ".join([*lines, *([f"no {listed(silent, 'or')} recorded"] if silent else [])]) if lines else ""


_NOT_MET = {
    Footing.SAYS_NO: "says no to {}",
    Footing.WAITS: "{} is claimed, and waits for the council to verify it",
    Footing.NOT_CONFIRMED: "{} is claimed, and was not confirmed by the council",
    Footing.OFFERED: "{} is recorded since",
    Footing.ASK_FIRST: "wants to be asked first about {}",
}


def _behind(claim: Claim) -> str:
    if claim.evidence is Evidence.DECLARED:
        return ""
    on = claim.evidence_on
    return f" ({evidence_words(claim, f'{on.day} {on:%B %Y}' if on else '')})"


def _named(slugs: Iterable[str]) -> str:
    return ", ".join(map(feature_words, slugs))
