"""The sums of `records.availability`: what is free in one unit, and left under one cap, night by night."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import accumulate

from placement.records.vacancies import VacancyReport

DAWN = date.min
Changes = defaultdict[date, int]
"""By how much a number changes, and on which night."""


@dataclass(frozen=True, slots=True)
class Steps:
    """A number for every night: `values[i]` holds from `dates[i]` until the next date, the last one for ever."""

    dates: tuple[date, ...]
    values: tuple[int, ...]

    def on(self, night: date) -> int:
        """Return the number on one night."""
        return self.values[bisect_right(self.dates, night) - 1]

    def least(self, start: date, end: date | None) -> int:
        """Return the smallest number over the nights [start, end); end None asks for ever."""
        first = bisect_right(self.dates, start) - 1
        last = len(self.dates) if end is None else max(first + 1, bisect_right(self.dates, end - timedelta(days=1)))
        return min(self.values[first:last])

    def with_nights_after(self, nights: int) -> Steps:
        """Return for every night the smallest number over it and so many nights after it."""
        if not nights:
            return self
        ahead = timedelta(days=nights)
        dates = tuple(sorted({*self.dates, *(turn - ahead for turn in self.dates if turn > DAWN + ahead)}))
        return Steps(dates, tuple(self.least(night, night + ahead + timedelta(days=1)) for night in dates))


@dataclass(slots=True)
class UnitTally:
    """What is known of one unit while the sums are made. `turnaround`: nights for which a place is not free after a
    stay.

    `counted` are our stays that the report includes and `taken` all others; `gone` those of others whom the report
    includes and who have left, `kept` what is kept for others besides.
    """

    report: VacancyReport
    turnaround: int = 0
    taken: Changes = field(default_factory=lambda: Changes(int))
    counted: Changes = field(default_factory=lambda: Changes(int))
    closed: Changes = field(default_factory=lambda: Changes(int))
    kept: Changes = field(default_factory=lambda: Changes(int))
    gone: Changes = field(default_factory=lambda: Changes(int))

    @property
    def dates(self) -> set[date]:
        """Return every night on which something changes."""
        return {DAWN}.union(self.taken, self.counted, self.closed, self.kept, self.gone)

    def prepared(self, end: date | None) -> date | None:
        """Return the night from which a place is free again whose last one was before `end`."""
        return None if end is None else end + timedelta(days=self.turnaround)

    def used_since(self, dates: Sequence[date]) -> list[int]:
        """Return taken(n) − freed(n) − gone(n) for the nights from each date on."""
        held = list(accumulate(reversed(totals(self.counted, dates)), max))[::-1]
        others = self.report.occupied + self.report.reserved - self.report.counted
        rows = zip(totals(self.taken, dates), held, totals(self.gone, dates), strict=True)
        return [taken + hold - self.report.counted - min(gone, others) for taken, hold, gone in rows]

    def kept_since(self, dates: Sequence[date]) -> list[int]:
        """Return kept(n) for the nights from each date on."""
        return totals(self.kept, dates)

    def free(self, *, most: int | None = None) -> Steps:
        """Return what is free on each night, never more than `most` of the places that nobody has, and never below 0.

        None stands for as many as the provider offers.
        """
        offered = self.report.accepting if most is None else most
        spare = self.report.maximum - self.report.occupied - self.report.reserved
        dates = sorted(self.dates)
        rows = zip(self.used_since(dates), totals(self.closed, dates), self.kept_since(dates), strict=True)
        found = tuple(max(0, min(offered, spare - closed - kept) - used) for used, closed, kept in rows)
        return Steps(tuple(dates), found).with_nights_after(self.turnaround)


def left_of(places: int, units: Sequence[UnitTally]) -> Steps:
    """Return what is left under a cap of so many places that these units share."""
    dates = sorted({DAWN}.union(*(unit.dates for unit in units)))
    settled = sum(unit.report.occupied + unit.report.reserved for unit in units)
    rows = [unit.used_since(dates) for unit in units] + [unit.kept_since(dates) for unit in units]
    found = tuple(max(0, places - settled - sum(row)) for row in zip(*rows, strict=True))
    return Steps(tuple(dates), found or (places,))


def add(changes: dict[date, int], start: date, end: date | None, by: int) -> None:
    """Let a number be larger by so much on the nights [start, end)."""
    changes[start] += by
    if end is not None:
        changes[end] -= by


def totals(changes: Mapping[date, int], dates: Iterable[date]) -> list[int]:
    """Return the number on each of these nights, of which every one stands in the changes, in their order."""
    total, found = 0, []
    for day in dates:
        total += changes.get(day, 0)
        found.append(total)
    return found
