"""What a replay reads: a past period day by day, as it was known then.

Days and nights are counted from the first day of the period. What a unit is (its features, ages, price) is what it is
now, for the records keep no history of it; what was free, closed or barred is what was known on each day.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from placement.matching.problem.facts import Need, UnitFacts

AHEAD = 120
"""Nights after the last day that are looked at: an open-ended stay that fits them fits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """A vacancy report, known from the morning of `day` on: how many places it leaves to our people.

    `ours`: accepting places and those that our people held in it. `spare`: what its maximum leaves beside everybody
    else. `others`: everybody else, who is there whatever we do.
    """

    day: int
    ours: int
    spare: int
    others: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Shut:
    """Places that nobody is given on the nights [start, end), known from `day` until `until`; None: all, or no end.

    They are out of service, or kept for others in a way that no report includes by then.
    """

    day: int
    until: int | None
    start: int
    end: int | None
    places: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Barred:
    """A standing of a provider on the days [start, end), known from `day` on."""

    day: int
    start: int
    end: int | None
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay:
    """Nights [start, end) in a unit, by its key; `end` None: no end. Of whom, as far as it matters to others."""

    unit: str
    start: int
    end: int | None
    gender: str | None = None
    is_unplanned: bool = False
    alone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """The place that somebody got: where, from which night, until which (None: no end), and at which price."""

    stay: Stay
    is_in_city: bool
    by_choice: bool
    weekly_pence: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PastCase:
    """One referral of the period: asked for on `day`, withdrawn without a place on `gone` (None: it was not).

    `lasted`: for how many nights the place was needed in the end, where that is known. `said` is what units are known
    to say to this person: their own answers, by the unit's key.
    """

    day: int
    need: Need
    gone: int | None
    lasted: int | None
    said: Mapping[str, bool]
    happened: Happened | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PastPeriod:
    """Everything that a replay reads; the units as they are now, by key. `answers`: yes and no of each unit so far."""

    first_day: date
    days: int
    city: str
    units: Mapping[str, UnitFacts]
    reports: Mapping[str, Sequence[Reported]]
    closures: Mapping[str, Sequence[Shut]]
    standings: Mapping[str, Sequence[Barred]]
    caps: Mapping[str, int]
    fixed: Sequence[Stay]
    cases: Sequence[PastCase]
    answers: Mapping[str, tuple[int, int]]

    @property
    def nights(self) -> int:
        """How many nights are looked at, the last days' stays included."""
        return self.days + AHEAD
