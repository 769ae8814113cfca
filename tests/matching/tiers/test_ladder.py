"""Climbing objective by objective: a tier that is proven is kept, and nothing is proven once time is up."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from placement.matching.budget import Budget, Watch
from placement.matching.judging.objectives import OBJECTIVES
from placement.matching.search.greedy import greedy
from placement.matching.table.columns import columns_of
from placement.matching.table.reduction import Reduction
from placement.matching.tiers.ladder import Ladder
from tests.exploring import tried
from tests.matching.brute_force import best_plan
from tests.matching.builders import a_day, a_small_instance


def a_ladder(instance):
    columns = columns_of(instance)
    reduction = Reduction(columns)
    part = reduction.part(np.arange(len(columns)))
    return Ladder(reduction, part, lambda: part.active[greedy(reduction, part, np.zeros(len(columns), bool))])


@tried(40)
@given(st.integers(0, 10**9))
def test_each_rung_is_the_best_there_is_without_giving_up_those_below(seed):
    instance = a_small_instance(seed)
    ladder, watch = a_ladder(instance), Watch(Budget(seconds=None))
    climbed = [ladder.climb(objective, watch) for objective in OBJECTIVES]

    assert [tier.value for tier in climbed] == [tier.bound for tier in climbed] == list(best_plan(instance)[0])
    assert ladder.is_proven


def test_fewer_and_fewer_columns_remain_and_the_best_plan_is_always_among_them():
    ladder, watch = a_ladder(a_day(2, needs=15, units=20, nights=20, tight=0.4)), Watch(Budget(seconds=None))
    left = [len(ladder.active)]
    for objective in OBJECTIVES:
        ladder.climb(objective, watch)
        left.append(len(ladder.active))

    assert left == sorted(left, reverse=True)
    assert left[-1] < left[0]


def test_a_rung_that_there_was_no_time_for_has_a_bound_that_holds():
    instance = a_small_instance(12)
    rushed, watch = a_ladder(instance), Watch(Budget(seconds=0.0))
    climbed = [rushed.climb(objective, watch) for objective in OBJECTIVES]

    assert not rushed.is_proven
    assert climbed[0].value <= best_plan(instance)[0][0] <= climbed[0].bound
