"""The instance as one pair at a time sees it: nights free, nights paid for, stays cut at the horizon. No numpy."""

from __future__ import annotations

from collections.abc import Iterable

from placement.matching.judging.distance import miles_between
from placement.matching.judging.nights import left_for_crises, runs_with_a_place
from placement.matching.problem.facts import Need, UnitFacts
from placement.matching.problem.instance import Instance
from placement.matching.problem.series import stays_of


class Setting:
    """Look-ups that rules, objectives, checker and explanation share; each stay of a series is a need of its own."""

    def __init__(self, instance: Instance) -> None:
        self.stays = stays_of(instance)
        self.instance = instance = self.stays.instance
        self.city = instance.city
        self.scarce = instance.scarce
        self.horizon = instance.nights
        self.needs = {need.id: need for need in instance.needs}
        self.units = {unit.id: unit for unit in instance.units}
        self._runs = {unit.id: runs_with_a_place(unit.free) for unit in instance.units}
        self._pool_runs = {cap.id: runs_with_a_place(cap.spans(instance.nights)) for cap in instance.shared_caps}
        self._crisis_runs = {
            unit.id: runs_with_a_place(left_for_crises(unit, instance.nights))
            for unit in instance.units
            if unit.crisis_places
        }
        self.last_narrowed: tuple[Need, UnitFacts, tuple[list[int], str | None]] | None = None  # kept by `starts`
        self._prices: dict[str, list[tuple[int, int, int]]] = {}
        for price in instance.prices:
            self._prices.setdefault(price.unit, []).append((price.start, price.end, price.points))

    def end(self, need: Need, start: int) -> int:
        """Return the night on which a stay is over, at most the horizon."""
        return self.horizon if need.nights is None else min(start + need.nights, self.horizon)

    def has_place(self, unit: UnitFacts, start: int, end: int) -> bool:
        """Whether at least one place is free on every night of `[start, end)`."""
        return _covers(self._runs[unit.id], start, end)

    def has_pool(self, unit: UnitFacts, start: int, end: int) -> bool:
        """Whether every pool that the unit shares has a place left on every night of `[start, end)`."""
        return all(_covers(self._pool_runs[cap], start, end) for cap in unit.shared)

    def has_crisis_place(self, unit: UnitFacts, start: int, end: int) -> bool:
        """Whether a place for a crisis is left on every night of `[start, end)`; where there is none at all, a rule of
        its own says so."""
        return not unit.crisis_places or _covers(self._crisis_runs[unit.id], start, end)

    def price(self, unit: UnitFacts, start: int, end: int) -> int:
        """Return the points that the nights `[start, end)` of one place are priced at."""
        spans = self._prices.get(unit.id, ())
        return sum(points * max(0, min(end, last) - max(start, first)) for first, last, points in spans)

    def held_back(self, need: Need, unit: UnitFacts, start: int) -> bool:
        """Whether the nights of this stay are priced above what the need may spend."""
        return need.hold_above is not None and self.price(unit, start, self.end(need, start)) > need.hold_above

    def miles(self, need: Need, unit: UnitFacts) -> float | None:
        """Return the miles between the need's point and the unit's, None where either is missing."""
        if need.lat is None or need.lon is None or unit.lat is None or unit.lon is None:
            return None
        return miles_between(need.lat, need.lon, unit.lat, unit.lon)

    def in_city(self, unit: UnitFacts) -> bool:
        """Whether the unit lies in the council's area, by its authority's code and never by its postcode."""
        return unit.authority == self.city

    def met_in_city(self, need: Need, unit: UnitFacts) -> bool:
        """Whether this match meets the need in city: there, or anywhere if the person wants to be elsewhere."""
        return need.wants_out_of_city or self.in_city(unit)


def _covers(runs: Iterable[tuple[int, int]], start: int, end: int) -> bool:
    return any(first <= start and end <= last for first, last in runs)
