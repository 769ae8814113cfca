"""Time, work and the wish to stop: what bounds a solve, looked at from every step of it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic

Cancelled = Callable[[], bool]

PULSE = 0.05
"""Seconds between two looks at the wish to stop while a solver runs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """What one solve may use: seconds of wall clock, and work for each call of CP-SAT in its deterministic units.

    Under `work` alone the same seed gives the same plan on every machine; None is no limit.
    """

    seconds: float | None = 60.0
    work: float | None = None


class Watch:
    """A budget that runs from now on."""

    def __init__(self, budget: Budget, *, seed: int = 0, cancelled: Cancelled | None = None) -> None:
        self.seed = seed
        self.work = budget.work
        self._cancelled = cancelled
        self._began = monotonic()
        self._allowed = budget.seconds

    def elapsed(self) -> float:
        """Return the seconds used."""
        return monotonic() - self._began

    def seconds_left(self) -> float | None:
        """Return the seconds left, None where they are not limited."""
        return None if self._allowed is None else max(0.0, self._allowed - self.elapsed())

    def is_over(self) -> bool:
        """Whether to stop at the next step."""
        return self.seconds_left() == 0.0 or (self._cancelled is not None and self._cancelled())

    @contextmanager
    def stopping(self, stop: Callable[[], object]) -> Iterator[None]:
        """Call `stop` again and again once this watch is cancelled, for a stop before the start of a solve is lost."""
        if self._cancelled is None:
            yield
            return
        done = threading.Event()

        def look() -> None:
            while not done.wait(PULSE):
                if self._cancelled is not None and self._cancelled():
                    stop()

        thread = threading.Thread(target=look, daemon=True)
        thread.start()
        try:
            yield
        finally:
            done.set()
            thread.join()
