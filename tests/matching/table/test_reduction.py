"""What is left out is missed by no best plan, and parts are alone with what they compete for."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from placement.matching.judging.objectives import OBJECTIVES
from placement.matching.table.columns import columns_of
from placement.matching.table.reduction import Reduction, ranks_of
from tests.exploring import tried
from tests.matching.brute_force import best_plan
from tests.matching.builders import a_small_instance
from tests.matching.programs import positions


@tried(60)
@given(st.integers(0, 10**9))
def test_the_best_plan_is_among_the_columns_that_are_kept(seed):
    instance = a_small_instance(seed)
    columns = columns_of(instance)
    kept = set(Reduction(columns).reduced(np.arange(len(columns))).tolist())
    where = positions(columns)
    _, best = best_plan(instance)
    values = sum(np.array([columns.value(o.slug, np.array([where[m]]))[0] for o in OBJECTIVES]) for m in best)
    needs = {columns.need[where[match]] for match in best}

    # Another plan may be as good on all objectives but the lot; then the lot decided, which the ranks know.
    assert {where[match] for match in best} <= kept, (values, needs)


@tried(60)
@given(st.integers(0, 10**9))
def test_parts_share_no_need_and_no_unit_that_can_run_short(seed):
    columns = columns_of(a_small_instance(seed))
    parts = Reduction(columns).parts()
    needs = [set(columns.need[part.active].tolist()) for part in parts]
    pools = [set(part.rows.pool.tolist()) for part in parts]

    assert sum(map(len, needs)) == len(set().union(*needs))
    assert sum(map(len, pools)) == len(set().union(*pools))
    assert {need for part in needs for need in part} == set(columns.need.tolist())


@tried(60)
@given(st.integers(0, 10**9))
def test_ranks_put_each_needs_columns_in_the_order_of_all_objectives(seed):
    columns = columns_of(a_small_instance(seed))
    ranks, every = ranks_of(columns), np.arange(len(columns))
    signed = [-objective.sign * columns.value(objective.slug, every) for objective in OBJECTIVES]
    keys = list(zip(columns.need.tolist(), *(each.tolist() for each in signed), strict=True))

    assert [keys[column] for column in np.argsort(ranks)] == sorted(keys)
