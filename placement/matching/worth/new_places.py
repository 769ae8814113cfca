"""Kinds of place that a council could commission, and the unit that stands for more places of a kind.

A kind is what the place offers, whether it lies in the city, and its price in bands of £500 a week. Every kind that a
unit of the instance has is one; so is what each need asks for, its essentials with and without its wishes, in the city
and at the city's commonest band below that of its budget, or in that itself where there is none below.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median, median_low

from placement.matching.problem.facts import Need, Span, UnitFacts
from placement.matching.problem.instance import Instance

BAND_PENCE = 50_000
"""£500 a week: wide enough that neighbours in a market share one, narrow enough to budget by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceKind:
    """A kind of place; `band` counts bands of BAND_PENCE a week from 0, None where the price is not known."""

    offers: frozenset[str]
    in_city: bool
    band: int | None

    @property
    def key(self) -> tuple[bool, int, tuple[str, ...]]:
        """What kinds are put in order by: the city first, then from cheap to dear."""
        return (not self.in_city, -1 if self.band is None else self.band, tuple(sorted(self.offers)))

    def __str__(self) -> str:
        where = "in the city" if self.in_city else "elsewhere"
        floor = (self.band or 0) * BAND_PENCE // 100
        price = "price not known" if self.band is None else f"£{floor:,}–£{floor + BAND_PENCE // 100 - 1:,} a week"
        return f"{where}, {price}: {', '.join(sorted(self.offers)) or 'nothing special'}"


def kinds_of_place(instance: Instance) -> list[PlaceKind]:
    """Return every kind that occurs or is asked for, in a fixed order."""
    bands = Counter(band_of(unit.weekly_pence) for unit in instance.units if unit.authority == instance.city)
    found = {kind_of(unit, instance) for unit in instance.units}
    found |= {kind for need in instance.needs for kind in _asked_for(need, bands)}
    return sorted(found, key=lambda kind: kind.key)


def kind_of(unit: UnitFacts, instance: Instance) -> PlaceKind:
    """Return the kind of place that a unit has."""
    return PlaceKind(offers=unit.offers, in_city=unit.authority == instance.city, band=band_of(unit.weekly_pence))


def band_of(weekly_pence: int | None) -> int | None:
    """Return the band of a price."""
    return None if weekly_pence is None else weekly_pence // BAND_PENCE


def _asked_for(need: Need, bands: Counter[int | None]) -> Iterator[PlaceKind]:
    mine = band_of(need.budget_weekly_pence)
    under = [band for band in bands if band is not None and (mine is None or band < mine)]
    commonest = max(under, key=lambda band: (bands[band], -band), default=mine)
    for offers in (need.must_haves, need.must_haves | need.wishes):
        yield PlaceKind(offers=offers, in_city=True, band=commonest)


class Modeller:
    """Makes units that stand for new places: open to everybody, without a history, on all nights.

    A new place costs the median of its band and lies at the median point of its like: the units of its kind, or else
    those of its area, or else the needs. It has a service of its own, and no shared cap.
    """

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self._by_kind: dict[PlaceKind, list[UnitFacts]] = {}
        for unit in instance.units:
            self._by_kind.setdefault(kind_of(unit, instance), []).append(unit)
        self._taken = {unit.id for unit in instance.units} | {unit.service for unit in instance.units}

    def unit(self, kind: PlaceKind, number: int, places: int) -> UnitFacts:
        """Return the unit of this many new places; `number` tells it from those of other kinds."""
        name = f"new-{number}"
        while name in self._taken:
            name = f"new-{name}"
        lat, lon = self._point(kind)
        return UnitFacts(
            id=name,
            service=name,
            authority=self.instance.city if kind.in_city else self._elsewhere(kind),
            free=(Span(0, self.instance.nights, places),),
            offers=kind.offers,
            weekly_pence=self._price(kind),
            lat=lat,
            lon=lon,
        )

    def _price(self, kind: PlaceKind) -> int | None:
        if kind.band is None:
            return None
        units = (unit.weekly_pence for unit in self.instance.units)
        asked = (need.budget_weekly_pence for need in self.instance.needs)
        for prices in (units, asked):
            here = [price for price in prices if price is not None and band_of(price) == kind.band]
            if here:
                return median_low(here)
        return kind.band * BAND_PENCE

    def _elsewhere(self, kind: PlaceKind) -> str:
        like = self._by_kind.get(kind) or self._of_area(kind)
        return min(Counter(unit.authority for unit in like).items(), key=lambda entry: (-entry[1], entry[0]))[0]

    def _of_area(self, kind: PlaceKind) -> list[UnitFacts]:
        return [unit for unit in self.instance.units if (unit.authority == self.instance.city) == kind.in_city]

    def _point(self, kind: PlaceKind) -> tuple[float, float] | tuple[None, None]:
        for like in (self._by_kind.get(kind, ()), self._of_area(kind), self.instance.needs):
            points = list(_points(like))
            if points:
                return round(median(lat for lat, _ in points), 6), round(median(lon for _, lon in points), 6)
        return None, None


def _points(facts: Iterable[UnitFacts] | Sequence[Need]) -> Iterator[tuple[float, float]]:
    for fact in facts:
        if fact.lat is not None and fact.lon is not None:
            yield fact.lat, fact.lon
