"""Every unit against one need at once: the rules as numpy arrays over units, and the starts that they leave open."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from placement.matching.distance import miles_from
from placement.matching.instance import Instance, Need, Unit
from placement.matching.rules import CLOSED_STATUSES, GENDERS_TAKEN, RULES, Rule
from placement.matching.setting import Setting

Bools = NDArray[np.bool_]
Whole = NDArray[np.int64]


class UnitTable:
    """The units of an instance as columns of length U, in the order of their ids."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.horizon = instance.nights
        self.units = sorted(instance.units, key=lambda unit: unit.id)
        self.position = {unit.id: index for index, unit in enumerate(self.units)}
        units = self.units
        self.in_city = _column(units, lambda unit: unit.authority == instance.city, bool)
        self.min_age = _column(units, lambda unit: unit.min_age, np.int64)
        self.max_age = _column(units, lambda unit: unit.max_age, np.int64)
        self.unpriced = _column(units, lambda unit: unit.weekly_pence is None, bool)
        self.weekly_pence = _column(units, lambda unit: unit.weekly_pence or 0, np.int64)
        self.reply_hours = _column(units, lambda unit: unit.reply_hours, np.float64)
        self.is_open = _column(units, lambda unit: unit.status not in CLOSED_STATUSES, bool)
        self.lat = _column(units, lambda unit: np.nan if unit.lat is None else unit.lat, np.float64)
        self.lon = _column(units, lambda unit: np.nan if unit.lon is None else unit.lon, np.float64)
        self.by_service: dict[str, list[int]] = {}
        for index, unit in enumerate(units):
            self.by_service.setdefault(unit.service, []).append(index)
        self.offering = _membership(units, lambda unit: unit.offers)
        self.none = np.zeros(len(units), bool)
        self._by_kind: dict[str, Bools] = {}
        self._by_gender: dict[str | None, Bools] = {}

    def takes_kind(self, kind: str) -> Bools:
        """Whether each unit takes this kind of referral."""
        if kind not in self._by_kind:
            self._by_kind[kind] = _column(self.units, lambda unit: unit.kinds is None or kind in unit.kinds, bool)
        return self._by_kind[kind]

    def takes_gender(self, gender: str | None) -> Bools:
        """Whether each unit takes this gender."""
        if gender not in self._by_gender:
            takes = _column(self.units, lambda unit: gender in GENDERS_TAKEN[unit.gender], bool)
            self._by_gender[gender] = takes
        return self._by_gender[gender]

    @cached_property
    def free(self) -> NDArray[np.int16]:
        """Places free, units by nights."""
        places = np.zeros((len(self.units), self.horizon), np.int16)
        for index, unit in enumerate(self.units):
            for start, end, count in unit.free:
                places[index, start:end] = count
        return places

    @cached_property
    def run(self) -> NDArray[np.int16]:
        """How many nights in a row have a place, from each night on; units by nights."""
        run = np.zeros(self.free.shape, np.int16)
        ahead = np.zeros(len(self.units), np.int16)
        for night in range(self.horizon - 1, -1, -1):
            ahead = np.where(self.free[:, night] > 0, ahead + 1, 0).astype(np.int16)
            run[:, night] = ahead
        return run

    @cached_property
    def paid(self) -> Whole | None:
        """Points of the nights before each night, units by nights + 1; None where nothing is priced."""
        if not self.instance.prices:
            return None
        nightly = np.zeros((len(self.units), self.horizon), np.int64)
        for price in self.instance.prices:
            nightly[self.position[price.unit], price.start : price.end] = price.points
        return np.concatenate([np.zeros((len(self.units), 1), np.int64), np.cumsum(nightly, axis=1)], axis=1)

    @cached_property
    def setting(self) -> Setting:
        """The same instance, one pair at a time."""
        return Setting(self.instance)


class Screening:
    """One need held against all units. Arrays have length U, or U by the W starts of the need's window."""

    def __init__(self, need: Need, table: UnitTable) -> None:
        self.need = need
        self.table = table
        self.window = np.arange(need.earliest, need.latest + 1)
        length = table.horizon if need.nights is None else need.nights
        self.ends = np.minimum(self.window + length, table.horizon)

    @cached_property
    def miles(self) -> NDArray[np.float64]:
        """Miles to each unit, NaN where a point is missing."""
        if self.need.lat is None or self.need.lon is None:
            return np.full(len(self.table.units), np.nan)
        return miles_from(self.need.lat, self.need.lon, self.table.lat, self.table.lon, self.need.max_miles)

    @cached_property
    def free_starts(self) -> Bools:
        """The starts with a place free on every night, U by W."""
        return np.asarray(self.table.run[:, self.window] >= (self.ends - self.window))

    @cached_property
    def open_starts(self) -> Bools:
        """The free starts whose nights the need may pay for, U by W."""
        limit = self.need.hold_above
        return self.free_starts if limit is None else self.free_starts & (self.prices <= limit)

    @cached_property
    def prices(self) -> Whole:
        """The points that the nights of each start are priced at, U by W."""
        paid = self.table.paid
        if paid is None:
            return np.zeros((len(self.table.units), len(self.window)), np.int64)
        return np.asarray(paid[:, self.ends] - paid[:, self.window])

    def passes(self, rule: Rule) -> Bools:
        """Return whether each unit passes the rule."""
        if rule.slug in SCREENS:
            return SCREENS[rule.slug](self)
        # A rule without a screen is still a rule: one row in RULES is enough, only slower.
        setting = self.table.setting
        return _column(self.table.units, lambda unit: rule.test(self.need, unit, setting), bool)

    def refusals(self) -> Bools:
        """Return which rules refuse which units: len(RULES) by U."""
        return ~np.array([self.passes(rule) for rule in RULES]).reshape(len(RULES), len(self.table.units))

    def allowed(self) -> Bools:
        """Return the units that no rule refuses."""
        allowed = ~self.table.none
        for rule in RULES:
            allowed &= self.passes(rule)
            if not allowed.any():
                break
        return allowed


def _age(screening: Screening) -> Bools:
    table, age = screening.table, screening.need.age
    if age is None:
        return np.asarray((table.min_age == 0) & (table.max_age == 150))
    return np.asarray((table.min_age <= age) & (age <= table.max_age))


def _essential(screening: Screening) -> Bools:
    offered = ~screening.table.none
    for slug in screening.need.must_haves:
        offered &= screening.table.offering.get(slug, screening.table.none)
    return offered


def _budget(screening: Screening) -> Bools:
    table, budget = screening.table, screening.need.budget_weekly_pence
    return ~table.none if budget is None else np.asarray(~table.unpriced & (table.weekly_pence <= budget))


def _distance(screening: Screening) -> Bools:
    limit = screening.need.max_miles
    return ~screening.table.none if limit is None else np.asarray(screening.miles <= limit)


def _avoid(screening: Screening) -> Bools:
    return _except(screening, (screening.table.by_service.get(name, []) for name in screening.need.avoid_services))


def _declined(screening: Screening) -> Bools:
    position = screening.table.position
    return _except(screening, ([position[name]] for name in screening.need.declined_units if name in position))


def _except(screening: Screening, groups: Iterable[Sequence[int]]) -> Bools:
    allowed = ~screening.table.none
    for group in groups:
        allowed[list(group)] = False
    return allowed


def _notice(screening: Screening) -> Bools:
    hours = screening.need.reply_within_hours
    return ~screening.table.none if hours is None else np.asarray(screening.table.reply_hours <= hours)


def _nights(screening: Screening) -> Bools:
    return np.asarray(screening.free_starts.any(axis=1))


def _hold(screening: Screening) -> Bools:
    if screening.need.hold_above is None:
        return ~screening.table.none
    return np.asarray(screening.open_starts.any(axis=1) | ~screening.free_starts.any(axis=1))


SCREENS: Mapping[str, Callable[[Screening], Bools]] = {
    "kind": lambda screening: screening.table.takes_kind(screening.need.kind),
    "age": _age,
    "gender": lambda screening: screening.table.takes_gender(screening.need.gender),
    "essential": _essential,
    "status": lambda screening: screening.table.is_open,
    "budget": _budget,
    "distance": _distance,
    "avoid": _avoid,
    "declined": _declined,
    "notice": _notice,
    "nights": _nights,
    "hold": _hold,
}
"""The rules once more, over arrays, for speed. RULES are the source; a property test holds the two together."""


def _column(units: Sequence[Unit], value: Callable[[Unit], object], dtype: type) -> NDArray[Any]:
    return np.array([value(unit) for unit in units], dtype)


def _membership(units: Sequence[Unit], words: Callable[[Unit], frozenset[str]]) -> dict[str, Bools]:
    """Return for every word which units hold it."""
    members: dict[str, Bools] = {}
    for index, unit in enumerate(units):
        for word in words(unit):
            members.setdefault(word, np.zeros(len(units), bool))[index] = True
    return members
