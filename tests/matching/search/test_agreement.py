"""What all plans that keep the tiers so far agree on is found, and nothing else is called agreed."""

from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from placement.matching.budget import Budget, Watch
from placement.matching.parameters import CoreParameters
from placement.matching.search.agreement import NOWHERE, agreement
from placement.matching.solvers.program import EarlierTier
from placement.matching.table.columns import columns_of
from tests.exploring import tried
from tests.matching.brute_force import every_plan
from tests.matching.builders import a_small_instance
from tests.matching.programs import opened, positions

WATCH = Watch(Budget(seconds=None))


by_each_solver = pytest.mark.parametrize("large", [0, 10**6], ids=["highs", "cp-sat"])


def settled(seed, questions, large=0):
    """Return the columns, the plans that keep the best first tier, what is agreed on and what kind each column is.

    From `large` columns on HiGHS is asked, where it can be.
    """
    instance = a_small_instance(seed)
    columns, among = columns_of(instance), opened(instance)
    assume(len(among.need))
    where = positions(columns)
    plans = [[where[s.need.id, s.unit.id, s.start] for s in stays] for stays in every_plan(instance)]
    most = max(int(among.worth[chosen].sum()) for chosen in plans)
    plans = [chosen for chosen in plans if int(among.worth[chosen].sum()) == most]
    way = 1 + (columns.values["in_city"] > 0)
    among = replace(among, earlier=[EarlierTier(worth=among.worth, value=most)], worth=among.worth * 0)
    now = dict(zip(among.need[plans[0]].tolist(), way[plans[0]].tolist(), strict=True))
    parameters = CoreParameters(agreement_questions=questions, large=large)
    found = agreement(among.subproblem(among.worth == 0, 0), way, now, WATCH, parameters)
    return among, plans, found, way


@by_each_solver
@tried(60)
@given(seed=st.integers(0, 10**9))
def test_every_plan_that_keeps_the_tier_does_what_is_agreed(seed, large):
    among, plans, found, _ = settled(seed, 12, large)
    for chosen in plans:
        assert set(found.must.tolist()) <= set(among.need[chosen].tolist())
        assert found.keep[chosen].all()


@by_each_solver
@tried(60)
@given(seed=st.integers(0, 10**9))
def test_whoever_is_met_the_same_way_by_every_plan_is_settled(seed, large):
    among, plans, found, way = settled(seed, 100, large)
    kinds = [dict(zip(among.need[chosen].tolist(), way[chosen].tolist(), strict=True)) for chosen in plans]
    seen = {need: {kind.get(need, NOWHERE) for kind in kinds} for need in set(among.need.tolist())}
    agreed = {need: min(each) for need, each in seen.items() if len(each) == 1}
    columns = list(zip(among.need.tolist(), way.tolist(), strict=True))

    assert set(found.must.tolist()) == {need for need, kind in agreed.items() if kind != NOWHERE}
    assert found.keep.tolist() == [agreed.get(need, kind) == kind for need, kind in columns]


@tried(10)
@given(st.integers(0, 10**9))
def test_without_a_question_nothing_is_settled(seed):
    _, _, found, _ = settled(seed, questions=0)

    assert found.keep.all()
    assert not len(found.must)
