"""Every unit against one need, at once: what each rule says, how far it is, and the starts that are open."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from placement.matching.judging.rules import RULES
from placement.matching.table.arrays import Bools, Floats
from placement.matching.table.miles import miles_from
from placement.matching.table.screens import passes
from placement.matching.table.windows import Window


class Screening(Window):
    """One need held against all units. Arrays have length U, or U by the W starts of the need's window."""

    @cached_property
    def miles(self) -> Floats:
        """Miles to each unit, NaN where a point is missing."""
        if self.need.lat is None or self.need.lon is None:
            return np.full(len(self.table.units), np.nan)
        return miles_from(self.need.lat, self.need.lon, self.table.lat, self.table.lon, self.need.max_miles)

    def refusals(self) -> Bools:
        """Return which rules refuse which units: len(RULES) by U."""
        return ~np.array([passes(rule, self.need, self.table) for rule in RULES]).reshape(len(RULES), -1)

    def allowed(self) -> Bools:
        """Return the units that no rule refuses."""
        allowed = self.table.every.copy()
        for rule in RULES:
            allowed &= passes(rule, self.need, self.table)
            if not allowed.any():
                break
        return allowed
