"""What one more place on a night would add to an instance, from the duals of its relaxation, in points.

Both sides of a trade are counted in points: that somebody has a place in the city is worth their weight and waiting
times `FOR_A_WEIGHT`, and which place it is, its fit. Duals of a relaxation rank places rightly and may be wrong in size
by half: good enough to choose between places, never to be quoted as what a place is worth.
"""

from __future__ import annotations

import numpy as np

from placement.matching.problem.instance import Instance
from placement.matching.solvers.glop import relax
from placement.matching.solvers.program import NOBODY, Program
from placement.matching.table.arrays import Floats, Whole, spread
from placement.matching.table.columns import Columns, columns_of
from placement.matching.table.reduction import Part, Reduction
from placement.matching.table.rows import Rows

FOR_A_WEIGHT = 3
"""Points for each unit of weight: losing a place in the city counts for more than all that makes a place convenient,
which is some two hundred points at the most."""


def place_duals(instance: Instance) -> Floats:
    """Return what one more place on a night would add, by the duals of the relaxation.

    Returns
    -------
    Floats
        Points, by unit (in the order of their ids) and night; for a unit with a shared cap the cap's are added.

    Raises
    ------
    RuntimeError
        If the solver gives no answer.
    """
    columns = columns_of(instance)
    parts = Reduction(columns).parts()
    by_pool = sum((_of_part(columns, part) for part in parts), np.zeros((_pools(columns), instance.nights)))
    units = len(columns.table.units)
    found = by_pool[:units].copy()
    for number, cap in enumerate(sorted(instance.shared_caps, key=lambda cap: cap.id)):
        sharing = [cap.id in unit.shared for unit in columns.table.units]
        found[sharing] += by_pool[units + number]
    return np.asarray(found)


def _pools(columns: Columns) -> int:
    """Return how many pools stand for places: the units' own first, then the shared caps by id (see `PoolBook`)."""
    return len(columns.table.units) + len(columns.table.instance.shared_caps)


def _of_part(columns: Columns, part: Part) -> Floats:
    worth = FOR_A_WEIGHT * columns.values["in_city"][part.active] + columns.values["fit"][part.active]
    program = Program(need=columns.need[part.active], must=NOBODY, rows=part.rows, worth=worth, earlier=[])
    relaxed = relax(program)
    if relaxed is None:
        raise RuntimeError("the relaxation of a future gave no answer")
    return _by_night(columns, part, relaxed.row_prices)


def _by_night(columns: Columns, part: Part, row_prices: Floats) -> Floats:
    """Spread the price of each row over the nights on which everybody is there who competes for it.

    A row stands for a run of nights that are alike to the columns: which of them is dear, the relaxation cannot say.
    """
    rows, horizon = part.rows, columns.table.horizon
    opening, closing = _nights(rows, columns.start[part.active], columns.end[part.active], horizon)
    real = (rows.pool < _pools(columns)) & (row_prices > 0)
    nightly = row_prices[real] / (closing[real] - opening[real])
    change = np.zeros((_pools(columns), horizon + 1))
    np.add.at(change, (rows.pool[real], opening[real]), nightly)
    np.add.at(change, (rows.pool[real], closing[real]), -nightly)
    return np.asarray(np.cumsum(change, axis=1)[:, :horizon])


def _nights(rows: Rows, start: Whole, end: Whole, horizon: int) -> tuple[Whole, Whole]:
    """Return for each row the first night, and the night after the last, that all columns in it have in common."""
    row, entry = spread(rows.first, rows.last)
    opening, closing = np.zeros(len(rows), np.int64), np.full(len(rows), horizon)
    np.maximum.at(opening, row, start[rows.column[entry]])
    np.minimum.at(closing, row, end[rows.column[entry]])
    return opening, closing
