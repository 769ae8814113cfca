"""HiGHS and CP-SAT are asked the same questions."""

import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st

from placement.matching.budget import Budget, Watch
from placement.matching.judging.objectives import OBJECTIVES
from placement.matching.solvers.cp_sat import choose
from placement.matching.solvers.highs import choose_whole
from tests.exploring import tried
from tests.matching.builders import a_need, a_small_instance, a_unit, an_instance
from tests.matching.programs import subproblem_of

seeds = st.integers(0, 10**9)


@tried(40)
@given(seeds)
def test_both_find_the_same_best_on_every_tier_and_prove_it(seed):
    earlier = []
    for tier in range(len(OBJECTIVES)):
        subproblem, watch = subproblem_of(a_small_instance(seed), tier, earlier), Watch(Budget(seconds=60))
        assume(len(subproblem.need))
        whole, sat = choose_whole(subproblem, subproblem.bound, watch), choose(subproblem, np.empty(0, np.int64), watch)
        values = [int(subproblem.worth[choice.chosen].sum()) for choice in (whole, sat)]
        assert values[0] == values[1] == whole.bound == sat.bound
        earlier.append(values[0])


def test_a_subproblem_without_a_choice_has_none():
    subproblem = subproblem_of(an_instance([a_unit()], [a_need()]), 1, [2**20])
    assert choose_whole(subproblem, subproblem.bound, Watch(Budget(seconds=60))) is None
