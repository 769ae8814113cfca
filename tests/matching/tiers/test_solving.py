"""The solver against brute force, against itself over shuffled inputs, and on days of real size."""

from __future__ import annotations

import random
import time
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from placement.matching.budget import Budget
from placement.matching.judging.check import check
from placement.matching.judging.objectives import OBJECTIVES
from placement.matching.problem.facts import CapFacts, Nights
from placement.matching.problem.instance import Instance
from placement.matching.problem.plan import Plan
from placement.matching.tiers.solving import Progress, placed, solve
from tests.exploring import tried
from tests.matching.brute_force import best_plan
from tests.matching.builders import (
    CITY,
    ELSEWHERE,
    a_day,
    a_long_horizon,
    a_need,
    a_small_instance,
    a_unit,
    an_instance,
    an_undated_day,
)

seeds = st.integers(0, 10**9)


def matched(plan: Plan) -> set[tuple[str, str, int]]:
    return {(match.need, match.unit, match.start) for match in plan.matches}


def shuffled(instance: Instance, seed: int) -> Instance:
    dice = random.Random(seed)
    parts = ("units", "needs", "shared_caps", "prices")
    return replace(
        instance, **{part: tuple(dice.sample(getattr(instance, part), len(getattr(instance, part)))) for part in parts}
    )


@tried(120)
@given(seeds, st.booleans(), st.booleans())
def test_the_plan_is_the_best_of_all_plans_on_every_tier(seed, dated, sides):
    instance = a_small_instance(seed, dated=dated, sides=sides)
    plan = solve(instance)
    values, matches = best_plan(instance)

    assert plan.status == "optimal"
    assert tuple(tier.sign * found.value for tier, found in zip(OBJECTIVES, plan.objectives, strict=True)) == values
    assert matched(plan) == matches


@tried(40)
@given(seeds, st.booleans(), st.booleans())
def test_who_asks_for_matches_alone_is_given_those_of_the_plan(seed, dated, sides):
    instance = a_small_instance(seed, dated=dated, sides=sides)
    found = placed(instance, budget=Budget(seconds=None, work=20.0))
    assert {(match.need, match.unit, match.start) for match in found} == matched(solve(instance))


@tried(12)
@given(seeds)
def test_the_plan_does_not_depend_on_the_order_of_the_input(seed):
    instance = a_day(seed, needs=12, units=20, nights=20, tight=0.5)
    plan = solve(instance)

    for order in range(3):
        again = solve(shuffled(instance, order))
        assert replace(again, seconds=0) == replace(plan, seconds=0)


def test_a_day_is_proven_on_every_tier():
    for instance in (a_day(1), a_day(1, tight=0.12), an_undated_day(1), an_undated_day(1, sides=True)):
        plan = solve(instance)
        assert plan.status == "optimal"
        assert all(outcome.value == outcome.bound for outcome in plan.objectives)


@pytest.mark.prove
@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("tight", [0.12, 0.2, 0.35])
@pytest.mark.parametrize("sides", [False, True])
def test_every_day_is_proven_on_every_tier(seed, tight, sides):
    assert solve(a_day(seed, tight=tight, sides=sides), budget=Budget(seconds=None)).status == "optimal"


def test_the_city_comes_before_everything_else():
    units = [a_unit("U1", authority=ELSEWHERE, quality=3), a_unit("U2", quality=0, weekly_pence=900_000)]
    plan = solve(an_instance(units, [a_need()]))

    assert [match.unit for match in plan.matches] == ["U2"]


def test_who_wants_to_be_elsewhere_is_met_elsewhere():
    units = [a_unit("U1", authority=ELSEWHERE, quality=3), a_unit("U2", quality=0)]
    plan = solve(an_instance(units, [a_need(wants_out_of_city=True)]))

    assert [match.unit for match in plan.matches] == ["U1"]
    assert plan.unmatched == ()


def test_two_heavy_needs_are_not_given_up_for_one_heavier():
    units = [a_unit("U1", free=[(0, 10, 1)])]
    needs = [
        a_need("N1", weight=150),
        a_need("N2", weight=100, nights=5),
        a_need("N3", weight=100, nights=5, earliest=5),
    ]
    plan = solve(an_instance(units, needs))

    assert {match.need for match in plan.matches} == {"N2", "N3"}


def test_an_instance_without_needs_or_units_has_a_plan():
    assert solve(an_instance([], [])).status == "optimal"
    assert [entry.need for entry in solve(an_instance([], [a_need()])).unmatched] == ["N1"]
    assert solve(an_instance([a_unit()], [])).matches == ()


def test_a_cap_of_no_places_is_no_place():
    cap = CapFacts(id="C1", places=0)
    plan = solve(an_instance([a_unit(shared=frozenset({"C1"}))], [a_need()], shared_caps=(cap,)))

    assert plan.matches == ()


def test_a_cancelled_solve_returns_a_sound_plan_with_honest_bounds():
    instance = a_day(3, tight=0.12)
    plan = solve(instance, cancelled=lambda: True)
    best = solve(instance)

    assert plan.status == "feasible"
    assert check(instance, plan).is_sound
    for objective, stopped, proven in zip(OBJECTIVES, plan.objectives, best.objectives, strict=True):
        assert objective.sign * stopped.bound >= objective.sign * proven.value


def test_a_solve_that_is_cancelled_midway_keeps_what_it_proved():
    instance = a_day(3, tight=0.12)
    seen: list[Progress] = []
    plan = solve(instance, progress=seen.append, cancelled=lambda: any(event.tier == "fit" for event in seen))

    assert check(instance, plan).is_sound
    assert plan.objectives[0].value == plan.objectives[0].bound


def test_progress_tells_each_tier_in_turn():
    seen: list[Progress] = []
    plan = solve(a_day(1, needs=20, units=40), progress=seen.append)

    assert list(dict.fromkeys(event.tier for event in seen)) == [objective.slug for objective in OBJECTIVES]
    last = {event.tier: event for event in seen}
    assert [(event.value, event.bound) for event in last.values()] == [(o.value, o.bound) for o in plan.objectives]


@tried(12)
@given(seeds)
def test_adding_a_place_in_the_city_never_harms_the_first_tier(seed):
    instance = a_day(seed, needs=10, units=12, nights=15, tight=0.4)
    more = replace(instance, units=(*instance.units, a_unit("U999", free=[(0, 15, 1)], authority=CITY)))

    assert solve(more).objectives[0].value >= solve(instance).objectives[0].value


@pytest.mark.prove
@pytest.mark.parametrize("kind", ["plain", "pools", "one gender"])
@pytest.mark.parametrize("seconds", [8, 20])
def test_a_solve_ends_with_its_budget_however_long_each_of_its_steps_would_be(kind, seconds):
    instance = a_long_horizon(random.Random(1), kind)
    began = time.monotonic()
    plan = solve(instance, budget=Budget(seconds=seconds))
    took = time.monotonic() - began

    assert check(instance, plan).is_sound
    assert took <= 1.25 * seconds + 2


def test_two_crises_of_one_plan_do_not_both_take_the_one_place_that_a_unit_has_for_them():
    unit = a_unit(free=[(0, 10, 3)], places=3, crisis_places=1)
    crises = [a_need(f"N{n}", kind="crisis", nights=4, latest=n, weight=400 - n) for n in (1, 2)]
    breaks = [a_need(f"N{n}", kind="respite", nights=9) for n in (3, 4)]

    plan = solve(an_instance([unit], [*crises, *breaks]))

    assert [match.need for match in plan.matches] == ["N1", "N3", "N4"]
    assert [(each.need, each.causes[0].rule) for each in plan.unmatched] == [("N2", "outbid")]


def test_a_crisis_takes_the_place_for_crises_once_the_one_before_is_over():
    unit = a_unit(free=[(0, 10, 3)], crisis_places=1, crises=(Nights(0, 1),))
    needs = [a_need("N1", kind="crisis", nights=3, latest=1), a_need("N2", kind="crisis", nights=3, latest=4)]

    plan = solve(an_instance([unit], needs))

    assert {(match.need, match.start) for match in plan.matches} == {("N1", 1), ("N2", 4)}
