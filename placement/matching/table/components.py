"""Which things hang together, when some of them share an owner."""

from __future__ import annotations

import numpy as np

from placement.matching.table.arrays import Whole


def components(ties: Whole, owner: Whole, count: int, owners: int) -> Whole:
    """Return for each of `count` things the least that it is tied to: the number of its connected component.

    Tie k says that the thing `ties[k]` is owned by `owner[k]`, one of `owners`; things with a common owner are tied.
    """
    label = np.arange(count)
    while True:
        lowest = np.full(owners, count)
        np.minimum.at(lowest, owner, label[ties])
        spread = label.copy()
        np.minimum.at(spread, ties, lowest[owner])
        spread = np.minimum(spread, spread[spread])
        if (spread == label).all():
            return label
        label = spread
