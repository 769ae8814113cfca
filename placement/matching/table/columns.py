"""The choices open to a plan: one column for each need, unit and start that no rule refuses, with its four costs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from placement.matching.judging.objectives import tie
from placement.matching.judging.points import (
    ACCEPTANCE_UNKNOWN,
    FARTHEST,
    FOR_A_NIGHT,
    FOR_A_NIGHT_OTHERWISE,
    FOR_A_WISH,
    FOR_ACCEPTANCE,
    FOR_KEEPING,
    FOR_QUALITY,
    FOR_SOMETHING_SCARCE,
    NOT_RATED,
    OLDEST,
)
from placement.matching.judging.rules import RULES
from placement.matching.judging.starts import STARTS
from placement.matching.problem.facts import Need
from placement.matching.problem.instance import Instance
from placement.matching.problem.series import TOGETHER
from placement.matching.table.arrays import Floats, Whole, spread
from placement.matching.table.company import add_company
from placement.matching.table.miles import miles_from
from placement.matching.table.screens import passing
from placement.matching.table.units import UnitTable

FIT = "fit"
SUMMED = ("in_city", "placed", FIT, "cost")
"""The objectives that are worked out for every column; `tie` is hashed only for the few that are left to it."""
LATER = {"distance", *STARTS} - {"nights"}
"""The rules that are cheaper to judge for the few pairs and stays that the others leave than for every unit."""
NEVER = 2**40
"""A night after all others."""
PAIRS_A_BLOCK = 2**22
"""Needs times units that are looked at together: what bounds the memory of the search for candidates."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Arrays of length C, by need, then unit, then start. `need` and `unit` are positions in `needs` and the table.
    Each stay of a series is a need.

    A stay is the nights `[start, end)`. `values` holds one array an objective, in its own sense and unit.
    """

    table: UnitTable
    needs: Sequence[Need]
    need: Whole
    unit: Whole
    start: Whole
    end: Whole
    values: dict[str, Whole]

    def __len__(self) -> int:
        return len(self.need)

    def total(self, slug: str, of: Whole) -> int:
        """Return what these columns add to the objective together, and those among them that belong together."""
        return int(self.value(slug, of).sum()) + (self.points_together(of) if slug == FIT else 0)

    def points_together(self, of: Whole) -> int:
        """Return the points of fit for stays of a series in one service, where these columns are chosen."""
        links, units = self.table.stays.links, self.table.units
        if not links:
            return 0
        service = {self.needs[self.need[one]].id: units[self.unit[one]].service for one in of.tolist()}
        counts = (Counter(service[name] for name in link.needs if name in service) for link in links)
        return sum(TOGETHER * (max(count.values()) - 1) for count in counts if count)

    @property
    def link(self) -> Whole:
        """Which series each need is a stay of, by its position among the links; −1 for a need of its own."""
        found = {name: index for index, link in enumerate(self.table.stays.links) for name in link.needs}
        return np.array([found.get(need.id, -1) for need in self.needs], np.int64)

    def value(self, slug: str, of: Whole) -> Whole:
        """Return what each of these columns adds to the objective."""
        if slug in self.values:
            return np.asarray(self.values[slug][of])
        fields = (self.need[of].tolist(), self.unit[of].tolist(), self.start[of].tolist())
        needs, units = self.needs, self.table.units
        lots = [tie(needs[need].id, units[unit].id, start) for need, unit, start in zip(*fields, strict=True)]
        return np.array(lots, np.int64)


def columns_of(instance: Instance) -> Columns:
    """Work out every column of the instance: each need, unit and start that no rule refuses.

    Returns
    -------
    Columns
        The same in whatever order the instance gives its parts. Beside the columns themselves (64 bytes each) it needs
        room for one block of needs against all units.
    """
    table = UnitTable(instance)
    needs = sorted(table.instance.needs, key=lambda need: need.id)
    worth = _Worth(table)
    size = max(1, PAIRS_A_BLOCK // max(1, len(table.units)))
    blocks = [_of_block(first, needs[first : first + size], worth) for first in range(0, len(needs), size)]
    joined = [np.concatenate(parts) for parts in zip(*blocks, strict=True)] or [np.empty(0, np.int64)] * 8
    need, unit, start, end, *values = joined
    summed = dict(zip(SUMMED, values, strict=True))
    return Columns(table=table, needs=needs, need=need, unit=unit, start=start, end=end, values=summed)


class _Worth:
    """The points of a unit that are the same for every need, and how features count."""

    def __init__(self, table: UnitTable) -> None:
        self.table = table
        rated = [NOT_RATED if unit.quality is None else unit.quality for unit in table.units]
        hopes = [ACCEPTANCE_UNKNOWN if unit.acceptance is None else unit.acceptance for unit in table.units]
        ages = np.array([unit.age_hours for unit in table.units], np.float64)
        self.points = FOR_QUALITY * np.array(rated, np.int64)
        self.points += np.rint(FOR_ACCEPTANCE * np.array(hopes, np.float64)).astype(np.int64)
        self.points -= np.minimum(OLDEST, np.floor(ages / 24)).astype(np.int64)
        self.feature = {slug: index for index, slug in enumerate(table.offering)}
        scarce = [slug in table.instance.scarce for slug in self.feature]
        self.unused = FOR_SOMETHING_SCARCE * np.array(scarce, np.float32)

    def of_features(self, needs: Sequence[Need]) -> NDArray[np.float32]:
        """Return the points for wishes met and for scarce features left unused, needs by units; whole numbers."""
        counts = np.tile(self.unused, (len(needs), 1))
        for row, need in enumerate(needs):
            for slug in (need.essential | need.desirable) & self.feature.keys():
                counts[row, self.feature[slug]] = 0
            for slug in need.wishes & self.feature.keys():
                counts[row, self.feature[slug]] = FOR_A_WISH
        return counts @ self.table.offers


class _Block:
    """Some needs against all units. Arrays are by need; absent limits are infinite, absent points NaN."""

    def __init__(self, needs: Sequence[Need], table: UnitTable) -> None:
        self.needs = needs
        self.earliest = np.array([need.earliest for need in needs], np.int64)
        self.latest = np.array([need.latest for need in needs], np.int64)
        self.nights = np.array([NEVER if need.nights is None else need.nights for need in needs], np.int64)
        self.lat = np.array([np.nan if need.lat is None else need.lat for need in needs], np.float64)
        self.lon = np.array([np.nan if need.lon is None else need.lon for need in needs], np.float64)
        self.reach = _limits(need.max_miles for need in needs)
        self.most_paid = _limits(need.hold_above for need in needs)
        self.delay = np.array([FOR_A_NIGHT.get(need.kind, FOR_A_NIGHT_OTHERWISE) for need in needs], np.int64)
        self.worth = np.array([need.worth for need in needs], np.int64)
        self.is_unplanned = np.array([need.is_unplanned for need in needs], bool)
        self.gender = np.array([need.gender for need in needs], object)
        self.anywhere = np.array([need.wants_out_of_city for need in needs], bool)


def _of_block(first: int, needs: Sequence[Need], worth: _Worth) -> tuple[Whole, ...]:
    """Return the columns of some needs as eight arrays: need, unit, start, end and the four summed values."""
    table, block = worth.table, _Block(needs, worth.table)
    need, unit = _pairs(needs, table)
    miles = miles_from(block.lat[need], block.lon[need], table.lat[unit], table.lon[unit], block.reach[need])
    near = (miles <= block.reach[need]) | np.isinf(block.reach[need])
    need, unit, miles = need[near], unit[near], miles[near]
    points = worth.points[unit] + worth.of_features(needs)[need, unit].astype(np.int64)
    points += np.maximum(FARTHEST, -np.floor(4 * np.nan_to_num(miles)).astype(np.int64))
    _add_extra(points, needs, need, unit, table)
    pair, start, end = _stays(block, need, unit, table)
    need, unit = need[pair], unit[pair]
    points = points[pair] + block.delay[need] * (start - block.earliest[need])
    if table.paid is not None:
        price = table.paid[unit, end] - table.paid[unit, start]
        points -= price
        open_still = price <= block.most_paid[need]
        need, unit, start, end, points = (each[open_still] for each in (need, unit, start, end, points))
    _add_kept(points, needs, need, unit, start, table)
    add_company(points, needs, need, unit, start, table)
    whole = block.worth[need]
    at_home = block.anywhere[need] | table.in_city[unit]
    cost = table.pence_of(needs, need, unit) * (end - start) // 700
    return first + need, unit, start, end, whole * at_home, whole, points, cost


def _has_stays(need: Need) -> bool:
    return bool(need.home_nights or need.apart_nights or need.booked_on)


def _limits(limits: Iterable[float | None]) -> Floats:
    return np.array([np.inf if limit is None else limit for limit in limits], np.float64)


def _pairs(needs: Sequence[Need], table: UnitTable) -> tuple[Whole, Whole]:
    """Return need (position in `needs`) and unit of each pair that no rule refuses, but those in LATER."""
    width = len(table.units)
    allowed = np.full((len(needs), (width + 7) // 8), 255, np.uint8)
    for rule in RULES:
        found = None if rule.slug in LATER else passing(rule, needs, table)
        if found is not None:
            masks, which = found
            allowed &= np.packbits(masks, axis=1)[which]
    bits = np.unpackbits(allowed, axis=1, count=width)
    need, unit = np.divmod(np.flatnonzero(bits), max(1, width))
    return need, unit


def _stays(block: _Block, need: Whole, unit: Whole, table: UnitTable) -> tuple[Whole, Whole, Whole]:
    """Return pair, start and end of every start with a place free on all its nights, by pair, then start."""
    start, pair = spread(block.earliest[need], block.latest[need] + 1)
    end = np.minimum(start + block.nights[need][pair], table.horizon)
    free = table.pooled_run[unit[pair], start] >= end - start
    return _clear(block, need, unit, table, pair[free], start[free], end[free])


def _clear(
    block: _Block, need: Whole, unit: Whole, table: UnitTable, pair: Whole, start: Whole, end: Whole
) -> tuple[Whole, Whole, Whole]:
    """Leave out the starts that the places for crises, the register, the person's own stays or the people who are there
    do not allow."""
    clear = np.ones(len(pair), bool)
    for index, run in table.crisis_run.items():
        here = np.flatnonzero((unit[pair] == index) & block.is_unplanned[need[pair]])
        clear[here] &= run[start[here]] >= end[here] - start[here]
    if table.leaving:
        until = np.full(len(table.units), NEVER)
        until[list(table.leaving)] = list(table.leaving.values())
        clear &= (until[unit[pair]] == NEVER) | (start + block.nights[need[pair]] <= until[unit[pair]])
    for row, mine in _rows(block.needs, need[pair], _has_stays):
        for night in block.needs[row].booked_on:
            clear[mine] &= (night < start[mine]) | (start[mine] + block.nights[row] <= night)
        for service, first, last in (*block.needs[row].home_nights, *block.needs[row].apart_nights):
            there = np.isin(unit[pair[mine]], table.by_service.get(service, []))
            clear[mine] &= ~(there & (start[mine] < last) & (first < end[mine]))
    for index, nights in table.alone_in.items():
        here = np.flatnonzero(unit[pair] == index)
        for first, last in nights:
            clear[here] &= ~((start[here] < last) & (first < end[here]))
    for index, residents in table.lived_in.items():
        here = np.flatnonzero(unit[pair] == index)
        for first, last, gender in residents:
            meets = (start[here] < last) & (first < end[here])
            clear[here] &= ~meets | ((block.gender[need[pair[here]]] == gender) if gender else False)
    return (pair, start, end) if clear.all() else (pair[clear], start[clear], end[clear])


def _add_extra(points: Whole, needs: Sequence[Need], need: Whole, unit: Whole, table: UnitTable) -> None:
    """Add the extra points of the pairs that have some."""
    for row, mine in _rows(needs, need, lambda each: bool(each.extra_points)):
        extra = np.zeros(len(table.units), np.int64)
        for name, more in needs[row].extra_points.items():
            extra[table.position[name]] = more
        points[mine] += extra[unit[mine]]


def _add_kept(points: Whole, needs: Sequence[Need], need: Whole, unit: Whole, start: Whole, table: UnitTable) -> None:
    """Add the points of the columns that were proposed before."""
    for row, mine in _rows(needs, need, lambda each: each.current is not None):
        current = needs[row].current
        if current is not None:
            there = unit[mine] == table.position[current.unit]
            points[mine] += FOR_KEEPING * (there & (start[mine] == current.start))


def _rows(needs: Sequence[Need], need: Whole, has: Callable[[Need], bool]) -> Iterator[tuple[int, slice]]:
    """Yield the needs that have something, each with its stretch of the arrays, which are by need."""
    rows = [row for row, each in enumerate(needs) if has(each)]
    cuts = np.searchsorted(need, [rows, [row + 1 for row in rows]])
    for row, first, last in zip(rows, *cuts.tolist(), strict=True):
        yield row, slice(first, last)
