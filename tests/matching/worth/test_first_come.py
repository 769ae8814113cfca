"""The baseline, and the comparison with it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from placement.matching.judging.check import check
from placement.matching.tiers.solving import solve
from placement.matching.worth.first_come import first_come, tally
from tests.exploring import tried
from tests.matching.builders import ELSEWHERE, a_day, a_need, a_small_instance, a_unit, an_instance


@tried(60)
@given(st.integers(0, 10**9))
def test_first_come_is_sound_and_never_better_than_the_plan(seed):
    instance = a_small_instance(seed)
    baseline, plan = first_come(instance), solve(instance)

    assert check(instance, baseline).is_sound
    assert baseline.objectives[0].value <= plan.objectives[0].value


def test_first_come_is_sound_on_a_day():
    instance = a_day(2, tight=0.12)

    assert check(instance, first_come(instance)).is_sound


def test_serves_who_waited_longest_first():
    needs = [a_need("N1", waited_days=1, weight=900), a_need("N2", waited_days=2, weight=1)]

    assert [match.need for match in first_come(an_instance([a_unit()], needs)).matches] == ["N2"]


def test_counts_out_of_city_only_those_who_did_not_wish_it_and_the_unplaced_apart():
    units = [a_unit("U1", authority=ELSEWHERE, free=[(0, 10, 2)])]
    needs = [a_need("N1"), a_need("N2", wants_out_of_city=True), a_need("N3", kind="crisis", age=10)]
    units[0] = a_unit("U1", authority=ELSEWHERE, free=[(0, 10, 2)], kinds=frozenset({"planned"}))
    instance = an_instance(units, needs)
    counted = tally(instance, solve(instance))

    assert (counted.placed, counted.out_of_city, counted.unplaced) == (2, 1, 1)
