"""The plan document of what the ladders chose: values counted anew, bounds never beaten, and all of it explained."""

import numpy as np
import pytest

from placement import __version__
from placement.matching.budget import Budget, Watch
from placement.matching.judging.check import check
from placement.matching.judging.objectives import OBJECTIVES
from placement.matching.table.columns import columns_of
from placement.matching.tiers.answer import answer
from placement.matching.tiers.earlier_plan import Settled
from placement.matching.tiers.ladder import Tier
from tests.matching.builders import a_need, a_unit, an_instance

INSTANCE = an_instance(
    [a_unit("U1", weekly_pence=70_000), a_unit("U2", weekly_pence=140_000)],
    [a_need("N1", unknown=frozenset({"pbs"})), a_need("N2", essential=frozenset({"hoist"}))],
)


def answered(bound, *chosen):
    columns = columns_of(INSTANCE)
    ladders = [Settled(columns, np.array([column])) for column in chosen]
    tiers = {objective: Tier(value=0, bound=bound) for objective in OBJECTIVES}
    return answer(INSTANCE, columns, ladders, tiers, Watch(Budget(), seed=7))


def test_it_is_sound_and_says_who_is_where_what_to_ask_and_who_is_nowhere():
    plan = answered(10**6, 0)

    assert check(INSTANCE, plan).violations[0].slug == "status"  # every ladder was proven and these bounds are not met
    assert [(match.need, match.unit, match.ask) for match in plan.matches] == [("N1", "U1", ("pbs",))]
    assert [entry.need for entry in plan.unmatched] == ["N2"]
    assert (plan.seed, plan.backend, plan.versions["placement"]) == (7, "memory", __version__)


@pytest.mark.parametrize(("bound", "told"), [(10**6, 10**6), (-(10**6), 100)])
def test_a_bound_is_in_the_objectives_own_sense_and_never_below_what_was_reached(bound, told):
    found = {outcome.slug: outcome for outcome in answered(bound, 0).objectives}

    assert found["in_city"].value == 100
    assert found["in_city"].bound == told
    assert found["cost"].bound == min(-bound, found["cost"].value)


def test_where_nothing_can_be_chosen_nothing_is_and_nobody_was_needed_for_it():
    plan = answered(0)

    assert (plan.matches, plan.backend, plan.status) == ((), "none", "optimal")
