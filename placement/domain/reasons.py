"""Coded reasons: why out of city, why declined, why closed. Free text never adds up, so every end has a code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """A coded reason. `by_choice`: the person or those close to them chose, of a place outside or of no to a place.

    `is_offered`: whether somebody who decides now can give it; what is not, came with older records. `until` are the
    changes, by the slugs of CHANGES, after which a no for this reason counts no more; without any it counts until
    somebody takes it back.
    """

    slug: str
    label: str
    by_choice: bool = False
    is_offered: bool = True
    is_providers: bool = True  # whether a provider may give it: for what the person says brokerage speaks
    until: frozenset[str] = frozenset()


CHANGES: Mapping[str, str] = {
    "report": "the provider reports its vacancies",
    "unit": "what is recorded of the unit changes",
    "needs": "the needs on the referral change",
    "place": "where the person wants to live changes",
    "dates": "the dates on the referral change",
    "choices": "what the person says changes",
    "funding": "the weekly limit changes",
}
"""What may change a no: news of the unit, or a section of the referral by its slug."""


OUT_OF_CITY = (
    Reason(slug="persons_choice", label="The person's choice", by_choice=True),
    Reason(slug="close_to_family", label="To be close to family", by_choice=True),
    Reason(slug="safety", label="Safety, exploitation or safeguarding", by_choice=True),
    Reason(slug="court_or_mha", label="Court or Mental Health Act restriction", by_choice=True),
    Reason(slug="specialist_nhs", label="Specialist NHS-linked service", by_choice=True),
    Reason(slug="no_vacancy", label="No vacancy in the city"),
    Reason(slug="no_skills", label="No provider in the city with the skills"),
    Reason(slug="provider_declined", label="Providers in the city declined"),
    Reason(slug="environment", label="Environment not available in the city"),
    Reason(slug="cost", label="Cost"),
    Reason(slug="emergency", label="Emergency, no time to search"),
    Reason(slug="historic", label="Historic placement", is_offered=False),
    Reason(slug="not_recorded", label="Not recorded", is_offered=False),
)
OUT_OF_CITY_REASON = {reason.slug: reason for reason in OUT_OF_CITY}

DECLINES = (
    Reason(slug="no_vacancy", label="No vacancy", until=frozenset({"report", "dates"})),
    Reason(slug="cannot_meet_need", label="Cannot meet the need", until=frozenset({"unit", "needs"})),
    Reason(slug="staffing", label="Staffing", until=frozenset({"report", "unit", "dates"})),
    Reason(slug="not_compatible", label="Not compatible with the people who live there", until=frozenset({"needs"})),
    Reason(slug="environment", label="Environment unsuitable", until=frozenset({"unit", "needs"})),
    Reason(slug="risk", label="Risk", until=frozenset({"unit", "needs"})),
    Reason(slug="price", label="Price", until=frozenset({"unit", "funding"})),
    Reason(slug="location", label="Location", until=frozenset({"place"})),
    Reason(
        slug="insufficient_information", label="Not enough information", until=frozenset({"needs", "dates", "choices"})
    ),
    Reason(slug="timing", label="Timing", until=frozenset({"report", "dates"})),
    Reason(slug="provider_restricted", label="Provider restricted", is_providers=False),
    Reason(
        slug="person_declined", label="The person declined", by_choice=True, is_providers=False,
        until=frozenset({"choices"}),
    ),
    Reason(
        slug="family_declined", label="The family declined", by_choice=True, is_providers=False,
        until=frozenset({"choices"}),
    ),
    Reason(slug="other", label="Other", until=frozenset({"unit", "needs"})),
)  # fmt: skip
DECLINE = {reason.slug: reason for reason in DECLINES}
PROVIDERS_DECLINES = tuple(reason for reason in DECLINES if reason.is_providers)
PROVIDERS_DECLINE = {reason.slug: reason for reason in PROVIDERS_DECLINES}

RULINGS = (
    Reason(slug="too_far", label="Too far from the people who matter"),
    Reason(slug="not_compatible", label="Would not live well with the people there"),
    Reason(slug="person_says_no", label="The person does not want it", by_choice=True),
    Reason(slug="family_says_no", label="The family does not want it", by_choice=True),
    Reason(slug="no_longer_true", label="What is recorded of the place is not true any more"),
    Reason(slug="risk", label="Risk to the person or to others"),
    Reason(slug="other", label="Other"),
)
"""Why a broker rules a place out for somebody: it is not proposed for them until that is undone."""
RULING = {reason.slug: reason for reason in RULINGS}

CLOSURES = (
    Reason(slug="refurbishment", label="Refurbishment or repair"),
    Reason(slug="infection", label="Infection control"),
    Reason(slug="staffing", label="Not enough staff"),
    Reason(slug="safety", label="Safety incident"),
    Reason(slug="preparing", label="Being prepared for the next person"),
    Reason(slug="other", label="Other"),
)
CLOSURE = {reason.slug: reason for reason in CLOSURES}
PREPARING = CLOSURE["preparing"].slug

KEEPINGS = (
    Reason(slug="away", label="Kept for somebody who is away"),
    Reason(slug="staffing", label="Not enough staff"),
    Reason(slug="people", label="The people who live there need time"),
    Reason(slug="other_use", label="The room is used for something else"),
    Reason(slug="other", label="Another reason"),
)
"""Why a provider keeps a place that nobody lives in and that nobody is to come to."""
KEEPING = {reason.slug: reason for reason in KEEPINGS}

CONCERNS = (
    Reason(slug="closure", label="Places are closed on nights of this stay"),
    Reason(slug="report", label="The provider reports fewer places, or fewer people, than there are stays"),
    Reason(slug="pool", label="Units share fewer rooms or staff than there are stays"),
    Reason(slug="register", label="The service leaves the register during this stay"),
)
"""Why a stay stands on the work list: its place has been taken from under it."""
CONCERN = {reason.slug: reason for reason in CONCERNS}

SETTLINGS = (
    Reason(slug="stays", label="The person keeps the place, agreed with the provider"),
    Reason(slug="moving", label="Another place is being looked for"),
    Reason(slug="has_left", label="The person does not need the place any more"),
    Reason(slug="mistake", label="It was entered by mistake and has been put right"),
)
SETTLING = {reason.slug: reason for reason in SETTLINGS}

DISMISSALS = (
    Reason(slug="not_needed", label="It is not needed any more"),
    Reason(slug="done_elsewhere", label="It was done in another way"),
    Reason(slug="mistake", label="It was made by mistake"),
)
DISMISSAL = {reason.slug: reason for reason in DISMISSALS}

ESCALATIONS = (
    Reason(slug="no_time", label="The time is nearly over"),
    Reason(slug="no_place", label="No place can be found"),
    Reason(slug="price", label="What is to be had costs more than the limit"),
    Reason(slug="risk", label="Risk to the person or to others"),
    Reason(slug="disagreement", label="Those concerned do not agree"),
    Reason(slug="other", label="Another reason"),
)
"""Why a broker asks a manager to look at a referral."""
ESCALATION = {reason.slug: reason for reason in ESCALATIONS}

STANDING_CAUSES = (
    Reason(slug="quality", label="Quality of care"),
    Reason(slug="safeguarding", label="Safeguarding"),
    Reason(slug="staffing", label="Not enough staff"),
    Reason(slug="management", label="Management of the service"),
    Reason(slug="building", label="The building"),
    Reason(slug="money", label="Money"),
    Reason(slug="own_decision", label="The provider’s own decision"),
    Reason(slug="other", label="Other"),
    Reason(slug="not_recorded", label="Not recorded", is_offered=False),
)
"""What is behind a provider's standing, so that the reasons add up; the words beside it say the rest."""
STANDING_CAUSE = {reason.slug: reason for reason in STANDING_CAUSES}

ENDINGS = (
    Reason(slug="as_planned", label="Ended as planned"),
    Reason(slug="moved_on", label="Moved to another placement"),
    Reason(slug="moved_home", label="Went home"),
    Reason(slug="hospital", label="Went into hospital"),
    Reason(slug="provider_notice", label="Provider gave notice"),
    Reason(slug="died", label="Died"),
    Reason(slug="other", label="Other"),
)
"""Why a stay ended."""
ENDING = {reason.slug: reason for reason in ENDINGS}
