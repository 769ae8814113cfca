"""HiGHS and CP-SAT are asked the same questions."""

import numpy as np
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from placement.matching.budget import Budget, Watch
from placement.matching.judging.objectives import OBJECTIVES
from placement.matching.search import tier_search as search
from placement.matching.solvers.certificate import certify
from placement.matching.solvers.cp_sat import Assignment, Subproblem, choose
from placement.matching.solvers.highs import choose_whole
from placement.matching.solvers.program import NOBODY, EarlierTier
from placement.matching.table.columns import columns_of
from placement.matching.table.reduction import Reduction
from placement.matching.tiers.solving import solve
from tests.exploring import tried
from tests.matching.builders import a_day, a_need, a_small_instance, a_unit, an_instance
from tests.matching.test_annealing import a_face

seeds = st.integers(0, 10**9)


def subproblem_of(instance, tier, earlier):
    """Return one tier of a whole instance as a question, the earlier ones held at what `held` says."""
    columns = columns_of(instance)
    part = Reduction(columns).part(np.arange(len(columns)))
    worths = [each.sign * columns.value(each.slug, part.active) for each in OBJECTIVES]
    return Subproblem(
        need=columns.need,
        must=np.empty(0, np.int64),
        rows=part.rows,
        gender_nights=part.gender_nights,
        worth=worths[tier],
        earlier=[EarlierTier(worth=worths[index], value=value) for index, value in enumerate(earlier)],
        bound=2**40,
    )


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


def test_a_question_without_an_answer_has_none():
    subproblem = subproblem_of(an_instance([a_unit()], [a_need()]), 1, [2**20])
    assert choose_whole(subproblem, subproblem.bound, Watch(Budget(seconds=60))) is None


@tried(5)
@given(seeds)
@example(seed=62553).via("HiGHS' presolve called one of its tiers impossible while occupancy was not told to be whole")
def test_a_day_searched_by_either_has_one_plan(seed):
    instance = a_day(seed)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(search, "LARGE", -1)
        by_milp = solve(instance)
    plain = solve(instance)
    assert by_milp.status == plain.status == "optimal"
    assert by_milp.matches == plain.matches


@pytest.mark.parametrize("claimed", [None, Assignment(chosen=NOBODY, bound=-1)])
def test_an_answer_that_the_best_choice_known_shows_to_be_wrong_proves_nothing(monkeypatch, claimed):
    open_columns = a_face(a_day(5, needs=12, units=12, nights=15))
    watch = Watch(Budget(seconds=60))
    subproblem = open_columns.subproblem(np.ones(len(open_columns.need), bool), 2**40)
    best = int(subproblem.worth[choose(subproblem, NOBODY, watch).chosen].sum())
    monkeypatch.setattr(search, "LARGE", -1)
    monkeypatch.setattr(search, "choose_whole", lambda *_, **__: claimed)
    misled = search.Search(open_columns, None, certify(open_columns, None), watch, best=NOBODY, dropped=NOBODY, value=0)
    misled.run()

    assert misled.value == misled.bound == best > 0
