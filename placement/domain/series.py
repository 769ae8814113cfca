"""Stays that recur: from a pattern or a list to the windows of a series, in the order of their nights.

A pattern by the month keeps the place of its weekday in the month: the second Friday, or the last one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from placement.domain.errors import Invalid

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
ORDINALS = ("first", "second", "third", "fourth", "last")
LAST = 4  # of a month: some have no fifth Friday, and every one has a last
WEEK, MONTH = "week", "month"
EVERY = ((WEEK, "weeks"), (MONTH, "months"))
MOST_EVERY = 12
MOST_STAYS = 26  # of one series: every other weekend of a year
WHOLE, MOST = "all", "most"
TAKES = (
    (MOST, "As many of the stays as can be had"),
    (WHOLE, "All of the stays or none"),
)
"""What to do where not every stay can be had, as the engine reads it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StayWindow:
    """One stay of a series: its number from 1, the first and the last day on which it may begin, and its nights."""

    number: int
    earliest_on: date
    latest_on: date
    nights: int

    def holds(self, day: date) -> bool:
        """Return whether the stay may begin on a day."""
        return self.earliest_on <= day <= self.latest_on


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """Stays of `nights` that begin on a weekday (0 Monday) every so many weeks or months, within [from, until]."""

    every: int
    unit: str
    weekday: int
    from_on: date
    until_on: date
    nights: int

    @property
    def words(self) -> str:
        """The pattern in words: “every 4 weeks on Friday”, “on the second Friday of every month”."""
        weekday = WEEKDAYS[self.weekday]
        if self.unit == WEEK:
            return f"every {weekday}" if self.every == 1 else f"every {self.every} weeks on {weekday}"
        ordinal = ORDINALS[_place_in_month(self._first)]
        months = "every month" if self.every == 1 else f"every {self.every} months"
        return f"on the {ordinal} {weekday} of {months}" if self.every == 1 else f"on the {ordinal} {weekday}, {months}"

    @property
    def _first(self) -> date:
        return self.from_on + timedelta(days=(self.weekday - self.from_on.weekday()) % 7)

    def starts(self) -> Iterator[date]:
        """Yield the first night of each stay, soonest first."""
        start, step = self._first, 0
        while start <= self.until_on:
            yield start
            step += self.every
            start = self._after(step)

    def _after(self, step: int) -> date:
        if self.unit == WEEK:
            return self._first + timedelta(weeks=step)
        months = self._first.year * 12 + self._first.month - 1 + step
        return _weekday_of(months // 12, months % 12 + 1, self.weekday, _place_in_month(self._first))


def windows_of(pattern: Pattern) -> tuple[StayWindow, ...]:
    """Return the stays of a pattern. Raises Invalid, naming the field, for one that gives no series."""
    if not 1 <= pattern.every <= MOST_EVERY:
        raise Invalid(f"Enter a number from 1 to {MOST_EVERY}.", field="every")
    if pattern.until_on < pattern.from_on:
        raise Invalid("Enter a last day on or after the first.", field="until_on")
    starts = []
    for start in pattern.starts():
        starts.append(start)
        if len(starts) > MOST_STAYS:
            raise Invalid(f"This is more than {MOST_STAYS} stays. Enter an earlier last day.", field="until_on")
    if len(starts) < 2:
        raise Invalid("This gives fewer than two stays. Enter a later last day, or choose “Once”.", field="until_on")
    return numbered([(start, start, pattern.nights) for start in starts], field="nights")


def numbered(stays: Sequence[tuple[date, date, int]], *, field: str) -> tuple[StayWindow, ...]:
    """Return windows (earliest, latest, nights) as stays in their order. Raises Invalid where two of them may overlap.

    A person is in one place at a time, so each must be over whatever day it begins on before the next may begin.
    """
    found = tuple(
        StayWindow(number=number, earliest_on=earliest, latest_on=latest, nights=nights)
        for number, (earliest, latest, nights) in enumerate(sorted(stays), start=1)
    )
    for one, after in pairwise(found):
        over = one.latest_on + timedelta(days=one.nights)
        if after.earliest_on < over:
            text = f"Stay {after.number} may begin on {after.earliest_on:%-d %B %Y}, before stay {one.number} is over."
            raise Invalid(text, field=field)
    return found


def _place_in_month(day: date) -> int:
    return min((day.day - 1) // 7, LAST)


def _weekday_of(year: int, month: int, weekday: int, place: int) -> date:
    first = date(year, month, 1)
    day = first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * place)
    return day if day.month == month else day - timedelta(weeks=1)
