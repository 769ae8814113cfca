"""The hours in which nothing is written that can wait until the morning: whole hours of the day, London time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from placement.domain.clocks import LONDON


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietHours:
    """From one hour of the day until another, over midnight where the first is the later; the same twice: none.

    Hours are what a clock on the wall shows. So the night on which clocks go forward is an hour shorter, the one on
    which they go back an hour longer, and the morning begins at the same time on the wall.
    """

    start: int
    end: int

    def has(self, hour: int) -> bool:
        """Return whether an hour of the day is quiet."""
        if self.start <= self.end:
            return self.start <= hour < self.end
        return hour >= self.start or hour < self.end

    def are_now(self, now: datetime) -> bool:
        """Return whether it is quiet at an instant."""
        return self.has(now.astimezone(LONDON).hour)

    def allowed(self, hour: int) -> int:
        """Return the hour of the day from which something may be written that was wanted at an hour."""
        return self.end if self.has(hour) else hour
