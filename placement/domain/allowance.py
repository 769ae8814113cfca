"""The yearly allowance of nights: its year, and by what rule a stay counts in it.

A year begins on 1 April, as the council's own does. A stay counts by its nights in the year: planned ones while it is
to come, those spent once the person is there. One that was given back counts nothing, unless that came too late for
the place to be given to somebody else, or the person did not come: then all its nights count.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from placement.domain.periods import Period
from placement.domain.states import THERE, PlacementState

YEAR_BEGINS = (4, 1)  # month and day
NO_SHOW = "did_not_arrive"
ON_THE_PERSONS_SIDE = frozenset({"not_needed", "person_declined", "not_ready", NO_SHOW})
"""Reasons of a release by which a late one counts; what the provider or brokerage brought about never does."""
COUNTING = (
    ("booked", "Booked"),
    ("used", "Used"),
    ("late", "Cancelled too late, counted"),
    ("no_show", "Did not come, counted"),
    ("cancelled", "Cancelled in time, not counted"),
)
"""How a stay stands in the ledger, in the order in which it is told."""
FREE = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """The nights of one person in one year, by the slugs of COUNTING, against the allowance and what was granted."""

    year: Period
    allowance: int
    granted: int
    nights: dict[str, int]

    @property
    def counted(self) -> int:
        """How many nights count against the allowance."""
        return sum(count for slug, count in self.nights.items() if slug != FREE)

    @property
    def left(self) -> int:
        """How many nights are left; below 0 where more count than are allowed."""
        return self.allowance + self.granted - self.counted


def year_of(day: date) -> Period:
    """Return the year that a day lies in."""
    start = date(day.year, *YEAR_BEGINS)
    first = start if day >= start else date(day.year - 1, *YEAR_BEGINS)
    return Period(first, date(first.year + 1, *YEAR_BEGINS))


def years_of(nights: Period) -> Iterator[Period]:
    """Yield each year that some nights with an end lie in, the first one first."""
    last = max(nights.start, (nights.end or nights.start) - timedelta(days=1))
    year = year_of(nights.start)
    while year.start <= last:
        yield year
        year = year_of(year.end or last)


def nights_in(nights: Period, year: Period) -> int:
    """Return how many of some nights lie in a year; those without an end go on to its end."""
    end = min(nights.end or year.end or date.max, year.end or date.max)
    return max(0, (end - max(nights.start, year.start)).days)


def standing_of(state: PlacementState, *, is_counted: bool, reason: str | None) -> str:
    """Return how a stay stands in the ledger, by the slugs of COUNTING."""
    if state in (*THERE, PlacementState.ENDED):
        return "used"
    if state is not PlacementState.RELEASED:
        return "booked"
    if not is_counted:
        return FREE
    return "no_show" if reason == NO_SHOW else "late"


def counts_all_the_same(reason: str, start: date, day: date, notice_days: int, *, was_confirmed: bool) -> bool:
    """Return whether a stay that is given back on a day still counts: confirmed, the person's side, and too late."""
    is_late = day + timedelta(days=notice_days) > start
    return was_confirmed and reason in ON_THE_PERSONS_SIDE and is_late
