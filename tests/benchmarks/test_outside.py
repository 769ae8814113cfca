"""The outside checker against the engine's rules, limits and values, pair by pair and plan by plan."""

from __future__ import annotations

import json
import random

from hypothesis import given
from hypothesis import strategies as st

from benchmarks.outside import Market, broken_limits, miles, refused_by, values, violations
from placement.matching.judging.check import limits_broken, worth_of
from placement.matching.judging.occupancy import stay_of
from placement.matching.judging.rules import refusals
from placement.matching.judging.setting import Setting
from placement.matching.problem.documents import write_instance, write_plan
from placement.matching.tiers.solving import solve
from tests.exploring import tried
from tests.matching.builders import a_need, a_small_instance, a_unit, an_instance

seeds = st.integers(0, 10**9)


def market_of(instance):
    return Market(json.loads(write_instance(instance)))


@tried(80)
@given(seeds)
def test_both_refuse_the_same_pairs_for_the_same_reasons(seed):
    instance = a_small_instance(seed)
    market, setting = market_of(instance), Setting(instance)

    for need in instance.needs:
        for unit in instance.units:
            told = refused_by(market, market.needs[need.id], market.units[unit.id])
            assert told == [rule.slug for rule in refusals(need, unit, setting)]


@tried(120)
@given(seeds)
def test_both_see_the_same_limits_broken_and_the_same_values(seed):
    instance, dice = a_small_instance(seed), random.Random(seed)
    market, setting = market_of(instance), Setting(instance)
    matches = [
        {"need": need.id, "unit": dice.choice(instance.units).id, "start": dice.randint(need.earliest, need.latest)}
        for need in instance.needs
        if dice.random() < 0.8
    ]
    stays = [stay_of(setting, match["need"], match["unit"], match["start"]) for match in matches]

    assert bool(list(broken_limits(market, matches))) == bool(list(limits_broken(setting, stays)))
    assert values(market, matches) == worth_of(setting, stays)


@tried(40)
@given(seeds)
def test_finds_nothing_wrong_with_a_plan_and_something_with_any_lie(seed):
    instance = a_small_instance(seed)
    market, plan = market_of(instance), json.loads(write_plan(solve(instance)))
    assert violations(market, plan) == []

    plan["objectives"][2]["value"] += 1
    assert any(line.startswith("fit: says") for line in violations(market, plan))
    plan["objectives"][2]["value"] -= 1
    if plan["matches"]:
        plan["matches"].append(plan["matches"][0])
        assert any("matched twice" in line for line in violations(market, plan))


def test_names_what_a_plan_breaks():
    units = [a_unit("U1", free=[(0, 10, 1)], kinds=frozenset({"planned"}))]
    instance = an_instance(units, [a_need("N1"), a_need("N2"), a_need("N3", kind="crisis", unknown=frozenset({"x"}))])
    plan = json.loads(write_plan(solve(instance)))
    plan["matches"] = [{"need": name, "unit": "U1", "start": 0} for name in ("N1", "N2", "N3")]
    told = violations(market_of(instance), plan)

    assert "N3 in U1: refused by kind" in told
    assert "N3: does not ask what is not known" in told
    assert "U1: 3 people on night 0, 1 places" in told
    plan["matches"] = [{"need": "N9", "unit": "U1", "start": 0}]
    assert violations(market_of(instance), plan) == ["N9: the match names what is not in the instance"]


def test_a_degree_of_latitude_is_sixty_nine_miles():
    far = miles({"lat": 52.0, "lon": -1.5}, {"lat": 53.0, "lon": -1.5})

    assert far is not None
    assert abs(far - 69.09) < 0.01
    assert miles({"lat": None}, {"lat": 53.0, "lon": -1.5}) is None
