"""The bound holds for any prices whatever: a solver that lies can make it weak, never wrong."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from placement.matching.judging.objectives import OBJECTIVES
from placement.matching.solvers.certificate import certify
from placement.matching.solvers.glop import Relaxed, relax
from placement.matching.solvers.program import NOBODY, Program
from placement.matching.table.columns import columns_of
from placement.matching.table.reduction import Reduction
from placement.matching.table.rows import Rows
from tests.exploring import tried
from tests.matching.brute_force import every_plan
from tests.matching.builders import a_small_instance


@tried(60)
@given(st.integers(0, 10**9), st.integers(0, 4), st.data())
def test_no_plan_is_worth_more_than_the_bound_or_uses_a_column_that_the_proof_rules_out(seed, tier, data):
    instance = a_small_instance(seed)
    columns, objective = columns_of(instance), OBJECTIVES[tier]
    part = Reduction(columns).part(np.arange(len(columns)))
    worth = objective.sign * columns.value(objective.slug, part.active)
    prices = data.draw(st.lists(st.floats(0, 500), min_size=len(part.rows), max_size=len(part.rows)))
    program = Program(need=columns.need, must=NOBODY, rows=part.rows, worth=worth, earlier=[])
    lie = Relaxed(row_prices=np.array(prices, float), earlier_prices=np.empty(0), used=np.empty(0))
    truth = relax(program)
    position = {
        (columns.needs[n].id, columns.table.units[u].id, int(s)): index
        for index, (n, u, s) in enumerate(zip(columns.need, columns.unit, columns.start, strict=True))
    }
    plans = [[position[stay.need.id, stay.unit.id, stay.start] for stay in stays] for stays in every_plan(instance)]
    values = [int(worth[chosen].sum()) for chosen in plans]

    for relaxed in (lie, truth, None):
        proof = certify(program, relaxed)
        assert proof.bound >= max(values)
        for chosen, value in zip(plans, values, strict=True):
            assert proof.could_reach(value)[chosen].all()
            assert set(proof.bound_to_match(value)) <= set(columns.need[chosen])


@pytest.mark.parametrize("price", [-(2.0**44), 2.0**44, 2.0**70, np.nan, np.inf])
def test_prices_that_no_whole_number_holds_prove_no_more_than_none(price):
    rows = Rows(
        column=np.arange(2),
        first=np.zeros(2, np.int64),
        last=np.ones(2, np.int64),
        weight=np.ones(2, np.int64),
        places=np.array([2, 1]),
        pool=np.array([0, 1]),
    )
    program = Program(need=np.arange(2), must=np.arange(2), rows=rows, worth=np.array([3, 4]), earlier=[])
    for where in range(2):
        prices = np.zeros(2)
        prices[where] = price if where == 0 else abs(price)  # nobody fills the second row
        proof = certify(program, Relaxed(row_prices=prices, earlier_prices=np.empty(0), used=np.empty(0)))
        assert proof.bound >= 7
