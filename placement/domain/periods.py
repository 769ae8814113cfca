"""Half-open periods of days, [start, end): a stay, a closure, a standing, and the questions that are asked of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Period:
    """The nights from `start` on, the one of `end` being the first that is left out; end None stands for ever."""

    start: date
    end: date | None = None

    @classmethod
    def lasting(cls, start: date, nights: int | None) -> Period:
        """Return the period of so many nights; None stands for ever."""
        return cls(start, None if nights is None else start + timedelta(days=nights))

    @property
    def nights(self) -> int | None:
        """How many nights it holds, below 0 if it ends before it begins; None stands for ever."""
        return None if self.end is None else (self.end - self.start).days

    def counted_from(self, day: date, horizon: int) -> tuple[int, int] | None:
        """Return its nights as numbers, a day being night 0, cut to the nights before the horizon; None without any."""
        first = max(0, (self.start - day).days)
        last = horizon if self.end is None else min(horizon, (self.end - day).days)
        return (first, last) if first < last else None

    def is_over(self, day: date) -> bool:
        """Return whether it holds neither this night nor any later one."""
        return self.end is not None and self.end <= day

    def holds(self, night: date) -> bool:
        """Return whether it holds this night."""
        return self.start <= night and not self.is_over(night)

    def overlaps(self, other: Period) -> bool:
        """Return whether the two hold a night in common."""
        start = max(self.start, other.start)
        return self.holds(start) and other.holds(start)


def nights_in_words(runs: Sequence[tuple[date, date | None]], *, most: int = 3) -> str:
    """Return runs of nights [start, end) for people: “the nights of 3 to 5 December 2026”."""
    told = [_run_in_words(start, end) for start, end in runs[:most]]
    if len(runs) > most:
        told.append(f"{len(runs) - most} more times")
    return " and ".join(told)


def _run_in_words(start: date, end: date | None) -> str:
    if end is None:
        return f"every night from {start:%-d %B %Y}"
    last = end - timedelta(days=1)
    if last == start:
        return f"the night of {start:%-d %B %Y}"
    first = f"{start:%-d}" if (start.year, start.month) == (last.year, last.month) else f"{start:%-d %B}"
    return f"the nights of {first} to {last:%-d %B %Y}"
