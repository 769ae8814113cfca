"""A country of councils: each has its own needs and units, and what they leave meets in one pass over the borders.

A council's first objective knows only its own units, and nobody else may meet it there; so councils by themselves reach
the best of the whole country on it, but for the few who wish to be elsewhere. Whoever finds nothing at home then
competes with all others of that kind for what is left anywhere.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from math import ceil, sqrt

from benchmarks.generator import FIRST_NIGHT, SCARCE, Area, a_need, a_unit
from placement.matching.problem.facts import Need, Span, UnitFacts
from placement.matching.problem.instance import Instance
from placement.matching.problem.plan import Plan

NOWHERE = "E99999999"
"""The city of the border pass: no unit lies in it, for everybody there is away from home."""
SOUTH, WEST, APART = 50.7, -4.2, (0.27, 0.44)
LEAST_MILES = 32
PLACES = (2, 3, 4, 6, 8, 10, 16)


@dataclass(frozen=True, slots=True, kw_only=True)
class Country:
    """How large the country is. Councils lie on a grid some twenty miles apart and differ in size up to fivefold."""

    seed: int
    needs: int = 100_000
    units: int = 15_000
    councils: int = 150

    def council(self, index: int) -> Instance:
        """Return the undated needs and the units of one council, always the same for the same index."""
        dice = random.Random(f"country {self.seed} {index}")
        across = ceil(sqrt(self.councils))
        north, east = divmod(index, across)
        area = Area(
            authority=f"E{index:08}", lat=SOUTH + APART[0] * north, lon=WEST + APART[1] * east, reach=APART[0] / 2
        )
        size = dice.uniform(1, 5) / 3 / self.councils
        units = [
            a_unit(dice, f"U{index:03}{number:05}", area, (Span(0, 1, dice.choice(PLACES)),))
            for number in range(round(self.units * size))
        ]
        needs = [
            a_need(dice, f"N{index:03}{number:05}", area, 0, 1, LEAST_MILES)
            for number in range(round(self.needs * size))
        ]
        return _instance(area.authority, units, needs)


def left_over(instance: Instance, plan: Plan) -> tuple[list[str], dict[str, int]]:
    """Return the needs that a plan leaves unplaced, and the places that it leaves by unit, where there are some."""
    taken = [match.unit for match in plan.matches]
    left = {unit.id: unit.free[0].places - taken.count(unit.id) for unit in instance.units}
    placed = {match.need for match in plan.matches}
    unplaced = [need.id for need in instance.needs if need.id not in placed]
    return unplaced, {unit: places for unit, places in left.items() if places}


def border(councils: Iterable[Instance], unplaced: set[str], left: Mapping[str, int]) -> Instance:
    """Return everybody who found nothing at home against everything that is left."""
    units: list[UnitFacts] = []
    needs: list[Need] = []
    for council in councils:
        needs += [need for need in council.needs if need.id in unplaced]
        units += [replace(unit, free=(Span(0, 1, left[unit.id]),)) for unit in council.units if unit.id in left]
    return _instance(NOWHERE, units, needs)


def _instance(city: str, units: list[UnitFacts], needs: list[Need]) -> Instance:
    return Instance(first_night=FIRST_NIGHT, nights=1, city=city, units=tuple(units), needs=tuple(needs), scarce=SCARCE)
