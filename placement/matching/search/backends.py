"""Which solver looks at the columns of a search: the one place where that is decided."""

from __future__ import annotations

from placement.matching.budget import Watch
from placement.matching.parameters import CoreParameters
from placement.matching.search.open_columns import OpenColumns
from placement.matching.solvers.cp_sat import Subproblem


def is_for_highs(among: OpenColumns | Subproblem, columns: int, watch: Watch, parameters: CoreParameters) -> bool:
    """Whether only rows bind so many columns, and time, which HiGHS can keep to, is the only limit."""
    return columns > parameters.large and not among.gender_nights.binds and watch.work is None
