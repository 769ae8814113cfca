"""Which places could be commissioned next: those that people without a place in the city would have needed.

An idea is an area, a need, a kind of referral and a type of service. Whoever had no place counts in one idea for each
type that they wanted: with the need that says most of them, and the area where they live. Ideas are put in order by
how many people five places would have served and for how many nights one would have been used, both exact; what a
place would really have done, a replay says (`planning/replay/more_places`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import median

from placement.domain.periods import Period
from placement.domain.services import SERVICE_TYPE
from placement.matching.problem.facts import Need, UnitFacts
from placement.planning.replay.history import PastPeriod
from placement.reports.asked import Asked
from placement.reports.cases import ReferralCase
from placement.reports.facets import FACETS, FacetGroup, NeedFacet
from placement.reports.need_lines import STEPS
from placement.reports.one_more import nights_used, served, within

MOST = 8
"""How many ideas are lived through: three replays each."""
ANY = ""
"""No need in the list, or no type of service wanted more than another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceIdea:
    """A place to think of, by the slugs of what it is for, and the unit that it would be.

    Where the people want no type more than another, `service_type` is that of the unit.
    """

    area: str
    need: str
    kind: str
    service_type: str
    model: UnitFacts


@dataclass(frozen=True, slots=True, order=True)
class _Sort:
    """What an idea is for."""

    area: str
    need: str
    kind: str
    service_type: str


def place_ideas(
    history: PastPeriod,
    people: Iterable[ReferralCase],
    names: Mapping[int, str],
    asked: Asked,
    span: Period,
    *,
    most: int = MOST,
) -> tuple[PlaceIdea, ...]:
    """Return the ideas that promise most for people without a place, of whom a replay of the history knows.

    `names` are the history's names of referrals, by their ids.
    """
    needs = {case.need.id: case.need for case in history.cases}
    by_sort: defaultdict[_Sort, list[ReferralCase]] = defaultdict(list)
    for case in people:
        if names.get(case.referral_id) in needs:
            for sort in _sorts(case, asked):
                by_sort[sort].append(case)
    found = []
    for sort in sorted(by_sort, key=lambda each: (_promise(by_sort[each], span), each)):
        asking = [needs[names[case.referral_id]] for case in by_sort[sort]]
        model = _model(sort, asking, history)
        if model is not None:
            found.append(_idea(sort, model))
        if len(found) == most:
            break
    return tuple(found)


def need_of(case: ReferralCase) -> NeedFacet | None:
    """Return the need that says most of somebody, as the table of facets has them: what is bought together first."""
    return next((facet for facet in FACETS if facet.group is FacetGroup.NEED and facet.holds(case)), None)


def _sorts(case: ReferralCase, asked: Asked) -> list[_Sort]:
    facet = need_of(case)
    area, need = asked.area_of(case.ward_code, case.authority), facet.slug if facet else ANY
    return [_Sort(area, need, case.kind, each) for each in sorted(case.types) or [ANY]]


def _promise(people: Sequence[ReferralCase], span: Period) -> tuple[int, int]:
    stays = within({case.person_id: case.stay for case in people}, span)
    return -len(served(stays, STEPS[-1])), -nights_used(stays.values())


def _idea(sort: _Sort, model: UnitFacts) -> PlaceIdea:
    of_model = min(model.offers & set(SERVICE_TYPE), default=ANY)
    return PlaceIdea(
        area=sort.area, need=sort.need, kind=sort.kind, service_type=sort.service_type or of_model, model=model
    )


def _model(sort: _Sort, asking: Sequence[Need], history: PastPeriod) -> UnitFacts | None:
    """Return the unit that such a place would be: made for the people who ask, and amid them.

    It is like the one of the city whose price and ages fit most of them, and of those whose own offer comes nearest; it
    offers whatever they cannot do without beside that, and is open to every gender and to this kind.
    None where the city has no unit with a price, so that nobody knows what one would cost.
    """
    marks = frozenset().union(*(need.must_haves for need in asking)) - set(SERVICE_TYPE)
    units = [unit for unit in history.units.values() if unit.authority == history.city and unit.weekly_pence]
    of_type = [unit for unit in units if sort.service_type in unit.offers] or units
    if not of_type:
        return None
    like = max(of_type, key=lambda unit: (*_likeness(unit, asking, marks), -_price(unit), unit.id))
    types = {sort.service_type} if sort.service_type in SERVICE_TYPE else like.offers & set(SERVICE_TYPE)
    lat, lon = _middle(asking) or (like.lat, like.lon)
    return replace(
        like,
        offers=(like.offers - set(SERVICE_TYPE)) | marks | types,
        kinds=frozenset({sort.kind}),
        gender="any",
        lat=lat,
        lon=lon,
    )


def _likeness(unit: UnitFacts, asking: Sequence[Need], marks: frozenset[str]) -> tuple[int, int]:
    """Return for how many such a place would do, and how much of what they cannot do without the unit has by itself."""
    return sum(_fits(need, unit, marks) for need in asking), sum(len(need.must_haves & unit.offers) for need in asking)


def _fits(need: Need, unit: UnitFacts, marks: frozenset[str]) -> bool:
    """Return whether a place like a unit's, with some more that it offers, is one for somebody."""
    is_of_age = need.age is None or unit.min_age <= need.age <= unit.max_age
    is_paid = need.budget_weekly_pence is None or (unit.price_for(need.support) or 0) <= need.budget_weekly_pence
    return is_of_age and is_paid and need.must_haves <= unit.offers | marks and not need.ruled_out & unit.offers


def _price(unit: UnitFacts) -> int:
    return unit.weekly_pence or 0


def _middle(asking: Sequence[Need]) -> tuple[float, float] | None:
    points = [(need.lat, need.lon) for need in asking if need.lat is not None and need.lon is not None]
    if not points:
        return None
    return round(median(lat for lat, _ in points), 6), round(median(lon for _, lon in points), 6)
