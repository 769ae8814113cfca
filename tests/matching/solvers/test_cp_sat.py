"""CP-SAT finds the best choice of a subproblem, proves it, and says so where there is none."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from placement.matching.budget import Budget, Watch
from placement.matching.judging.objectives import OBJECTIVES
from placement.matching.solvers.cp_sat import IMPOSSIBLE, choose, crowds
from placement.matching.solvers.program import NOBODY
from placement.matching.table import gender_nights
from placement.matching.table.rows import Rows
from tests.exploring import tried
from tests.matching.brute_force import best_plan
from tests.matching.builders import a_day, a_need, a_small_instance, a_unit, an_instance
from tests.matching.programs import opened, subproblem_of

FOREVER = Budget(seconds=None)


@tried(40)
@given(st.integers(0, 10**9), st.booleans())
def test_the_first_tier_is_that_of_the_best_plan_whether_genders_are_said_in_rows_or_not(seed, in_rows):
    instance = a_small_instance(seed)
    with pytest.MonkeyPatch.context() as patched:
        if not in_rows:
            patched.setattr(gender_nights, "MOST_IN_ROWS", -1)
        subproblem = subproblem_of(instance, 0, [])
    assume(len(subproblem.need))
    found = choose(subproblem, NOBODY, Watch(FOREVER))
    best = OBJECTIVES[0].sign * best_plan(instance)[0][0]

    assert int(subproblem.worth[found.chosen].sum()) == found.bound == best


def test_a_tier_that_no_plan_can_keep_has_no_choice():
    subproblem = subproblem_of(an_instance([a_unit()], [a_need()]), 1, [2**20])
    found = choose(subproblem, NOBODY, Watch(FOREVER))

    assert (found.chosen, found.bound) == (None, IMPOSSIBLE)


def test_what_there_is_no_work_for_is_neither_found_nor_proven():
    among = opened(a_day(5, needs=60, units=60, nights=30))
    subproblem = among.subproblem(np.ones(len(among.need), bool), 12_345_678)
    found = choose(subproblem, NOBODY, Watch(FOREVER), work=1e-9)

    assert found.bound == 12_345_678
    assert found.chosen is None or among.allows(found.chosen)


def test_a_crowd_is_told_once_with_its_fewest_places_and_only_where_it_could_be_too_many():
    every = np.arange(3)
    rows = Rows(
        column=every,
        first=every * 0,
        last=every * 0 + 3,
        weight=every * 0 + 1,
        places=np.array([1, 2, 3]),
        pool=np.zeros(3, np.int64),
    )

    assert crowds(rows) == [([0, 1, 2], [1, 1, 1], 1)]
