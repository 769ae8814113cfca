"""What a provider may see of a referral before it accepts: needs, risks, age band, ward, dates, and no name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from placement.domain.features import Strength
from placement.domain.people import age_band, age_on
from placement.domain.periods import Period
from placement.domain.sections import FOR_PROVIDERS, QUESTION
from placement.records.offers import Offer
from placement.records.placements import Placement
from placement.records.referrals import Referral


@dataclass(frozen=True, slots=True, kw_only=True)
class Anonymised:
    """A person's needs without the person. `gender` is the person's or None; `not_asked` are slugs of questions.

    Nobody knows the answers to these yet: what stands in their place is no answer.
    """

    reference: str
    kind: str
    age_band: str
    gender: str | None
    ward_code: str | None
    essential: tuple[str, ...]
    desirable: tuple[str, ...]
    unknown: tuple[str, ...]
    risks: tuple[str, ...]
    legal: tuple[str, ...]
    lives_alone: bool
    not_asked: tuple[str, ...]
    start_on: date
    end_on: date | None


def anonymised(asked: Placement | Offer, *, day: date) -> Anonymised:
    """Return what the provider of a placement, or one that is asked about a place, may read, as of a day."""
    return anonymised_referral(asked.referral, asked.period, day=day)


def anonymised_referral(referral: Referral, nights: Period, *, day: date) -> Anonymised:
    """Return what a provider may read of a referral for these nights; the age is that on the first of them."""
    person = referral.person
    return Anonymised(
        reference=referral.reference or "",
        kind=referral.kind,
        age_band=age_band(age_on(person.born_on, max(day, nights.start))),
        gender=person.gender.value if person.gender else None,
        ward_code=referral.ward_code,
        essential=tuple(referral.slugs(Strength.ESSENTIAL)),
        desirable=tuple(referral.slugs(Strength.DESIRABLE)),
        unknown=tuple(referral.slugs(Strength.UNKNOWN)),
        risks=referral.risks,
        legal=referral.legal,
        lives_alone=referral.lives_alone,
        not_asked=tuple(slug for slug in referral.not_asked if QUESTION[slug].section in FOR_PROVIDERS),
        start_on=nights.start,
        end_on=nights.end,
    )
