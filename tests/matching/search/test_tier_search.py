"""The search on one tier: whoever is asked, the plan is one, and nobody is believed against what is known."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from placement.matching.budget import Budget, Watch
from placement.matching.parameters import PARAMETERS
from placement.matching.search import tier_search as search
from placement.matching.solvers.certificate import certify
from placement.matching.solvers.cp_sat import Assignment, choose
from placement.matching.solvers.program import NOBODY
from placement.matching.tiers.solving import solve
from tests.exploring import tried
from tests.matching.builders import a_day
from tests.matching.programs import opened

seeds = st.integers(0, 10**9)
ALWAYS_HIGHS = replace(PARAMETERS, cores=replace(PARAMETERS.cores, large=-1))


@tried(5)
@given(seeds)
@example(seed=62553).via("HiGHS' presolve called one of its tiers impossible while occupancy was not told to be whole")
def test_a_day_searched_by_either_has_one_plan(seed):
    instance = a_day(seed)
    by_highs, plain = solve(instance, parameters=ALWAYS_HIGHS), solve(instance)

    assert by_highs.status == plain.status == "optimal"
    assert by_highs.matches == plain.matches


@pytest.mark.parametrize("claimed", [None, Assignment(chosen=NOBODY, bound=-1)])
def test_an_answer_that_the_best_choice_known_shows_to_be_wrong_proves_nothing(monkeypatch, claimed):
    open_columns = opened(a_day(5, needs=12, units=12, nights=15))
    watch = Watch(Budget(seconds=60))
    subproblem = open_columns.subproblem(np.ones(len(open_columns.need), bool), 2**40)
    best = int(subproblem.worth[choose(subproblem, NOBODY, watch).chosen].sum())
    monkeypatch.setattr(search, "choose_whole", lambda *_, **__: claimed)
    proof = certify(open_columns, None)
    misled = search.Search(
        open_columns, None, proof, watch, best=NOBODY, dropped=NOBODY, value=0, parameters=ALWAYS_HIGHS
    )
    misled.run()

    assert misled.value == misled.bound == best > 0
