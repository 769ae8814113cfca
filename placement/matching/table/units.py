"""The units of an instance as arrays, each made once and only where something asks for it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from functools import cached_property
from operator import attrgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from placement.domain.states import BARRED
from placement.matching.judging.company import FEWEST_ALIKE
from placement.matching.judging.nights import left_for_crises
from placement.matching.judging.setting import Setting
from placement.matching.problem.facts import ONE_AT_A_TIME, Need, Neighbour, Nights, Resident, Span, UnitFacts
from placement.matching.problem.instance import Instance
from placement.matching.problem.series import stays_of
from placement.matching.table.arrays import Bools, Whole


class UnitTable:
    """The units of an instance as columns of length U, in the order of their ids.

    `stays` is the instance with each stay of a series as a need of its own, and `instance` the needs that this makes.
    `known` keeps which units pass a rule, by its slug and what it looks at of a need (see `screens`).
    """

    def __init__(self, instance: Instance) -> None:
        self._given = instance
        self.stays = stays_of(instance)
        self.instance = instance = self.stays.instance
        self.horizon = instance.nights
        self.units = sorted(instance.units, key=lambda unit: unit.id)
        self.position = {unit.id: index for index, unit in enumerate(self.units)}
        units = self.units
        self.in_city = by_unit(units, lambda unit: unit.authority == instance.city, bool)
        self.min_age = by_unit(units, attrgetter("min_age"), np.int64)
        self.max_age = by_unit(units, attrgetter("max_age"), np.int64)
        self._pence: dict[str | None, Whole] = {}
        self._priced_apart = {row.support for unit in units for row in unit.support_pence}
        self.reply_hours = by_unit(units, attrgetter("reply_hours"), np.float64)
        self.is_single = by_unit(units, lambda unit: unit.places == 1, bool)
        self.is_open = by_unit(units, lambda unit: unit.status not in BARRED, bool)
        self.lat = by_unit(units, attrgetter("lat"), np.float64)  # an absent one is NaN
        self.lon = by_unit(units, attrgetter("lon"), np.float64)
        self.by_service: dict[str, list[int]] = _grouped(units, attrgetter("service"))
        self.offering: dict[str, Bools] = _marked(_offering(units), len(units))
        self.by_gender = _marked(_grouped(units, attrgetter("gender")), len(units))
        self.by_kinds = _marked(_grouped(units, attrgetter("kinds")), len(units))
        self.none = np.zeros(len(units), bool)
        self.every = ~self.none
        self.known: dict[tuple[str, Hashable], Bools] = {}

    def pence_for(self, support: str | None) -> Whole:
        """Return what a place of each unit costs a week for somebody of a level of support; −1 where nobody knows."""
        level = support if support in self._priced_apart else None
        if level not in self._pence:
            prices = (unit.price_for(level) for unit in self.units)
            self._pence[level] = np.array([-1 if price is None else price for price in prices], np.int64)
        return self._pence[level]

    def pence_of(self, needs: Sequence[Need], need: Whole, unit: Whole) -> Whole:
        """Return what a place costs a week, 0 where nobody knows, by pairs: a need’s place in `needs`, and a unit."""
        levels = {level: number for number, level in enumerate(dict.fromkeys(each.support for each in needs))}
        prices = np.array([self.pence_for(level) for level in levels], np.int64).reshape(len(levels), len(self.units))
        of = np.array([levels[each.support] for each in needs], np.int64)
        return np.maximum(prices[of[need], unit], 0)

    @cached_property
    def free(self) -> NDArray[np.int16]:
        """Places free, units by nights."""
        rows = [by_night(unit.free, self.horizon) for unit in self.units]
        return np.array(rows, np.int16).reshape(len(self.units), self.horizon)

    @cached_property
    def run(self) -> NDArray[np.int16]:
        """How many nights in a row have a place, from each night on; units by nights."""
        return runs_of(self.free)

    @cached_property
    def pooled_run(self) -> NDArray[np.int16]:
        """The same where the pools that a unit shares have a place as well; `run` itself where there is no pool."""
        left = {cap.id: by_night(cap.spans(self.horizon), self.horizon) for cap in self.instance.shared_caps}
        if not left:
            return self.run
        places = self.free.copy()
        for index, unit in enumerate(self.units):
            for cap in unit.shared:
                np.minimum(places[index], left[cap], out=places[index])
        return runs_of(places)

    @cached_property
    def leaving(self) -> dict[int, int]:
        """The night from which the service is in the register no more, by the position of the unit."""
        ends = ((index, unit.registered_until) for index, unit in enumerate(self.units))
        return {index: end for index, end in ends if end is not None}

    @cached_property
    def silent(self) -> frozenset[str]:
        """The rules about starts that have nothing to say of any of these units."""
        said_by = {
            "crises": self.crisis_left,
            "register": self.leaving,
            "solo": self.alone_in,
            "same_gender": self.lived_in,
        }
        return frozenset(slug for slug, known in said_by.items() if not known)

    @cached_property
    def lived_in(self) -> dict[int, tuple[Resident, ...]]:
        """Who is already in the units that take one gender at a time, by position."""
        same = ((index, unit) for index, unit in enumerate(self.units) if unit.gender == ONE_AT_A_TIME)
        return {index: unit.residents for index, unit in same if unit.residents}

    @cached_property
    def alone_in(self) -> dict[int, tuple[Nights, ...]]:
        """The nights on which somebody is in a unit who must live alone, by position."""
        return {index: unit.solo for index, unit in enumerate(self.units) if unit.solo}

    @cached_property
    def company(self) -> dict[int, tuple[Neighbour, ...]]:
        """Who lives in the units in which two people or more do, by position."""
        there = ((index, unit.company) for index, unit in enumerate(self.units))
        return {index: company for index, company in there if len(company) >= FEWEST_ALIKE}

    @cached_property
    def crisis_left(self) -> dict[int, NDArray[np.int16]]:
        """The places for a crisis left on each night, by the position of the units that have so many and no more."""
        few = ((index, unit) for index, unit in enumerate(self.units) if unit.crisis_places)
        return {index: by_night(left_for_crises(unit, self.horizon), self.horizon) for index, unit in few}

    @cached_property
    def crisis_run(self) -> dict[int, NDArray[np.int16]]:
        """How many nights in a row a place for a crisis is left, from each night on, by the same positions."""
        return {index: runs_of(left[None])[0] for index, left in self.crisis_left.items()}

    @cached_property
    def is_kept(self) -> Bools:
        """Which units take nobody who comes unplanned."""
        return by_unit(self.units, lambda unit: unit.crisis_places == 0, bool)

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
        return Setting(self._given)


def by_night(free: Iterable[Span], nights: int) -> NDArray[np.int16]:
    """Return how many places are free on each night."""
    places = np.zeros(nights, np.int16)
    for start, end, count in free:
        places[start:end] = count
    return places


def runs_of(places: NDArray[np.int16]) -> NDArray[np.int16]:
    """Return how many nights in a row have a place, from each night on; units by nights."""
    run = np.zeros(places.shape, np.int16)
    ahead = np.zeros(len(places), np.int16)
    for night in range(places.shape[1] - 1, -1, -1):
        ahead = np.where(places[:, night] > 0, ahead + 1, 0).astype(np.int16)
        run[:, night] = ahead
    return run


def by_unit(units: Sequence[UnitFacts], value: Callable[[UnitFacts], object], dtype: type) -> NDArray[Any]:
    """Return one value for each unit."""
    return np.array(list(map(value, units)), dtype)


def _grouped(units: Sequence[UnitFacts], value: Callable[[UnitFacts], Any]) -> dict[Any, list[int]]:
    """Return for every value the positions of the units that have it."""
    groups: dict[Any, list[int]] = {}
    for index, unit in enumerate(units):
        groups.setdefault(value(unit), []).append(index)
    return groups


def _offering(units: Sequence[UnitFacts]) -> dict[str, list[int]]:
    """Return for every feature the positions of the units that offer it."""
    holders: dict[str, list[int]] = {}
    for index, unit in enumerate(units):
        for feature in unit.offers:
            holders.setdefault(feature, []).append(index)
    return holders


def _marked(groups: dict[Any, list[int]], units: int) -> dict[Any, Bools]:
    """Return the groups as masks."""
    masks = np.zeros((len(groups), units), bool)
    for mask, group in zip(masks, groups.values(), strict=True):
        mask[group] = True
    return dict(zip(groups, masks, strict=True))
