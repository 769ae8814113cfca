"""Which published rating speaks for a service of one type at a location.

Since September 2026 CQC shows a location with several service types as “Not rated” and rates each service group on its
own, so one location may have one rating for its home and another for its homecare.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from placement.market.imports.cqc.rows import OVERALL, CqcLocation, CqcRating
from placement.market.imports.cqc.terms import GROUP_OF_SERVICE_TYPE


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgementRule:
    """One way to find the rating that speaks for a service type; the first rule that finds one decides."""

    slug: str
    sentence: str
    find: Callable[[CqcLocation, str], CqcRating | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """The rating that speaks for a service, and the rule by which it was found."""

    rating: CqcRating
    rule: JudgementRule


def _of_group(location: CqcLocation, service_type: str) -> CqcRating | None:
    group = GROUP_OF_SERVICE_TYPE.get(service_type)
    return next((each for each in _rated(location) if each.service_group == group), None)


def _of_location(location: CqcLocation, service_type: str) -> CqcRating | None:
    return next((each for each in _rated(location) if each.service_group == OVERALL), None)


def _lowest_of_groups(location: CqcLocation, service_type: str) -> CqcRating | None:
    return min(_rated(location), key=lambda each: (each.quality, each.service_group), default=None)


RULES = (
    JudgementRule(
        slug="group", sentence="The rating of the service group that this service belongs to", find=_of_group
    ),
    JudgementRule(slug="location", sentence="The rating of the location as a whole", find=_of_location),
    JudgementRule(
        slug="lowest", sentence="The lowest rating of any service group at the location", find=_lowest_of_groups
    ),
)


def judgement_for(location: CqcLocation, service_type: str) -> Judgement | None:
    """Return the overall rating that speaks for a service type (a slug), or none if nothing there is rated."""
    found = ((rule, rule.find(location, service_type)) for rule in RULES)
    return next((Judgement(rating=rating, rule=rule) for rule, rating in found if rating), None)


def _rated(location: CqcLocation) -> list[CqcRating]:
    return [each for each in location.ratings if each.domain == OVERALL and each.quality is not None]
