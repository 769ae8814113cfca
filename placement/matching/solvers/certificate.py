"""A proof in whole numbers: from any prices of the rows, an upper bound on a tier and what each column would lose.

For prices p ≥ 0 of the rows and any prices q of the earlier tiers, no plan that keeps to the rows and to those tiers is
worth more than  Σ p·places + Σ q·value + Σ over needs of max(0, the best of worth − p·rows − q·worth in those tiers)
(Lagrange).
Only rows that every plan worth having fills may be priced below nothing.
The prices come from a solver in floats, are rounded to a fixed point, and from there on everything is exact, so that
no tolerance of any solver can call a plan optimal that is not. (Where the proof leaves a gap and a search among all
that is left closes it, the word of that search counts: CP-SAT's, exact, or HiGHS', as far as nothing known is against
it: docs/decisions/0008.)
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from placement.matching.solvers.glop import Relaxed
from placement.matching.solvers.program import Program
from placement.matching.table.arrays import Bools, Whole

FINEST = 20
"""Binary places after the point of a price, where the numbers leave room for them."""
ROOM = 2.0**60
UNMATCHED_NEVER = 2**62


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """`bound` is proven for the tier. `loss` is what using each column costs against it, `without` what leaving each
    need unmatched costs; both, like `total`, in units of 1 / `scale`."""

    bound: int
    scale: int
    total: int
    loss: Whole
    without: Whole

    def could_reach(self, value: int) -> Bools:
        """Return the columns that a plan worth this much may use."""
        return np.asarray(self.loss <= self.total - self.scale * value)

    def bound_to_match(self, value: int) -> Whole:
        """Return the needs that every plan worth this much matches."""
        return np.flatnonzero(self.without > self.total - self.scale * value)


def certify(program: Program, relaxed: Relaxed | None) -> Certificate:
    """Return the proof that these prices give; without prices, that no need is worth more than its best column.

    Parameters
    ----------
    program
        The needs in its `must` are matched by every plan that keeps the earlier tiers.
    relaxed
        Any prices whatever: bad ones prove little, never wrongly.

    Returns
    -------
    Certificate
        Exact in whole numbers.
    """
    need, must, rows, earlier = program.need, program.must, program.rows, program.earlier
    scale = _scale(program, relaxed)
    net = max(scale, 1) * program.worth
    total = 0
    if relaxed is not None and scale > 0:
        prices = np.rint(relaxed.row_prices * scale).astype(np.int64)
        before = np.concatenate([[0], np.cumsum(prices)])
        np.subtract.at(net, rows.column, rows.weight * (before[rows.last] - before[rows.first]))
        total += sum(price * places for price, places in zip(prices.tolist(), rows.places.tolist(), strict=True))
        for tier, price in zip(earlier, np.rint(relaxed.earlier_prices * scale).astype(np.int64).tolist(), strict=True):
            net -= price * tier.worth
            total += price * tier.value
    scale = max(scale, 1)
    best = np.zeros(int(need.max(initial=-1)) + 1, np.int64)
    best[must] = -UNMATCHED_NEVER
    np.maximum.at(best, need, net)
    total += sum(best.tolist())
    without = best.copy()
    without[must] = UNMATCHED_NEVER
    return Certificate(bound=total // scale, scale=scale, total=total, loss=best[need] - net, without=without)


def _scale(program: Program, relaxed: Relaxed | None) -> int:
    """Return the finest fixed point at which no sum leaves 64 bits; 0 where the prices cannot be used at all."""
    if relaxed is None:
        return 0
    rows, before = program.rows, np.concatenate([[0.0], np.cumsum(np.abs(relaxed.row_prices))])
    paid = float(((before[rows.last] - before[rows.first]) * rows.weight).max(initial=0.0))
    reach = float(np.abs(program.worth).max(initial=0)) + paid * int(np.bincount(rows.column, minlength=1).max())
    for tier, price in zip(program.earlier, relaxed.earlier_prices.tolist(), strict=True):
        reach += abs(price) * float(np.abs(tier.worth).max(initial=0))
    reach = float(np.max([reach, before[-1]])) + 1  # unlike max(), it lets no NaN pass
    for places in range(FINEST, -1, -1):
        if reach * 2.0**places < ROOM:
            return int(2**places)
    return 0
