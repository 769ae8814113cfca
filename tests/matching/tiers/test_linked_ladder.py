"""Series: the plan against brute force, in any order, from an earlier plan, and what is said of stays left out."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from placement.matching.budget import Budget
from placement.matching.explaining.explain import explain
from placement.matching.judging.check import check
from placement.matching.judging.objectives import OBJECTIVES
from placement.matching.problem.documents import read_instance, read_plan, write_instance, write_plan
from placement.matching.problem.facts import FurtherStay, Need, Series
from placement.matching.problem.instance import Instance
from placement.matching.problem.plan import Match, Plan
from placement.matching.tiers.earlier_plan import earlier_plan_of
from placement.matching.tiers.solving import solve
from placement.matching.worth.first_come import first_come
from tests.exploring import tried
from tests.matching.brute_force import best_plan
from tests.matching.builders import a_need, a_small_instance, a_unit, an_instance, with_series
from tests.matching.tiers.test_solving import shuffled

seeds = st.integers(0, 10**9)


def matched(plan: Plan) -> set[tuple[str, str, int]]:
    return {(match.name, match.unit, match.start) for match in plan.matches}


def a_series(id: str = "N1", take: str = "all", starts: tuple[int, ...] = (0, 3, 6), **given) -> Need:
    """Return a need for one night from each of these."""
    stays = tuple(FurtherStay(earliest=start, latest=start, nights=1) for start in starts[1:])
    return a_need(id, **{"earliest": starts[0], "nights": 1, "series": Series(take=take, stays=stays), **given})


def causes(plan: Plan) -> dict[str, list[str]]:
    return {entry.name: [cause.rule for cause in entry.causes] for entry in plan.unmatched}


@tried(150)
@given(seeds, st.booleans())
def test_the_plan_is_the_best_of_all_plans_with_series_on_every_tier(seed, sides):
    instance = with_series(a_small_instance(seed, sides=sides), seed)
    plan = solve(instance)
    values, matches = best_plan(instance)

    assert plan.status == "optimal"
    assert tuple(tier.sign * found.value for tier, found in zip(OBJECTIVES, plan.objectives, strict=True)) == values
    assert matched(plan) == matches
    assert check(instance, plan).violations == ()
    assert matched(solve(shuffled(instance, seed))) == matches


@tried(40)
@given(seeds)
def test_whoever_comes_first_gets_a_sound_plan_too_and_so_does_a_cancelled_solve(seed):
    instance = with_series(a_small_instance(seed), seed)

    assert check(instance, first_come(instance)).violations == ()
    assert check(instance, solve(instance, cancelled=lambda: True)).violations == ()


@tried(30)
@given(seeds)
def test_what_was_proposed_stays_once_proposed_and_is_not_solved_again(seed):
    instance = with_series(a_small_instance(seed), seed)
    plan = solve(instance)

    again = solve(instance, earlier=earlier_plan_of(instance, plan))

    assert matched(again) == matched(plan)
    assert set(again.backend.split("+")) <= {"memory", "none"}


@tried(30)
@given(seeds)
def test_documents_keep_series_and_stays(seed):
    instance = with_series(a_small_instance(seed), seed)
    plan = solve(instance, budget=Budget(work=0.1))

    assert read_instance(write_instance(instance)) == instance
    assert read_plan(write_plan(plan)) == plan


def crowded(need: Need, free: list[tuple[int, int, int]] | None = None) -> Instance:
    return an_instance([a_unit(free=free or [(0, 3, 1), (6, 10, 1)])], [need])


def test_all_of_the_stays_or_none():
    plan = solve(crowded(a_series(take="all")))

    assert plan.matches == ()
    assert causes(plan) == {"N1": ["series"], "N1/2": ["nights"], "N1/3": ["series"]}


def test_the_most_that_can_be_had():
    plan = solve(crowded(a_series(take="most")))

    assert matched(plan) == {("N1", "U1", 0), ("N1/3", "U1", 6)}
    assert [match.stay for match in plan.matches] == [1, 3]
    assert [(entry.need, entry.stay) for entry in plan.unmatched] == [("N1", 2)]


def test_one_house_for_all_stays_is_worth_more_than_a_nearer_one_for_some():
    near, far = a_unit("U1", quality=2, free=[(0, 5, 1)]), a_unit("U2", quality=1)
    instance = an_instance([near, far], [a_series(take="most")])

    assert {unit for _, unit, _ in matched(solve(instance))} == {"U2"}


def test_a_plan_with_a_part_of_a_series_that_is_wanted_whole_is_refused():
    instance = crowded(a_series(take="all"), [(0, 10, 1)])
    plan = solve(instance)

    verdict = check(instance, replace(plan, matches=plan.matches[:2]))

    assert "series" in {violation.slug for violation in verdict.violations}


@pytest.mark.parametrize("stay", [None, 0, 4])
def test_a_plan_with_a_stay_that_nobody_asked_for_is_refused(stay):
    instance = crowded(a_series(take="most"), [(0, 10, 1)])
    plan = solve(instance)
    stray = Match(need="N1", unit="U1", start=6, stay=stay)

    verdict = check(instance, replace(plan, matches=(*plan.matches[:2], stray)))

    assert "reference" in {violation.slug for violation in verdict.violations}


def test_each_stay_can_be_explained():
    instance = crowded(a_series(take="most"))
    plan = solve(instance)

    assert explain(instance, plan, "N1/2").match is None
    assert explain(instance, plan, "N1/3").match.stay == 3
