"""The columns still open on a tier and what binds them: the whole of which every search looks at a part."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from placement.matching.solvers.cp_sat import Question
from placement.matching.solvers.program import Program
from placement.matching.table.arrays import Bools, Whole
from placement.matching.table.gender_nights import Company


@dataclass(frozen=True, slots=True, kw_only=True)
class Face(Program):
    """The columns still open and what binds them; arrays are by position in the active columns."""

    company: Company

    def allows(self, chosen: Whole) -> bool:
        """Whether this choice keeps to one column a need, to the rows, to company and to the tiers held, exactly."""
        return (
            len(np.unique(self.need[chosen])) == len(chosen)
            and bool(np.isin(self.must, self.need[chosen]).all())
            and bool((self.taken(chosen) <= self.rows.places).all())
            and self.company.agrees(chosen)
            and all(int(tier.worth[chosen].sum()) == tier.value for tier in self.held)
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

    def question(self, keep: Bools, bound: int) -> Question:
        """Return the choice among the kept columns."""
        return Question(
            need=self.need[keep],
            must=self.must,
            rows=self.rows.within(keep),
            company=self.company.within(keep),
            worth=self.worth[keep],
            held=[tier.within(keep) for tier in self.held],
            bound=bound,
        )
