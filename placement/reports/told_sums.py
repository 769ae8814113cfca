"""Sums beside counts of people, nights and pounds, so that no small count can be worked out of them (decision 0041).

Whoever knows that each person adds at least 1 and at most `each` to a sum can tell from it that they are at least
sum ÷ each, and at most as many as it. A sum is therefore rounded, and beside a count that is held back it is told up to
three times `each` only: then the count may be any number from 3 to 7, or more.
"""

from __future__ import annotations

from dataclasses import dataclass

LEAST_KNOWN = 3
"""A count that is held back may be known to be so many or more, so that five values of 1 to 7 are left."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldSum:
    """What is told of a sum, to the nearest step; `is_more`: it is that or more, one below 0 that or less."""

    value: int
    is_more: bool = False

    @property
    def words(self) -> int | str:
        """The number, or “270 or more”, “-270 or less”."""
        if not self.is_more:
            return self.value
        return f"{self.value} or {'more' if self.value > 0 else 'less'}"


def told_sum(total: float, *, step: int, each: int, is_held: bool) -> ToldSum:
    """Return what may be told of a sum over people, rounded to a step of at least 14.

    `each`: the most that one person can add. `is_held`: a count of people to whom it belongs is held back.
    """
    most = step * (LEAST_KNOWN * each // step)
    value = step * round(abs(total) / step)
    is_more = is_held and value > most
    size = most if is_more else value
    return ToldSum(value=size if total >= 0 else -size, is_more=is_more)
