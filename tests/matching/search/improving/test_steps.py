"""Whatever step improves a plan, the plan stays allowed and is worth no less."""

from dataclasses import replace

import numpy as np
import pytest

from placement.matching.budget import Budget, Watch
from placement.matching.parameters import PARAMETERS, Heuristic
from placement.matching.search.improving.steps import STEPS
from tests.matching.builders import a_day
from tests.matching.programs import a_proof, opened, some_plan

QUICK = replace(
    PARAMETERS,
    annealing=replace(PARAMETERS.annealing, at_once=500, moves_a_need=300),
    pieces=replace(PARAMETERS.pieces, patience=-40, first_size=10),
)


def test_they_are_taken_from_the_quick_to_the_thorough():
    assert list(STEPS) == [Heuristic.ANNEALING, Heuristic.GENDER_ROUNDS, Heuristic.PIECES]


@pytest.mark.parametrize("heuristic", list(STEPS))
def test_each_ends_with_more_and_keeps_to_all_that_binds(heuristic):
    among = opened(a_day(5, needs=60, units=60, nights=30), in_rows=False)
    start = some_plan(among, np.random.default_rng(1))
    found = STEPS[heuristic](among, a_proof(among), start, Watch(Budget(seconds=None)), QUICK)

    assert among.allows(found)
    assert among.worth[found].sum() > among.worth[start].sum()
