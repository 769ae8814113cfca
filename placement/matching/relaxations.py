"""What would open a place in the city: the smallest single change of what a need asks that really finds room there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from math import ceil

import numpy as np

from placement.matching.candidates import Bools, Screening
from placement.matching.instance import Need
from placement.matching.plan import Change
from placement.matching.reasons import counted, pounds
from placement.matching.room import Room
from placement.matching.rules import RULES
from placement.matching.stays import Stay

MOST_SLUGS = 3
"""Essential needs offered for a second thought, those that open most units first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Relaxation:
    """A change of one rule: the units it opens, the sentence, and the need as it would then be."""

    rule: str
    opens: tuple[str, ...]
    say: str
    need: Need

    @property
    def change(self) -> Change:
        """The same as the plan document tells it."""
        return Change(rule=self.rule, opens=self.opens, say=self.say)


class Openings:
    """One need, its in-city units that exactly one rule refuses, and the room that the plan has left in them."""

    def __init__(self, screening: Screening, refused: Bools, room: Room) -> None:
        self.screening, self.need, self.room = screening, screening.need, room
        self.table = screening.table
        alone = (refused.sum(axis=0) == 1) & self.table.in_city
        self._alone = {rule.slug: np.flatnonzero(alone & refused[index]).tolist() for index, rule in enumerate(RULES)}

    def relaxations(self) -> Iterator[Relaxation]:
        """Yield the changes, by rule in the order of the table below."""
        for change in CHANGES:
            yield from change(self)

    def refused_only_by(self, slug: str) -> list[int]:
        """Return the positions of the units that only this rule refuses."""
        return self._alone[slug]

    def has_room(self, index: int) -> bool:
        """Whether some start of the window is free, may be paid for and finds room in the plan."""
        starts = self.screening.window[self.screening.open_starts[index]].tolist()
        return any(self.fits(index, start) for start in starts)

    def fits(self, index: int, start: int) -> bool:
        """Whether a stay from this night finds room in the plan."""
        end = self.room.setting.end(self.need, start)
        return self.room.fits(Stay(self.need, self.table.units[index], start, end))

    def ids(self, indexes: list[int]) -> tuple[str, ...]:
        """Return the ids of units by position."""
        return tuple(self.table.units[index].id for index in indexes)


def _dates(openings: Openings) -> Iterator[Relaxation]:
    """The fewest nights later, or earlier if that is fewer, that find a free stay."""
    need, table = openings.need, openings.table
    for shift in _shifts(need, table.horizon):
        start = need.latest + shift if shift > 0 else need.earliest + shift
        end = openings.room.setting.end(need, start)
        opens = [
            index
            for index in openings.refused_only_by("nights")
            if table.run[index, start] >= end - start
            and not openings.room.setting.held_back(need, table.units[index], start)
            and openings.fits(index, start)
        ]
        if opens:
            moved = replace(need, latest=start) if shift > 0 else replace(need, earliest=start)
            say = f"start {counted(abs(shift), 'night')} {'later' if shift > 0 else 'earlier'}"
            yield Relaxation(rule="nights", opens=openings.ids(opens), say=say, need=moved)
            return


def _shifts(need: Need, horizon: int) -> list[int]:
    """Return the possible shifts of the window's edges, nearest first and later before earlier."""
    later, earlier = range(1, horizon - need.latest), range(-1, -need.earliest - 1, -1)
    return sorted([*later, *earlier], key=lambda shift: (abs(shift), -shift))


def _distance(openings: Openings) -> Iterator[Relaxation]:
    """The fewest tenths of a mile more."""
    miles = openings.screening.miles
    near = [index for index in openings.refused_only_by("distance") if not np.isnan(miles[index])]
    near.sort(key=lambda index: float(miles[index]))
    first = next((index for index in near if openings.has_room(index)), None)
    if first is None or openings.need.max_miles is None:
        return
    # In floats the tenth above can come out a hair below the distance itself.
    limit = max(float(miles[first]), ceil(float(miles[first]) * 10) / 10)
    opens = sorted(index for index in near if miles[index] <= limit and openings.has_room(index))
    say = f"accept {limit:g} miles instead of {openings.need.max_miles:g}"
    relaxed = replace(openings.need, max_miles=limit)
    yield Relaxation(rule="distance", opens=openings.ids(opens), say=say, need=relaxed)


def _essential(openings: Openings) -> Iterator[Relaxation]:
    """One essential need counted as desirable."""
    by_slug: dict[str, list[int]] = {}
    for index in openings.refused_only_by("essential"):
        missing = openings.need.must_haves - openings.table.units[index].offers
        if len(missing) == 1 and openings.has_room(index):
            by_slug.setdefault(min(missing), []).append(index)
    for slug in sorted(by_slug, key=lambda slug: (-len(by_slug[slug]), slug))[:MOST_SLUGS]:
        need = openings.need
        relaxed = replace(need, essential=need.essential - {slug}, desirable=need.desirable | {slug})
        say = f"count {slug.replace('_', ' ')} as desirable, not essential"
        yield Relaxation(rule="essential", opens=openings.ids(by_slug[slug]), say=say, need=relaxed)


def _budget(openings: Openings) -> Iterator[Relaxation]:
    """The fewest pence more a week."""
    units = openings.table.units
    priced = {
        index: units[index].weekly_pence or 0
        for index in openings.refused_only_by("budget")
        if units[index].weekly_pence is not None
    }
    open_now = [index for index in sorted(priced, key=lambda index: priced[index]) if openings.has_room(index)]
    if not open_now or openings.need.budget_weekly_pence is None:
        return
    price = priced[open_now[0]]
    opens = sorted(index for index in open_now if priced[index] == price)
    say = f"raise the weekly budget from {pounds(openings.need.budget_weekly_pence)} to {pounds(price)}"
    relaxed = replace(openings.need, budget_weekly_pence=price)
    yield Relaxation(rule="budget", opens=openings.ids(opens), say=say, need=relaxed)


CHANGES: tuple[Callable[[Openings], Iterator[Relaxation]], ...] = (_dates, _distance, _essential, _budget)
