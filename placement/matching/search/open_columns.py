"""The columns still open on a tier and what binds them: the whole of which every search looks at a part."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from placement.matching.solvers.cp_sat import Subproblem
from placement.matching.solvers.program import Program
from placement.matching.table.arrays import Bools, Whole
from placement.matching.table.gender_nights import GenderNights


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenColumns(Program):
    """The columns still open (the face on which the earlier tiers keep their values) and what binds them.

    Arrays are by position in the active columns.
    """

    gender_nights: GenderNights

    def allows(self, chosen: Whole) -> bool:
        """Whether this choice keeps to one column a need, to the rows, to genders and to the earlier tiers, exactly."""
        return (
            len(np.unique(self.need[chosen])) == len(chosen)
            and bool(np.isin(self.must, self.need[chosen]).all())
            and bool((self.taken(chosen) <= self.rows.places).all())
            and self.gender_nights.agrees(chosen)
            and all(int(tier.worth[chosen].sum()) == tier.value for tier in self.earlier)
        )

    def taken(self, chosen: Whole) -> Whole:
        """Return how many places these columns take in each row."""
        change = np.zeros(len(self.rows) + 1, np.int64)
        mine = np.zeros(len(self.need), bool)
        mine[chosen] = True
        entered = mine[self.rows.column]
        np.add.at(change, self.rows.first[entered], self.rows.weight[entered])
        np.add.at(change, self.rows.last[entered], -self.rows.weight[entered])
        return np.asarray(np.cumsum(change)[:-1])

    def subproblem(self, keep: Bools, bound: int) -> Subproblem:
        """Return the choice among the kept columns."""
        return Subproblem(
            need=self.need[keep],
            must=self.must,
            rows=self.rows.within(keep),
            gender_nights=self.gender_nights.within(keep),
            worth=self.worth[keep],
            earlier=[tier.within(keep) for tier in self.earlier],
            bound=bound,
        )
