"""The rules over arrays: which units pass, for one need or for many that ask the same."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from placement.matching.judging.rules import GENDERS_TAKEN, Rule
from placement.matching.problem.facts import Need
from placement.matching.table.arrays import Bools, Whole
from placement.matching.table.miles import miles_from
from placement.matching.table.units import UnitTable, by_unit
from placement.matching.table.windows import Window


@dataclass(frozen=True, slots=True)
class Screen:
    """A rule over arrays: what of a need it looks at (None: it refuses no unit), and which units pass that.

    `is_shared` says that many needs have the same key, so that its masks are worth keeping; `is_broad`, that the mask
    also takes many keys at once, as an array of shape K by 1, and gives K by U.
    """

    key: Callable[[Need], Hashable]
    mask: Callable[[UnitTable, Any], Bools]
    is_shared: bool = True
    is_broad: bool = False


def _age(table: UnitTable, age: Whole) -> Bools:
    everybody = (table.min_age == 0) & (table.max_age == 150)
    return np.asarray(np.where(age < 0, everybody, (table.min_age <= age) & (age <= table.max_age)))


def _among(table: UnitTable, groups: Mapping[Any, Bools], passes: Callable[[Any], bool]) -> Bools:
    among = table.none.copy()
    for value, units in groups.items():
        if passes(value):
            among |= units
    return among


def _essential(table: UnitTable, slugs: frozenset[str]) -> Bools:
    offered = table.every.copy()
    for slug in slugs:
        offered &= table.offering.get(slug, table.none)
    return offered


def _not_offering(table: UnitTable, slugs: frozenset[str]) -> Bools:
    offered = table.none.copy()
    for slug in slugs:
        offered |= table.offering.get(slug, table.none)
    return ~offered


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
    return _has_run(table.run, stay)


def _pooled(table: UnitTable, stay: tuple[int, int, int | None]) -> Bools:
    if table.pooled_run is table.run:
        return table.every
    return np.asarray(_has_run(table.pooled_run, stay) | ~_has_run(table.run, stay))


def _has_run(run: NDArray[np.int16], stay: tuple[int, int, int | None]) -> Bools:
    (earliest, latest, nights), horizon = stay, run.shape[1]
    window = np.arange(earliest, latest + 1)
    lengths = np.minimum(window + (horizon if nights is None else nights), horizon) - window
    return np.asarray((run[:, earliest : latest + 1] >= lengths).any(axis=1))


def _by_start(slug: str, *, asks: Callable[[Need], bool]) -> Screen:
    """A rule about starts is asked of the need's own window; most say nothing of most needs and units."""

    def mask(table: UnitTable, need: Need) -> Bools:
        return table.every if slug in table.silent else Window(need, table).passing(slug)

    return Screen(lambda need: need if asks(need) else None, mask, is_shared=False)


def _within_budget(table: UnitTable, asked: tuple[int, str | None]) -> Bools:
    limit, support = asked
    prices = table.pence_for(support)
    return np.asarray((prices >= 0) & (prices <= limit))


SCREENS: Mapping[str, Screen] = {
    "kind": Screen(
        lambda need: need.kind,
        lambda table, kind: _among(table, table.by_kinds, lambda kinds: kinds is None or kind in kinds),
    ),
    "kept": Screen(lambda need: "" if need.is_unplanned else None, lambda table, _: ~table.is_kept),
    # No age passes only units for everybody: −1, for None says that a rule refuses no unit.
    "age": Screen(lambda need: -1 if need.age is None else need.age, _age, is_broad=True),
    "gender": Screen(
        lambda need: need.gender or "",
        lambda table, gender: _among(table, table.by_gender, lambda taken: (gender or None) in GENDERS_TAKEN[taken]),
    ),
    "essential": Screen(lambda need: need.must_haves or None, _essential),
    "status": Screen(lambda _: "", lambda table, _: table.is_open),
    "budget": Screen(
        lambda need: None if need.budget_weekly_pence is None else (need.budget_weekly_pence, need.support),
        _within_budget,
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
    "type": Screen(lambda need: need.ruled_out or None, _not_offering),
    "alone": Screen(lambda need: "" if need.alone else None, lambda table, _: table.is_single),
    "declined": Screen(
        lambda need: need.declined_units or None,
        lambda table, names: _except(table, ([table.position[name]] for name in names if name in table.position)),
        is_shared=False,
    ),
    "notice": Screen(
        lambda need: need.reply_within_hours,
        lambda table, hours: np.asarray(table.reply_hours <= hours),
        is_broad=True,
    ),
    "nights": Screen(lambda need: (need.earliest, need.latest, need.nights), _free),
    "pool": Screen(lambda need: (need.earliest, need.latest, need.nights), _pooled),
    "crises": _by_start("crises", asks=lambda need: need.is_unplanned),
    "register": _by_start("register", asks=lambda _: True),
    "home": _by_start("home", asks=lambda need: bool(need.home_nights)),
    "booked": _by_start("booked", asks=lambda need: bool(need.booked_on)),
    "apart": _by_start("apart", asks=lambda need: bool(need.apart_nights)),
    "solo": _by_start("solo", asks=lambda _: True),
    "same_gender": _by_start("same_gender", asks=lambda _: True),
    "hold": _by_start("hold", asks=lambda need: need.hold_above is not None),
}
"""The rules once more, over arrays, for speed. RULES are the source; a property test holds the two together."""


def passes(rule: Rule, need: Need, table: UnitTable) -> Bools:
    """Return whether each unit passes the rule for the need."""
    screen = _screen(rule)
    return _mask(rule.slug, screen, screen.key(need), table)


def passing(rule: Rule, needs: Sequence[Need], table: UnitTable) -> tuple[Bools, Whole] | None:
    """Return the different answers of a rule, K by U, and which of them each need gets; None: all pass."""
    screen = _screen(rule)
    keys = [screen.key(need) for need in needs]
    position = {key: index for index, key in enumerate(dict.fromkeys(keys))}
    if set(position) <= {None}:
        return None
    return _masks(rule.slug, screen, list(position), table), np.array([position[key] for key in keys], np.int64)


def _masks(slug: str, screen: Screen, keys: list[Hashable], table: UnitTable) -> Bools:
    if not screen.is_broad:
        return np.array([_mask(slug, screen, key, table) for key in keys])
    masks = np.ones((len(keys), len(table.units)), bool)
    rows = [row for row, key in enumerate(keys) if key is not None]
    masks[rows] = screen.mask(table, np.array([keys[row] for row in rows])[:, None])
    return masks


def _mask(slug: str, screen: Screen, key: Hashable, table: UnitTable) -> Bools:
    if key is None:
        return table.every
    if not screen.is_shared:
        return screen.mask(table, key)
    known = table.known.get((slug, key))
    if known is None:
        known = table.known[slug, key] = screen.mask(table, key)
    return known


def _screen(rule: Rule) -> Screen:
    """A rule without a screen is still a rule: one row in RULES is enough, only slower."""
    return SCREENS.get(rule.slug) or Screen(
        lambda need: need.id,
        lambda table, name: by_unit(
            table.units, lambda unit: rule.test(table.setting.needs[name], unit, table.setting), bool
        ),
        is_shared=False,
    )
