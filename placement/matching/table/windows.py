"""When a need could start where: the starts that free places, and prices it may not pay, leave open."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from placement.matching.problem.facts import Need
from placement.matching.table.arrays import Bools, Whole
from placement.matching.table.units import UnitTable


class Window:
    """One need's window against all units. Arrays are U by the W starts of the window."""

    def __init__(self, need: Need, table: UnitTable) -> None:
        self.need = need
        self.table = table
        self.window = np.arange(need.earliest, need.latest + 1)
        length = table.horizon if need.nights is None else need.nights
        self.ends = np.minimum(self.window + length, table.horizon)

    @cached_property
    def free_starts(self) -> Bools:
        """The starts with a place free on every night, U by W."""
        return np.asarray(self.table.run[:, self.window] >= (self.ends - self.window))

    @cached_property
    def open_starts(self) -> Bools:
        """The free starts whose nights the need may pay for, U by W."""
        limit = self.need.hold_above
        return self.free_starts if limit is None else self.free_starts & (self.prices <= limit)

    @cached_property
    def prices(self) -> Whole:
        """The points that the nights of each start are priced at, U by W."""
        paid = self.table.paid
        if paid is None:
            return np.zeros((len(self.table.units), len(self.window)), np.int64)
        return np.asarray(paid[:, self.ends] - paid[:, self.window])
