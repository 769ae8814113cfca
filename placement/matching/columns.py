"""The choices open to a plan: one column for each need, unit and start that no rule refuses, with its four costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

from placement.matching.candidates import Bools, Screening, UnitTable, Whole
from placement.matching.instance import Instance, Need
from placement.matching.objectives import TIE_BITS
from placement.matching.points import (
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

SUMMED = ("in_city", "placed", "fit", "cost")
"""The objectives that are worked out for every column; `tie` is hashed only for the few that are left to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Arrays of length C, by need, then unit, then start. `need` and `unit` are positions in `needs` and the table.

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

    def value(self, slug: str, of: Whole) -> Whole:
        """Return what each of these columns adds to the objective."""
        if slug in self.values:
            return np.asarray(self.values[slug][of])
        return np.array([self._tie(int(index)) for index in of], np.int64)

    def _tie(self, index: int) -> int:
        need, unit = self.needs[self.need[index]].id, self.table.units[self.unit[index]].id
        digest = sha256(f"{need}|{unit}|{self.start[index]}".encode()).digest()
        return int.from_bytes(digest[:8], "big") >> (64 - TIE_BITS)


def columns_of(instance: Instance) -> Columns:
    """Work out every column of the instance, the same in whatever order its parts were given."""
    table = UnitTable(instance)
    needs = sorted(instance.needs, key=lambda need: need.id)
    worth = _Worth(table)
    parts = [_of_one_need(index, Screening(need, table), worth) for index, need in enumerate(needs)]
    joined = [np.concatenate([part[row] for part in parts] or [np.empty(0, np.int64)]) for row in range(8)]
    need, unit, start, end, *values = joined
    summed = dict(zip(SUMMED, values, strict=True))
    return Columns(table=table, needs=needs, need=need, unit=unit, start=start, end=end, values=summed)


class _Worth:
    """The points of a unit that are the same for every need, and which scarce features it holds."""

    def __init__(self, table: UnitTable) -> None:
        rated = [NOT_RATED if unit.quality is None else unit.quality for unit in table.units]
        hopes = [ACCEPTANCE_UNKNOWN if unit.acceptance is None else unit.acceptance for unit in table.units]
        ages = np.array([unit.age_hours for unit in table.units], np.float64)
        self.points = FOR_QUALITY * np.array(rated, np.int64)
        self.points += np.rint(FOR_ACCEPTANCE * np.array(hopes, np.float64)).astype(np.int64)
        self.points -= np.minimum(OLDEST, np.floor(ages / 24)).astype(np.int64)
        self.scarce = {slug: table.offering[slug] for slug in table.instance.scarce if slug in table.offering}


def _of_one_need(index: int, screening: Screening, worth: _Worth) -> tuple[Whole, ...]:
    """Return the need's columns as eight arrays: need, unit, start, end and the four summed values."""
    need, table = screening.need, screening.table
    allowed = np.flatnonzero(screening.allowed())
    row, night = np.nonzero(screening.open_starts[allowed])
    unit = allowed[row]
    start, end = screening.window[night], screening.ends[night]
    fit = _fit_of_pairs(screening, worth)[unit] + _fit_of_starts(screening, unit, night)
    at_home = np.full(len(unit), True) if need.wants_out_of_city else table.in_city[unit]
    cost = table.weekly_pence[unit] * (end - start) // 700
    whole = np.full(len(unit), need.worth, np.int64)
    return (np.full(len(unit), index, np.int64), unit, start, end, whole * at_home, whole, fit, cost)


def _fit_of_pairs(screening: Screening, worth: _Worth) -> Whole:
    """Return the points of each unit that do not depend on the start."""
    need, table = screening.need, screening.table
    points = worth.points.copy()
    for slug in need.wishes & table.offering.keys():
        points += FOR_A_WISH * table.offering[slug]
    for slug in worth.scarce.keys() - need.essential - need.desirable:
        points += FOR_SOMETHING_SCARCE * worth.scarce[slug]
    quarters = np.floor(4 * np.nan_to_num(screening.miles)).astype(np.int64)
    points += np.maximum(FARTHEST, -quarters)
    for name, extra in need.extra_points.items():
        points[table.position[name]] += extra
    return points


def _fit_of_starts(screening: Screening, unit: Whole, night: NDArray[np.int64]) -> Whole:
    """Return the points of each column that depend on the start: delay, keeping what was proposed, prices."""
    need, table = screening.need, screening.table
    points = FOR_A_NIGHT.get(need.kind, FOR_A_NIGHT_OTHERWISE) * night - screening.prices[unit, night]
    if need.current is not None:
        kept: Bools = (unit == table.position[need.current.unit]) & (screening.window[night] == need.current.start)
        points += FOR_KEEPING * kept
    return np.asarray(points)
