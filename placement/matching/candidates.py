"""Every unit against a need, or against many, at once: the rules over arrays, and the starts that they leave open."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
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
        self.every = ~self.none
        self._passing: dict[tuple[str, Hashable], Bools] = {}

    def passes(self, rule: Rule, need: Need) -> Bools:
        """Return whether each unit passes the rule for the need."""
        screen = _screen(rule)
        return self._mask(rule.slug, screen, screen.key(need))

    def passing(self, rule: Rule, needs: Sequence[Need]) -> tuple[Bools, Whole] | None:
        """Return the different answers of a rule, K by U, and which of them each need gets; None: all pass."""
        screen = _screen(rule)
        keys = [screen.key(need) for need in needs]
        position = {key: index for index, key in enumerate(dict.fromkeys(keys))}
        if set(position) <= {None}:
            return None
        masks = np.array([self._mask(rule.slug, screen, key) for key in position])
        return masks, np.array([position[key] for key in keys], np.int64)

    def _mask(self, slug: str, screen: Screen, key: Hashable) -> Bools:
        if key is None:
            return self.every
        if not screen.is_shared:
            return screen.mask(self, key)
        known = self._passing.get((slug, key))
        if known is None:
            known = self._passing[slug, key] = screen.mask(self, key)
        return known

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
        return runs_of(self.free)

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
    def offers(self) -> NDArray[np.float32]:
        """Which units offer what, features (in the order of `offering`) by units."""
        return np.array(list(self.offering.values()), np.float32).reshape(len(self.offering), len(self.units))

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

    def refusals(self) -> Bools:
        """Return which rules refuse which units: len(RULES) by U."""
        return ~np.array([self.table.passes(rule, self.need) for rule in RULES]).reshape(len(RULES), -1)

    def allowed(self) -> Bools:
        """Return the units that no rule refuses."""
        allowed = self.table.every.copy()
        for rule in RULES:
            allowed &= self.table.passes(rule, self.need)
            if not allowed.any():
                break
        return allowed


@dataclass(frozen=True, slots=True)
class Screen:
    """A rule over arrays: what of a need it looks at (None: it refuses no unit), and which units pass that.

    `is_shared` says that many needs have the same key, so that its masks are worth keeping.
    """

    key: Callable[[Need], Hashable]
    mask: Callable[[UnitTable, Any], Bools]
    is_shared: bool = True


def _age(table: UnitTable, age: int) -> Bools:
    if age < 0:
        return np.asarray((table.min_age == 0) & (table.max_age == 150))
    return np.asarray((table.min_age <= age) & (age <= table.max_age))


def _essential(table: UnitTable, slugs: frozenset[str]) -> Bools:
    offered = table.every.copy()
    for slug in slugs:
        offered &= table.offering.get(slug, table.none)
    return offered


def _except(table: UnitTable, groups: Iterable[Sequence[int]]) -> Bools:
    allowed = table.every.copy()
    for group in groups:
        allowed[list(group)] = False
    return allowed


def _distance(table: UnitTable, key: tuple[float | None, float | None, float]) -> Bools:
    lat, lon, limit = key
    if lat is None or lon is None:
        return table.none
    return np.asarray(miles_from(lat, lon, table.lat, table.lon, limit) <= limit)


def _free(table: UnitTable, stay: tuple[int, int, int | None]) -> Bools:
    earliest, latest, nights = stay
    window = np.arange(earliest, latest + 1)
    lengths = np.minimum(window + (table.horizon if nights is None else nights), table.horizon) - window
    return np.asarray((table.run[:, earliest : latest + 1] >= lengths).any(axis=1))


def _hold(table: UnitTable, name: str) -> Bools:
    screening = Screening(table.setting.needs[name], table)
    return np.asarray(screening.open_starts.any(axis=1) | ~screening.free_starts.any(axis=1))


SCREENS: Mapping[str, Screen] = {
    "kind": Screen(
        lambda need: need.kind,
        lambda table, kind: _column(table.units, lambda unit: unit.kinds is None or kind in unit.kinds, bool),
    ),
    # No age passes only units for everybody: −1, for None says that a rule refuses no unit.
    "age": Screen(lambda need: -1 if need.age is None else need.age, _age),
    "gender": Screen(
        lambda need: need.gender or "",
        lambda table, gender: _column(table.units, lambda unit: (gender or None) in GENDERS_TAKEN[unit.gender], bool),
    ),
    "essential": Screen(lambda need: need.must_haves or None, _essential),
    "status": Screen(lambda _: "", lambda table, _: table.is_open),
    "budget": Screen(
        lambda need: need.budget_weekly_pence,
        lambda table, pence: np.asarray(~table.unpriced & (table.weekly_pence <= pence)),
    ),
    "distance": Screen(
        lambda need: None if need.max_miles is None else (need.lat, need.lon, need.max_miles),
        _distance,
        is_shared=False,
    ),
    "avoid": Screen(
        lambda need: need.avoid_services or None,
        lambda table, names: _except(table, (table.by_service.get(name, []) for name in names)),
        is_shared=False,
    ),
    "declined": Screen(
        lambda need: need.declined_units or None,
        lambda table, names: _except(table, ([table.position[name]] for name in names if name in table.position)),
        is_shared=False,
    ),
    "notice": Screen(lambda need: need.reply_within_hours, lambda table, hours: np.asarray(table.reply_hours <= hours)),
    "nights": Screen(lambda need: (need.earliest, need.latest, need.nights), _free),
    "hold": Screen(lambda need: None if need.hold_above is None else need.id, _hold, is_shared=False),
}
"""The rules once more, over arrays, for speed. RULES are the source; a property test holds the two together."""


def _screen(rule: Rule) -> Screen:
    """A rule without a screen is still a rule: one row in RULES is enough, only slower."""
    return SCREENS.get(rule.slug) or Screen(
        lambda need: need.id,
        lambda table, name: _column(
            table.units, lambda unit: rule.test(table.setting.needs[name], unit, table.setting), bool
        ),
        is_shared=False,
    )


def runs_of(places: NDArray[np.int16]) -> NDArray[np.int16]:
    """Return how many nights in a row have a place, from each night on; units by nights."""
    run = np.zeros(places.shape, np.int16)
    ahead = np.zeros(len(places), np.int16)
    for night in range(places.shape[1] - 1, -1, -1):
        ahead = np.where(places[:, night] > 0, ahead + 1, 0).astype(np.int16)
        run[:, night] = ahead
    return run


def _column(units: Sequence[Unit], value: Callable[[Unit], object], dtype: type) -> NDArray[Any]:
    return np.array([value(unit) for unit in units], dtype)


def _membership(units: Sequence[Unit], words: Callable[[Unit], frozenset[str]]) -> dict[str, Bools]:
    """Return for every word which units hold it."""
    members: dict[str, Bools] = {}
    for index, unit in enumerate(units):
        for word in words(unit):
            members.setdefault(word, np.zeros(len(units), bool))[index] = True
    return members
