"""The options of one person: the ranked list and the providers' answers as a person is offered them.

A place is available where no rule refuses it but those of the person's own money and distance: these are the person's
to decide, so the engine is asked a second time without them. What a provider has offered – its price, its first night –
goes before the unit's numbers, and is judged on those nights.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from placement.brokerage.choices import UP_TO_THE_PERSON, OptionFacts
from placement.brokerage.offers.finding import offers_of
from placement.brokerage.overriding import overridden, overrides_of
from placement.domain.clocks import today
from placement.domain.features import Strength, label_of, with_covered
from placement.domain.overriding import RESTRICTED
from placement.domain.periods import Period
from placement.domain.services import SERVICE_TYPE, rating_label
from placement.domain.states import YESES, OfferState
from placement.matching.judging.ranking import ranked
from placement.matching.problem.instance import Instance
from placement.planning.eligibility import restriction, stands_against
from placement.planning.keys import unit_id_of
from placement.planning.shortlists import RefusedMatch, shortlist
from placement.planning.snapshot import instance_of
from placement.records.councils import council_of
from placement.records.offers import Offer
from placement.records.providers import Unit
from placement.records.referrals import Referral

PLAINLY: Mapping[str, str] = {
    "nights": "It has no free place on all of the days that are needed.",
    "pool": "Its free places are taken by others on the days that are needed.",
    "crises": "Its free places are kept for planned breaks on the days that are needed.",
    RESTRICTED: "The council has restricted who may move in here, and nobody has agreed to it for you.",
}
"""Why a place that could be chosen otherwise is not available, for the person who reads it."""
MAY_BE_OFFERED = UP_TO_THE_PERSON | set(PLAINLY) | {"hold"}
"""What else a rule refuses, no person is offered. What is held back for others, a human may give."""
UNASKED: Mapping[str, Any] = {"budget_weekly_pence": None, "max_miles": None, "hold_above": None}
"""The need without what these rules look at."""
OFFERED, INTERESTED, BY_NUMBERS = "offered", "interested", "by_numbers"
BEST = 4
"""How many places are ticked at first: the yeses, and the best of the ranked list up to so many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PossibleOption:
    """A place that can be offered: its facts, its rank in the list (None: not in it), and whether it is suggested."""

    facts: OptionFacts
    unit: Unit
    rank: int | None
    is_suggested: bool


@dataclass(frozen=True, slots=True)
class _Place:
    """One unit with what the list says of it, and the provider's yes if there is one."""

    unit: Unit
    miles: float | None
    start_on: date
    end_on: date | None
    rank: int | None
    refused: tuple[str, ...]
    offer: Offer | None = None


def possible_options(session: Session, referral: Referral, *, now: datetime) -> list[PossibleOption]:
    """Return what can be offered to the person of a referral: the yeses, then the ranked list, then what else there is.

    At the end stand places that only the person's money or distance speaks against, best first, and those that have no
    place free on these nights, nearest first.
    """
    every = _every_place(session, referral, now)
    yeses = {each.unit_id: each for each in offers_of(session, referral) if each.state in YESES}
    said = [_answered(session, referral, each, yeses[each.unit.id], now) for each in every if each.unit.id in yeses]
    rest = [each for each in every if each.unit.id not in yeses]
    places = [place for place in (*said, *rest) if set(place.refused) <= MAY_BE_OFFERED]
    best = [each for each in places if not each.refused][:BEST]
    return [
        PossibleOption(
            facts=_facts(session, referral, place),
            unit=place.unit,
            rank=place.rank,
            is_suggested=place.offer is not None or place in best,
        )
        for place in places
    ]


def _every_place(session: Session, referral: Referral, now: datetime) -> list[_Place]:
    """Return every unit once: the ranked list, then what money and distance alone kept out of it, then all others."""
    every, day = shortlist(session, referral, now=now), today(now)
    listed = [_Place(each.unit, each.miles, each.start_on, each.end_on, each.rank, ()) for each in every.listed]
    refused = {each.unit.id: each for each in every.refused}
    instance = instance_of(session, [referral], now=now)
    (need,) = instance.needs
    wider = ranked(replace(instance, needs=(replace(need, **UNASKED),)), need.id)
    added = {unit_id_of(each.unit): each.start for each in wider.options if unit_id_of(each.unit) in refused}
    more = [
        _refused(refused[unit], Period.lasting(day + timedelta(days=start), need.nights))
        for unit, start in added.items()
    ]
    first = Period.lasting(max(day, referral.earliest_on or day), need.nights)
    others = sorted((each for unit, each in refused.items() if unit not in added), key=_nearness)
    closed = _restricted(session, referral, instance)
    return [_with(place, closed) for place in (*listed, *more, *(_refused(each, first) for each in others))]


def _restricted(session: Session, referral: Referral, instance: Instance) -> frozenset[int]:
    """Return the units of restricted providers about which no manager has decided for this person."""
    decided, facts = overrides_of(session, referral), {unit_id_of(each.id): each for each in instance.units}
    told = {unit_id: words for unit_id, each in facts.items() if (words := restriction(each))}
    return frozenset(unit_id for unit_id, words in told.items() if not overridden(decided.get(unit_id), words))


def _with(place: _Place, closed: Collection[int]) -> _Place:
    return replace(place, refused=(*place.refused, RESTRICTED)) if place.unit.id in closed else place


def _refused(match: RefusedMatch, nights: Period) -> _Place:
    return _Place(match.unit, match.miles, nights.start, nights.end, None, match.rules)


def _nearness(match: RefusedMatch) -> tuple[float, int]:
    return float("inf") if match.miles is None else match.miles, match.unit.id


def _answered(session: Session, referral: Referral, place: _Place, offer: Offer, now: datetime) -> _Place:
    """Return a place as its provider has said: on the nights that it offers, the rules are asked again."""
    nights = Period.lasting(max(today(now), offer.offered_start_on or offer.start_on), referral.nights)
    told = stands_against(session, referral, place.unit, now=now, nights=nights)
    passed = overridden(overrides_of(session, referral).get(place.unit.id), told)
    refused = tuple(slug for slug in told if slug not in passed)
    return _Place(place.unit, place.miles, nights.start, nights.end, place.rank, refused, offer)


def _facts(session: Session, referral: Referral, place: _Place) -> OptionFacts:
    service, offer = place.unit.service, place.offer
    has_offered = offer is not None and offer.state is OfferState.OFFERED
    price = offer.weekly_pence if offer is not None and has_offered else place.unit.price_for(referral.support)
    top_up = top_up_pence(price, referral.budget_weekly_pence)
    offers = with_covered(place.unit.offers)
    wanted = [*referral.slugs(Strength.ESSENTIAL), *referral.slugs(Strength.DESIRABLE)]
    why_not = tuple(PLAINLY[slug] for slug in place.refused if slug in PLAINLY)
    kind = SERVICE_TYPE.get(service.service_type)
    return OptionFacts(
        unit_id=place.unit.id,
        offer_id=offer.id if offer else None,
        basis=BY_NUMBERS if offer is None else OFFERED if has_offered else INTERESTED,
        service_name=service.name,
        unit_name=place.unit.name,
        provider_name=service.provider.name,
        kind_of_service=kind.label if kind else service.service_type.replace("_", " "),
        address=service.address,
        postcode=service.postcode,
        is_in_city=council_of(session).has(service.authority),
        miles=place.miles,
        weekly_pence=price,
        top_up_pence=top_up,
        start_on=place.start_on,
        end_on=place.end_on,
        rating=rating_label(service.quality),
        rated_on=service.rated_on if service.quality is not None else None,
        conditions=offer.conditions if offer is not None and has_offered else "",
        meets=_labels(slug for slug in wanted if slug in offers),
        lacks=_labels(slug for slug in wanted if slug not in offers),
        is_available=not why_not,
        is_affordable=None if top_up is None else top_up == 0,
        why_not=why_not,
    )


def top_up_pence(price: int | None, budget: int | None) -> int | None:
    """Return what a place costs a week beyond a budget, in pence and never below 0; None where one is not known."""
    return None if price is None or budget is None else max(0, price - budget)


def _labels(slugs: Iterable[str]) -> tuple[str, ...]:
    return tuple(label_of(slug) for slug in slugs)


def chosen_options(possible: Sequence[PossibleOption], unit_ids: Iterable[int]) -> list[OptionFacts]:
    """Return the facts of the places that were ticked, in the order of the list."""
    ticked = set(unit_ids)
    return [each.facts for each in possible if each.facts.unit_id in ticked]
