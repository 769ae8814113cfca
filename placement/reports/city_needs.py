"""What the city needs next: for whom there was no place in it, by need, kind, type of service and locality.

It may leave the council: every count of people in it went through `small_numbers.protected`, all of them at once, and
what is told beside a count (nights, pounds) is told only where the count is. A person counts once, with the newest of
their referrals that found no place in the city. Where they live and what they need stay what they were: nothing is
netted, neither across areas nor across needs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from functools import cached_property
from itertools import product

from sqlalchemy.orm import Session

from placement.domain.clocks import today
from placement.domain.periods import Period
from placement.domain.states import ReferralState
from placement.records.referrals import Referral
from placement.reports.asked import Area, Asked
from placement.reports.cases import Outcome, ReferralCase, cases
from placement.reports.counting import Counting
from placement.reports.facets import FACETS, Cluster, FacetGroup, NeedFacet, clusters
from placement.reports.need_lines import STEPS, CityNeeds, NeedLine
from placement.reports.one_more import Nights, nights_used, served, within
from placement.reports.quarters import Quarters, quarters
from placement.reports.small_numbers import FEWEST, Key, Told, protected

YEAR, QUARTER, OUTSIDE = "year", "quarter", "outside"
"""Whom is counted: everybody of the year; of them those of its last quarter; of them those placed outside the city."""
_TENS, _HUNDREDS = 10, 100_00
_WEEKS_A_MONTH = 52 / 12
Spot = tuple[str, bool, bool]
"""An area, whether in the last quarter, whether placed outside the city."""


def city_needs(session: Session, asked: Asked) -> CityNeeds:
    """Return the answer for the council and the areas that are asked about; five queries."""
    return told_of(unmet_people(session, asked, quarters(today(asked.now)).year), asked)


def told_of(people: Sequence[ReferralCase], asked: Asked) -> CityNeeds:
    """Return what may be told of people without a place: a case each, all of the four quarters before the present."""
    return _Count(spans=quarters(today(asked.now)), areas=asked.areas(), asked=asked, cases=people).answer()


def unmet_people(session: Session, asked: Asked, span: Period) -> Sequence[ReferralCase]:
    """Return whoever asked in a span of days and had no place in the city: each person once, with the newest case."""
    day = timedelta(days=1)  # an instant's day in London may be another than in UTC: to be told apart below
    first = datetime.combine(span.start, time(), tzinfo=UTC) - day
    last = datetime.combine(span.end or today(asked.now), time(), tzinfo=UTC) + day
    meant = (
        Referral.council == asked.ward_set.authority,
        Referral.state != ReferralState.DRAFT,
        Referral.submitted_at >= first,
        Referral.submitted_at < last,
    )
    found = cases(session, *meant, now=asked.now)
    unmet = [case for case in found if case.is_unmet and case.submitted_at and span.holds(today(case.submitted_at))]
    newest = {case.person_id: case for case in sorted(unmet, key=lambda case: (case.submitted_at, case.referral_id))}
    return [newest[person] for person in sorted(newest)]


@dataclass(kw_only=True)
class _Count:
    """The counting of one answer."""

    spans: Quarters
    areas: tuple[Area, ...]
    asked: Asked
    cases: Sequence[ReferralCase]
    book: Counting = field(default_factory=Counting)

    @cached_property
    def _of(self) -> dict[int, ReferralCase]:
        return {case.person_id: case for case in self.cases}

    def answer(self) -> CityNeeds:
        """Count, protect, and put what may be told into lines."""
        facets = [facet for facet in FACETS if self._is_listed(facet)]
        self._count(facets)
        told = protected(self.book.figures())
        areas: tuple[Area | None, ...] = (None, *self.areas)
        lines = [self._line(told, facet, area) for facet in (None, *facets) for area in areas]
        return CityNeeds(
            spans=self.spans,
            areas=self.areas,
            lines={(line.facet, line.area.code if line.area else None): line for line in lines},
        )

    def _is_listed(self, facet: NeedFacet) -> bool:
        """Return whether a facet has a row: kinds make up everybody, of the rest nothing could be told of a few."""
        people = sum(facet.holds(case) for case in self.cases)
        return people >= (1 if facet.group is FacetGroup.KIND else FEWEST)

    def _count(self, facets: Sequence[NeedFacet]) -> None:
        """Count everybody once a cluster in the finest cells there are, and make what is told up from these.

        Clusters have nothing to do with each other but the ground on which they stand, so that whatever numbers agree
        with it can be: what cannot be worked out of any cell cannot be worked out at all.
        """
        for spot in self._spots:
            self.book.whole(_ground(spot), self._at[spot])
        for cluster in clusters(facets):
            for spot in self._spots:
                cells: dict[Key, list[int]] = {_cell(cluster, sort, spot): [] for sort in cluster.sorts}
                for one in self._at[spot]:
                    cells[_cell(cluster, cluster.sort_of(self._of[one]), spot)].append(one)
                self.book.parts(_ground(spot), cells)
            for facet in cluster.facets:
                sorts = [sort for sort in cluster.sorts if facet.marks <= sort]
                self._tell(facet, {spot: [_cell(cluster, sort, spot) for sort in sorts] for spot in self._spots})
        self._tell(None, {spot: [_ground(spot)] for spot in self._spots})

    @cached_property
    def _spots(self) -> list[Spot]:
        """Every area, in the last quarter or before, placed outside the city or not."""
        return list(product([area.code for area in self.areas], (True, False), (True, False)))

    @cached_property
    def _at(self) -> dict[Spot, list[int]]:
        found: dict[Spot, list[int]] = {spot: [] for spot in self._spots}
        for one, case in self._of.items():
            is_last = bool(case.submitted_at and self.spans.last.holds(today(case.submitted_at)))
            is_outside = case.outcome is Outcome.NOT_BY_CHOICE
            found[self.asked.area_of(case.ward_code, case.authority), is_last, is_outside].append(one)
        return found

    def _tell(self, facet: NeedFacet | None, cells: Mapping[Spot, list[Key]]) -> None:
        """Make up the figures of one facet, or of everybody, in each area and in the city."""
        for area in (None, *self.areas):
            spots = [spot for spot in self._spots if area is None or spot[0] == area.code]
            for span, at in (
                (YEAR, spots),
                (QUARTER, [s for s in spots if s[1]]),
                (OUTSIDE, [s for s in spots if s[2]]),
            ):
                self.book.sum(_key(span, facet, area), [cell for spot in at for cell in cells[spot]])
            year = _key(YEAR, facet, area)
            if len(people := self.book.people(year)) >= FEWEST:
                stays = self._stays(people)
                for step in STEPS:
                    self.book.part(year, (*year, "served", str(step)), served(stays, step))

    def _stays(self, people: Iterable[int]) -> dict[int, Nights]:
        return within({one: self._of[one].stay for one in people}, self.spans.year)

    def _line(self, told: Mapping[Key, Told], facet: NeedFacet | None, area: Area | None) -> NeedLine:
        key = _key(YEAR, facet, area)
        group = self.book.people(key)
        people, outside = told[key], told[_key(OUTSIDE, facet, area)]
        waited = sum(self._of[one].nights for one in group)
        return NeedLine(
            facet=facet,
            area=area,
            people=people,
            last=told[_key(QUARTER, facet, area)],
            outside=outside,
            nights=_to(_TENS, waited) if people else None,
            monthly_pence=_monthly([self._of[one] for one in group]) if outside else None,
            used=_to(_TENS, nights_used(self._stays(group).values())) if people else None,
            served={step: told.get((*key, "served", str(step))) for step in STEPS},
        )


def _ground(spot: Spot) -> Key:
    return ("ground", *map(str, spot))


def _cell(cluster: Cluster, sort: frozenset[str], spot: Spot) -> Key:
    return ("cell", cluster.slug, " ".join(sorted(sort)), *map(str, spot))


def _key(span: str, facet: NeedFacet | None, area: Area | None = None) -> Key:
    whose = (facet.group.value, facet.slug) if facet else ()
    return (span, *whose, *(("in", area.code) if area else ()))


def _to(step: int, number: float) -> int:
    return step * round(number / step)


def _monthly(group: Iterable[ReferralCase]) -> int | None:
    """Return what the places outside cost in a month, to the nearest hundred pounds; None for too few prices."""
    found = (case.found for case in group if case.outcome is Outcome.NOT_BY_CHOICE)
    prices = [place.weekly_pence for place in found if place and place.weekly_pence is not None]
    return _to(_HUNDREDS, sum(prices) * _WEEKS_A_MONTH) if len(prices) >= FEWEST else None
