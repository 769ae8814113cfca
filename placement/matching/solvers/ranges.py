"""How great an unknown figure can be, given what is known of others and which of them add up to which.

This is what somebody can work out who has a table with gaps and knows its totals (the audit of cell suppression:
Fischetti and Salazar, Management Science 2001). Relaxed to fractions through OR-Tools' GLOP.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from ortools.linear_solver.python import model_builder_helper as helper

from placement.matching.solvers.inventory import solver_of

BEYOND = 1e6
"""Where a figure can grow without end it grows to this."""
_NOTICED = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Tie:
    """That one figure is the sum of others, told by their numbers."""

    whole: int
    parts: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """Values of all figures with which the wanted ones are greatest or least together, and what holds them.

    `binding`: the figures that stand at a bound, or of unknown counts the sums that do.
    """

    values: tuple[float, ...]
    binding: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Between:
    """That some unknown counts, told by their numbers, add up to no less and no more."""

    counts: tuple[int, ...]
    low: float
    high: float


class Unknowns:
    """Counts from 0 on of which nothing is known but between which numbers some sums of them lie."""

    def __init__(self, counts: int, sums: Sequence[Between]) -> None:
        self._count = counts
        self._model = helper.ModelBuilderHelper()
        lower: Any = np.zeros(counts)  # Any: as in `inventory`
        whole: Any = np.zeros(counts, dtype=bool)
        self._model.add_var_array_with_bounds(lower, lower + np.inf, whole, "")
        for each in sums:
            row = self._model.add_linear_constraint()
            self._model.set_constraint_lower_bound(row, each.low)
            self._model.set_constraint_upper_bound(row, each.high)
            for count in each.counts:
                self._model.add_term_to_constraint(row, count, 1.0)

    def forget(self, number: int) -> None:
        """Let nothing be known any more of a sum, by its place among those that were given."""
        self._model.set_constraint_lower_bound(number, -np.inf)
        self._model.set_constraint_upper_bound(number, np.inf)

    def greatest(self, wanted: Collection[int], *, most: float = np.inf) -> Reached:
        """Return how great the wanted counts can be together, none of them above `most`, and which sums hold them.

        Raises
        ------
        ValueError
            If no counts have these sums.
        """
        return self._reached(wanted, 1.0, most)

    def least(self, wanted: Collection[int]) -> Reached:
        """Return how little the wanted counts can be together. Raises ValueError as `greatest` does."""
        return self._reached(wanted, -1.0, np.inf)

    def _reached(self, wanted: Collection[int], sense: float, most: float) -> Reached:
        for count in range(self._count):
            self._model.set_var_upper_bound(count, most if count in wanted else np.inf)
        solver = _solved(self._model, wanted, sense)
        prices = np.abs(np.asarray(solver.dual_values()))
        return Reached(
            values=tuple(np.asarray(solver.variable_values()).tolist()),
            binding=tuple(np.flatnonzero(prices > _NOTICED).tolist()),
        )


class Ranges:
    """Figures between bounds, and sums that tie them together; `low` and `high` by number."""

    def __init__(self, low: Sequence[float], high: Sequence[float], sums: Sequence[Tie]) -> None:
        self._model = helper.ModelBuilderHelper()
        lower: Any = np.asarray(low, dtype=np.float64)  # Any: as in `inventory`
        upper: Any = np.minimum(np.asarray(high, dtype=np.float64), BEYOND)
        whole: Any = np.zeros(len(low), dtype=bool)
        self._model.add_var_array_with_bounds(lower, upper, whole, "")
        for each in sums:
            row = self._model.add_linear_constraint()
            self._model.set_constraint_lower_bound(row, 0.0)
            self._model.set_constraint_upper_bound(row, 0.0)
            self._model.add_term_to_constraint(row, each.whole, 1.0)
            for part in each.parts:
                self._model.add_term_to_constraint(row, part, -1.0)

    def bound(self, figure: int, low: float, high: float) -> None:
        """Let a figure lie between other bounds from now on."""
        self._model.set_var_lower_bound(figure, low)
        self._model.set_var_upper_bound(figure, min(high, BEYOND))

    def greatest(self, wanted: Sequence[int]) -> Reached:
        """Return how great the wanted figures can be together.

        Raises
        ------
        ValueError
            If no figures keep to the bounds and the sums.
        """
        return self._reached(wanted, 1.0)

    def least(self, figure: int) -> Reached:
        """Return how little a figure can be. Raises ValueError as `greatest` does."""
        return self._reached([figure], -1.0)

    def _reached(self, wanted: Sequence[int], sense: float) -> Reached:
        solver = _solved(self._model, wanted, sense)
        costs = np.abs(np.asarray(solver.reduced_costs()))
        return Reached(
            values=tuple(np.asarray(solver.variable_values()).tolist()),
            binding=tuple(np.flatnonzero(costs > _NOTICED).tolist()),
        )


def _solved(model: helper.ModelBuilderHelper, wanted: Collection[int], sense: float) -> helper.ModelSolverHelper:
    model.clear_objective()
    model.set_objective_coefficients(list(wanted), [sense] * len(wanted))
    model.set_maximize(True)
    solver = solver_of("glop", None)
    solver.solve(model)
    if not solver.has_solution():
        raise ValueError("no figures keep to these bounds and sums")
    return solver
