"""Coded reasons of a stay's life: why a place is held or released, who gives notice, why longer, why elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from placement.domain.reasons import Reason

HOLDS = (
    Reason(slug="provider_decides", label="The provider needs more time to answer"),
    Reason(slug="visit", label="The person or their family will visit first"),
    Reason(slug="assessment", label="The provider will assess the person first"),
    Reason(slug="funding", label="The funding is not agreed yet"),
    Reason(slug="discharge", label="The hospital has not set the day of discharge"),
    Reason(slug="transport", label="Transport or equipment is being arranged"),
)
"""Why a place is held for longer than a first answer takes."""
HOLD = {reason.slug: reason for reason in HOLDS}

RELEASES = (
    Reason(slug="not_needed", label="The place is not needed any more"),
    Reason(slug="another_place", label="Another place suits the person better"),
    Reason(slug="person_declined", label="The person or their family said no", by_choice=True),
    Reason(slug="not_ready", label="The person cannot move yet"),
    Reason(slug="did_not_arrive", label="The person did not arrive"),
    Reason(slug="provider_withdrew", label="The provider cannot take the person after all"),
    Reason(slug="funding_refused", label="The funding was not agreed", is_providers=False),
    Reason(slug="mistake", label="It was reserved by mistake"),
    Reason(slug="died", label="The person has died", is_providers=False),
    Reason(slug="expired", label="No answer in time", is_offered=False),
    Reason(slug="declined", label="The provider declined", is_offered=False),
    Reason(slug="withdrawn", label="Released, no reason recorded", is_offered=False),
)
"""Why a reserved or confirmed place was given back. What is not offered comes about by itself, or is older; what is
not the provider's, it is not told."""
RELEASE = {reason.slug: reason for reason in RELEASES}
RELEASED_BY_HAND = tuple(reason for reason in RELEASES if reason.is_offered)

NOTICES = (
    Reason(slug="provider", label="The provider"),
    Reason(slug="person", label="The person", by_choice=True),
    Reason(slug="family", label="The family", by_choice=True),
    Reason(slug="council", label="The council", is_providers=False),
)
"""Who gave notice."""
NOTICE = {reason.slug: reason for reason in NOTICES}
PROVIDERS_NOTICES = tuple(reason for reason in NOTICES if reason.is_providers)

LONGER = (
    Reason(slug="no_place_yet", label="The next place has not been found yet"),
    Reason(slug="next_place_later", label="The next place is free only later"),
    Reason(slug="not_safe", label="It is not safe for the person to go back yet"),
    Reason(slug="too_ill", label="The person is too ill to move"),
    Reason(slug="persons_wish", label="The person wants to stay until something is settled", by_choice=True),
)
"""Why a crisis stay goes on beyond the most nights of its kind."""
STAYS_LONGER = {reason.slug: reason for reason in LONGER}

TRANSFERS = (
    Reason(slug="needs_changed", label="The person’s needs have changed"),
    Reason(slug="compatibility", label="The people who live there do not get on"),
    Reason(slug="persons_wish", label="The person wants to move", by_choice=True),
    Reason(slug="closing", label="The unit is closing or being repaired"),
    Reason(slug="step_down", label="The person is ready for less support"),
    Reason(slug="safety", label="The person is not safe there"),
)
"""Why a person goes on living in another unit."""
TRANSFER = {reason.slug: reason for reason in TRANSFERS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Longer:
    """For how much longer a place can be held."""

    slug: str
    label: str
    by: timedelta


HELD_FOR = (
    Longer(slug="2h", label="2 hours", by=timedelta(hours=2)),
    Longer(slug="1d", label="1 day", by=timedelta(days=1)),
    Longer(slug="3d", label="3 days", by=timedelta(days=3)),
    Longer(slug="7d", label="7 days", by=timedelta(days=7)),
)
HELD: Mapping[str, Longer] = {row.slug: row for row in HELD_FOR}
TAKEN_BACK_WITHIN = timedelta(hours=24)  # what was tapped by mistake; later it is history. [G]
AHEAD = timedelta(days=14)  # how far ahead a provider sees who comes and goes
