"""What would open a place in the city: the smallest single change of what a need asks that really finds room there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from math import ceil

import numpy as np
from numpy.typing import NDArray

from placement.matching.judging.occupancy import Occupancy
from placement.matching.judging.reasons import counted, pounds
from placement.matching.judging.rules import RULES
from placement.matching.judging.starts import STARTS, is_open
from placement.matching.judging.stays import MatchedStay
from placement.matching.problem.facts import Need
from placement.matching.problem.plan import Relaxation
from placement.matching.table.arrays import Bools, Whole
from placement.matching.table.screening import Screening

MOST_SLUGS = 3
"""Essential needs offered for a second thought, those that open most units first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """A relaxation of one rule: the units it opens, the sentence, and the need as it would then be."""

    rule: str
    opens: tuple[str, ...]
    say: str
    need: Need

    @property
    def relaxation(self) -> Relaxation:
        """The same as the plan document tells it."""
        return Relaxation(rule=self.rule, opens=self.opens, say=self.say)


class Openings:
    """One need, its in-city units that exactly one rule refuses, and the room that the plan has left in them.

    `spare` says, units by nights, for how many nights in a row the plan leaves a place. Where it leaves none, nothing
    fits that is not there already, and a need that is has no use for openings in its own unit: so `spare` is asked
    before the rest of the room.
    """

    def __init__(self, screening: Screening, refused: Bools, occupancy: Occupancy, spare: NDArray[np.int16]) -> None:
        self.screening, self.need, self.occupancy, self.spare = screening, screening.need, occupancy, spare
        self.table = screening.table
        alone = (refused.sum(axis=0) == 1) & self.table.in_city
        self._alone = {rule.slug: np.flatnonzero(alone & refused[index]) for index, rule in enumerate(RULES)}

    def found(self) -> Iterator[Opening]:
        """Yield the openings, by rule in the order of the table below."""
        for relaxed in RELAXED:
            yield from relaxed(self)

    def refused_only_by(self, slug: str) -> Whole:
        """Return the positions of the units that only this rule refuses."""
        return self._alone[slug]

    def open_but_for(self, slug: str) -> list[int]:
        """Return those of them where some start of the window may be paid for and finds room in the plan."""
        alone = self._alone[slug]
        return [index for index in alone[self._spare_starts[alone].any(axis=1)].tolist() if self._has_room(index)]

    def _has_room(self, index: int) -> bool:
        starts = self.screening.window[self._spare_starts[index]].tolist()
        return any(self.fits(index, start) for start in starts)

    @cached_property
    def _spare_starts(self) -> Bools:
        """The starts of the window that are open and have a place left, U by W."""
        window, ends = self.screening.window, self.screening.ends
        return np.asarray(self.screening.open_starts & (self.spare[:, window] >= ends - window))

    def fits(self, index: int, start: int) -> bool:
        """Whether a stay from this night finds room in the plan."""
        end = self.occupancy.setting.end(self.need, start)
        return self.occupancy.fits(MatchedStay(self.need, self.table.units[index], start, end))

    def ids(self, indexes: list[int]) -> tuple[str, ...]:
        """Return the ids of units by position."""
        return tuple(self.table.units[index].id for index in indexes)


def _dates(openings: Openings) -> Iterator[Opening]:
    """The fewest nights later, or earlier if that is fewer, that find a free stay."""
    need, table = openings.need, openings.table
    alone = np.sort(np.concatenate([openings.refused_only_by(slug) for slug in STARTS]))
    for shift in _shifts(need, table.horizon) if len(alone) else ():
        start = need.latest + shift if shift > 0 else need.earliest + shift
        end = openings.occupancy.setting.end(need, start)
        opens = [
            index
            for index in alone[openings.spare[alone, start] >= end - start].tolist()
            if is_open(need, table.units[index], start, openings.occupancy.setting) and openings.fits(index, start)
        ]
        if opens:
            moved = replace(need, latest=start) if shift > 0 else replace(need, earliest=start)
            say = f"start {counted(abs(shift), 'night')} {'later' if shift > 0 else 'earlier'}"
            yield Opening(rule="nights", opens=openings.ids(opens), say=say, need=moved)
            return


def _shifts(need: Need, horizon: int) -> list[int]:
    """Return the possible shifts of the window's edges, nearest first and later before earlier."""
    later, earlier = range(1, horizon - need.latest), range(-1, -need.earliest - 1, -1)
    return sorted([*later, *earlier], key=lambda shift: (abs(shift), -shift))


def _distance(openings: Openings) -> Iterator[Opening]:
    """The fewest tenths of a mile more."""
    miles = openings.screening.miles
    near = [index for index in openings.open_but_for("distance") if not np.isnan(miles[index])]
    if not near or openings.need.max_miles is None:
        return
    first = min(near, key=lambda index: float(miles[index]))
    # In floats the tenth above can come out a hair below the distance itself.
    limit = max(float(miles[first]), ceil(float(miles[first]) * 10) / 10)
    opens = [index for index in near if miles[index] <= limit]
    say = f"accept {limit:g} miles instead of {openings.need.max_miles:g}"
    relaxed = replace(openings.need, max_miles=limit)
    yield Opening(rule="distance", opens=openings.ids(opens), say=say, need=relaxed)


def _essential(openings: Openings) -> Iterator[Opening]:
    """One essential need counted as desirable."""
    by_slug: dict[str, list[int]] = {}
    for index in openings.open_but_for("essential"):
        missing = openings.need.must_haves - openings.table.units[index].offers
        if len(missing) == 1:
            by_slug.setdefault(min(missing), []).append(index)
    for slug in sorted(by_slug, key=lambda slug: (-len(by_slug[slug]), slug))[:MOST_SLUGS]:
        need = openings.need
        relaxed = replace(need, essential=need.essential - {slug}, desirable=need.desirable | {slug})
        say = f"count {slug.replace('_', ' ')} as desirable, not essential"
        yield Opening(rule="essential", opens=openings.ids(by_slug[slug]), say=say, need=relaxed)


def _budget(openings: Openings) -> Iterator[Opening]:
    """The fewest pence more a week."""
    support = openings.need.support
    prices = {index: openings.table.units[index].price_for(support) for index in openings.open_but_for("budget")}
    priced = {index: price for index, price in prices.items() if price is not None}
    if not priced or openings.need.budget_weekly_pence is None:
        return
    price = min(priced.values())
    opens = [index for index in priced if priced[index] == price]
    say = f"raise the weekly budget from {pounds(openings.need.budget_weekly_pence)} to {pounds(price)}"
    relaxed = replace(openings.need, budget_weekly_pence=price)
    yield Opening(rule="budget", opens=openings.ids(opens), say=say, need=relaxed)


RELAXED: tuple[Callable[[Openings], Iterator[Opening]], ...] = (_dates, _distance, _essential, _budget)
