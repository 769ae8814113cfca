"""Whatever the searches are tuned by, a plan that is proven is the same plan."""

import subprocess
import sys
from dataclasses import FrozenInstanceError, replace

import pytest

from placement.matching.parameters import PARAMETERS, CoreParameters, GenerationParameters, Heuristic
from placement.matching.tiers.solving import solve
from tests.matching.builders import a_day, an_undated_day

DAYS = [an_undated_day(3, needs=20, units=25), a_day(2, needs=15, units=20, nights=20, tight=0.4)]
PLANS = [solve(day) for day in DAYS]


@pytest.mark.parametrize("heuristic", list(Heuristic))
def test_a_day_has_the_same_plan_without_a_heuristic(heuristic):
    for day, plan in zip(DAYS, PLANS, strict=True):
        again = solve(day, parameters=PARAMETERS.without(heuristic))

        assert plan.status == again.status == "optimal"
        assert (again.matches, again.objectives) == (plan.matches, plan.objectives)


def test_a_day_has_the_same_plan_where_every_search_is_tuned_to_its_least():
    least = GenerationParameters(many=1, first=1, more=1)
    cores = CoreParameters(few=1, many=1, large=0, most_for_highs=1, agreement_questions=1)
    small = replace(PARAMETERS, flow=least, relaxation=least, cores=cores)

    assert [solve(day, parameters=small).matches for day in DAYS] == [plan.matches for plan in PLANS]


def test_leaving_out_one_heuristic_leaves_all_others_in_and_the_usual_ones_as_they_are():
    fewer = PARAMETERS.without(Heuristic.ANNEALING)

    assert [heuristic for heuristic in Heuristic if not fewer.uses(heuristic)] == [Heuristic.ANNEALING]
    assert all(PARAMETERS.uses(heuristic) for heuristic in Heuristic)
    with pytest.raises(FrozenInstanceError):
        PARAMETERS.left_out = frozenset()


def test_a_day_is_solved_without_loading_what_only_hospitals_need():
    code = (
        "import sys; from placement.matching.tiers.solving import solve; from tests.matching.builders import a_day;"
        "assert solve(a_day(1, needs=20, units=40)).status == 'optimal';"
        "print([name for name in sys.modules if 'search.improving' in name])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert ran.stdout.strip() == "[]"
