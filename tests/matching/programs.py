"""Instances as the programs that solvers and searches are given, and plans of them made without either."""

from __future__ import annotations

import numpy as np
import pytest

from placement.matching.judging.objectives import OBJECTIVES
from placement.matching.problem.instance import Instance
from placement.matching.search.open_columns import OpenColumns
from placement.matching.solvers.certificate import Certificate, certify
from placement.matching.solvers.cp_sat import Subproblem
from placement.matching.solvers.glop import relax
from placement.matching.solvers.program import NOBODY, EarlierTier
from placement.matching.table import gender_nights
from placement.matching.table.columns import Columns, columns_of
from placement.matching.table.gender_nights import gender_nights_of
from placement.matching.table.pools import PoolBook
from placement.matching.table.reduction import Reduction
from placement.matching.table.rows import rows_of


def opened(instance: Instance, *, in_rows: bool = True) -> OpenColumns:
    """Return all columns of an instance, worth what they add in the city; genders said in rows or night by night."""
    columns = columns_of(instance)
    active = np.arange(len(columns))
    with pytest.MonkeyPatch.context() as patched:
        if not in_rows:
            patched.setattr(gender_nights, "MOST_IN_ROWS", -1)
        rows, together = rows_of(PoolBook(columns).detail(active), columns, active), gender_nights_of(columns, active)
    worth = columns.value(OBJECTIVES[0].slug, active)
    return OpenColumns(need=columns.need, must=NOBODY, rows=rows, gender_nights=together, worth=worth, earlier=[])


def a_proof(program: OpenColumns) -> Certificate:
    return certify(program, relax(program))


def some_plan(among: OpenColumns, dice: np.random.Generator) -> np.ndarray:
    """Add columns in any order while what is open allows it."""
    chosen = NOBODY
    for column in dice.permutation(len(among.need))[:60].tolist():
        more = np.sort(np.append(chosen, column))
        chosen = more if among.allows(more) else chosen
    return chosen


def subproblem_of(instance: Instance, tier: int, earlier: list[int]) -> Subproblem:
    """Return one tier of a whole instance as a subproblem, the earlier ones kept at these values."""
    columns = columns_of(instance)
    part = Reduction(columns).part(np.arange(len(columns)))
    worths = [each.sign * columns.value(each.slug, part.active) for each in OBJECTIVES]
    return Subproblem(
        need=columns.need,
        must=NOBODY,
        rows=part.rows,
        gender_nights=part.gender_nights,
        worth=worths[tier],
        earlier=[EarlierTier(worth=worths[index], value=value) for index, value in enumerate(earlier)],
        bound=2**40,
    )


def positions(columns: Columns) -> dict[tuple[str, str, int], int]:
    """Return the position of each column by the ids of its need and unit and its start."""
    fields = zip(columns.need.tolist(), columns.unit.tolist(), columns.start.tolist(), strict=True)
    return {(columns.needs[n].id, columns.table.units[u].id, s): index for index, (n, u, s) in enumerate(fields)}
