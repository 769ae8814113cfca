"""The arrays that the engine works on, and spans of them written out."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Bools = NDArray[np.bool_]
Whole = NDArray[np.int64]
Floats = NDArray[np.float64]


def spread(first: Whole, last: Whole) -> tuple[Whole, Whole]:
    """Return all whole numbers of the spans `[first, last)`, span by span, and the position of the span of each."""
    lengths = last - first
    span = np.repeat(np.arange(len(lengths)), lengths)
    return np.arange(len(span)) + (first - np.cumsum(lengths) + lengths)[span], span
