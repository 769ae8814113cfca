"""The ways of improving a plan, in the order in which they are taken."""

from __future__ import annotations

from collections.abc import Callable

from placement.matching.budget import Watch
from placement.matching.parameters import Heuristic, Parameters
from placement.matching.search.improving.annealing import annealed
from placement.matching.search.improving.gender_rounds import rearranged
from placement.matching.search.improving.pieces import improved
from placement.matching.search.open_columns import OpenColumns
from placement.matching.solvers.certificate import Certificate
from placement.matching.table.arrays import Whole

Step = Callable[[OpenColumns, Certificate, Whole, Watch, Parameters], Whole]
"""Takes a choice and returns one that is at least as good."""

STEPS: dict[Heuristic, Step] = {
    Heuristic.ANNEALING: annealed,
    Heuristic.GENDER_ROUNDS: rearranged,
    Heuristic.PIECES: improved,
}
