"""How sure a share or a median of few people is: 95 per cent intervals, in the numbers that may be told."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, floor, sqrt

Z = 1.96
"""Of a normal distribution, 95 per cent lies within so many standard deviations."""
ENOUGH = 20
"""From so many values on the interval of a median is told: of fewer, its ends would be single people’s extremes."""


def share_interval(some: int, every: int) -> tuple[int, int]:
    """Return the Wilson score interval of a share, in per cent, outward to whole ones.

    Source: E. B. Wilson, Probable inference, the law of succession, and statistical inference, 1927.
    """
    share = some / every
    middle = (share + Z**2 / (2 * every)) / (1 + Z**2 / every)
    half = Z * sqrt(share * (1 - share) / every + Z**2 / (4 * every**2)) / (1 + Z**2 / every)
    return floor(100 * max(0.0, middle - half) + 1e-9), ceil(100 * min(1.0, middle + half) - 1e-9)


def median_interval(values: Sequence[float]) -> tuple[float, float] | None:
    """Return the two values of an ordered sample between which its median lies, by rank; None of too few.

    The ranks follow from the binomial distribution, by its normal approximation: n/2 ∓ Z·√n/2.
    """
    count = len(values)
    if count < ENOUGH:
        return None
    ordered, half = sorted(values), Z * sqrt(count) / 2
    low, high = floor(count / 2 - half), ceil(1 + count / 2 + half)
    return ordered[max(1, low) - 1], ordered[min(count, high) - 1]
