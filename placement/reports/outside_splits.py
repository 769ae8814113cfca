"""By what the people who live outside the city are told: a table each, and which of its rows somebody is counted in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from placement.domain.clocks import today
from placement.domain.kinds import KIND
from placement.geography.authorities import authority_name
from placement.reports.facets import FACETS, FacetGroup
from placement.reports.out_of_city import choice_label
from placement.reports.placed_people import PlacedPerson

NOT_KNOWN = "Not known"
_NEEDS = [facet for facet in FACETS if facet.group is FacetGroup.NEED]
_MILES = ((10, "Under 10 miles"), (25, "10 to 25 miles"), (50, "25 to 50 miles"))
_YEARS = ((1, "Less than a year"), (2, "1 to 2 years"), (5, "2 to 5 years"))
_DAYS = 365


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """One table: its title, the heading of its rows, and the rows in which somebody is counted on a day."""

    slug: str
    title: str
    heading: str
    rows_of: Callable[[PlacedPerson, datetime], list[str]]


def _distance(who: PlacedPerson, _: datetime) -> list[str]:
    if who.miles is None:
        return [NOT_KNOWN]
    return [next((label for end, label in _MILES if who.miles < end), "50 miles or more")]


def _how_long(who: PlacedPerson, now: datetime) -> list[str]:
    days = (today(now) - who.since).days
    return [next((label for years, label in _YEARS if days < years * _DAYS), "5 years or more")]


def _review(who: PlacedPerson, now: datetime) -> list[str]:
    if who.review_at is None:
        return ["No review is asked for"]
    return ["The review is overdue" if who.review_at < now else "The review is still to come"]


def _way_back(who: PlacedPerson, _: datetime) -> list[str]:
    if who.reason.by_choice:
        return ["Lives there by choice"]
    if who.has_way_back:
        return ["A place in the city has opened that suits"]
    return ["Looked for in every run" if who.is_searched_for else "Not looked for"]


def _needs(who: PlacedPerson, _: datetime) -> list[str]:
    return [facet.label for facet in _NEEDS if facet.marks <= who.needs]


SPLITS = (
    Split(slug="choice", title="By choice or not", heading="Choice", rows_of=lambda who, _: [choice_label(who.reason)]),
    Split(slug="reason", title="Why", heading="Reason", rows_of=lambda who, _: [who.reason.label]),
    Split(
        slug="council",
        title="Host council",
        heading="Council",
        rows_of=lambda who, _: [(authority_name(who.authority) if who.authority else "") or NOT_KNOWN],
    ),
    Split(slug="distance", title="How far from home", heading="Distance", rows_of=_distance),
    Split(slug="since", title="For how long", heading="Lives there", rows_of=_how_long),
    Split(
        slug="kind",
        title="Kind of referral",
        heading="Kind",
        rows_of=lambda who, _: [KIND[who.kind].label if who.kind in KIND else who.kind],
    ),
    Split(slug="need", title="What they need", heading="Need", rows_of=_needs),
    Split(
        slug="host",
        title="Whether the host council was told",
        heading="Host council",
        rows_of=lambda who, _: ["Told" if who.is_host_told else "Not recorded as told"],
    ),
    Split(slug="review", title="Reviews", heading="Review", rows_of=_review),
    Split(slug="way_back", title="The way back", heading="Way back", rows_of=_way_back),
)
