"""Ten thousand small instances of every shape: the optimum, the checker and every word of every explanation, recounted.

`make prove` runs them all, `make test` the first few.
"""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from placement.matching.explaining.explain import Explainer
from placement.matching.judging.check import check
from placement.matching.judging.objectives import OBJECTIVES
from placement.matching.judging.rules import RULES, refusals
from placement.matching.judging.setting import Setting
from placement.matching.problem.instance import Instance
from placement.matching.problem.plan import Match, Plan
from placement.matching.tiers.solving import solve
from tests.matching import recount
from tests.matching.brute_force import best_plan
from tests.matching.builders import a_small_instance

INSTANCES = 10_000
BATCH = 100
EVERYDAY = 40


def the_instance(number: int) -> Instance:
    """Return the instance of this number; by turns dated or not, with side rules or without."""
    return a_small_instance(number, dated=number % 4 < 3, sides=number % 2 == 0)


def test_the_first_few():
    for number in range(EVERYDAY):
        prove(the_instance(number))


@pytest.mark.prove
@pytest.mark.parametrize("batch", range(INSTANCES // BATCH))
def test_ten_thousand(batch):
    for number in range(batch * BATCH, (batch + 1) * BATCH):
        prove(the_instance(number))


def test_all_shapes_are_among_them():
    instances = [the_instance(number) for number in range(200)]
    needs = [need for instance in instances for need in instance.needs]
    units = [unit for instance in instances for unit in instance.units]

    assert {instance.nights for instance in instances} == {1, 6}
    assert all(any(getattr(instance, part) for instance in instances) for part in ("shared_caps", "prices", "scarce"))
    for name in ("apart", "current", "hold_above", "wants_out_of_city", "unknown", "extra_points", "max_miles"):
        assert any(getattr(need, name) for need in needs), name
    assert any(need.lat is None for need in needs)
    assert {unit.gender for unit in units} == {"any", "women", "men", "same"}


def prove(instance: Instance) -> None:
    """Hold everything that the engine says of an instance against a recount of it."""
    plan = solve(instance)
    values, matches = best_plan(instance)
    chosen = {match.need: (match.unit, match.start) for match in plan.matches}
    told = tuple(outcome.value for outcome in plan.objectives)

    assert plan.status == "optimal"
    assert {(need, *place) for need, place in chosen.items()} == matches
    assert told == tuple(tier.sign * value for tier, value in zip(OBJECTIVES, values, strict=True))
    assert told == recount.tiers(instance, chosen)
    assert recount.is_allowed(instance, chosen)
    assert check(instance, plan).is_sound
    prove_the_checker(instance, plan)
    prove_the_explanations(instance, plan, chosen)


def prove_the_checker(instance: Instance, plan: Plan) -> None:
    """On matches drawn at random, right or wrong: the checker says what the recount says."""
    dice = random.Random(plan.instance_sha256)
    for _ in range(4):
        drawn = {
            need.id: (dice.choice(instance.units).id, dice.randint(need.earliest, need.latest))
            for need in instance.needs
            if dice.random() < 0.4
        }
        matches = tuple(
            Match(need=need.id, unit=drawn[need.id][0], start=drawn[need.id][1], ask=tuple(sorted(need.unknown)))
            for need in instance.needs
            if need.id in drawn
        )
        verdict = check(instance, replace(plan, matches=matches, status="feasible"))
        said = {violation.slug for violation in verdict.violations} - {"unmatched", "value", "bound"}
        assert bool(said) is not recount.is_allowed(instance, drawn)
        assert tuple(verdict.objectives.values()) == recount.tiers(instance, drawn)


def prove_the_explanations(instance: Instance, plan: Plan, chosen: recount.Matches) -> None:
    """Recount every cause, try every change, make every swap."""
    explainer = Explainer(instance, plan.matches)
    setting = Setting(instance)
    assert [entry.need for entry in plan.unmatched] == sorted(
        need.id
        for need in instance.needs
        if need.id not in chosen or not setting.met_in_city(need, setting.units[chosen[need.id][0]])
    )
    for entry in plan.unmatched:
        need = setting.needs[entry.need]
        explanation = explainer.explanation(need)
        assert (explanation.causes, explanation.nearest) == (entry.causes, entry.nearest)
        assert tuple(opening.relaxation for opening in explanation.change) == entry.change
        assert entry.met_out_of_city is (need.id in chosen)
        assert {cause.rule: cause.units for cause in entry.causes} == waterfall(instance, need, setting)
        for near in entry.nearest:
            found = [rule.slug for rule in refusals(need, setting.units[near.unit], setting)]
            assert list(near.refused_by) == found != []
        for relaxation in explanation.change:
            assert relaxation.opens
            for unit in relaxation.opens:
                assert opens(instance, chosen, relaxation.need, unit), relaxation
        for outbid in explanation.outbid:
            prove_the_swap(instance, chosen, need.id, outbid)


def waterfall(instance, need, setting):
    """Count the in-city units by the first rule that refuses them."""
    counts: dict[str, int] = {}
    for unit in instance.units:
        if unit.authority == instance.city:
            first = next((rule.slug for rule in RULES if not rule.test(need, unit, setting)), "outbid")
            counts[first] = counts.get(first, 0) + 1
    return counts


def opens(instance, chosen, need, unit):
    """Whether, were the need like this, it could be given the in-city unit beside all other matches."""
    relaxed = replace(instance, needs=tuple(need if other.id == need.id else other for other in instance.needs))
    in_city = next(other.authority for other in instance.units if other.id == unit) == instance.city
    starts = range(need.earliest, need.latest + 1)
    return in_city and any(recount.is_allowed(relaxed, {**chosen, need.id: (unit, start)}) for start in starts)


def prove_the_swap(instance, chosen, need, outbid):
    """Make the swap: nothing is broken by it, and each tier changes as was said."""
    assert set(outbid.displaced) <= set(outbid.holders) <= set(chosen)
    assert need not in outbid.holders
    kept = {name: place for name, place in chosen.items() if name not in (*outbid.displaced, need)}
    swapped = {**kept, need: (outbid.unit, outbid.start)}
    if not outbid.swap:
        emptied = {name: place for name, place in chosen.items() if name not in (*outbid.holders, need)}
        assert not recount.is_allowed(instance, {**emptied, need: (outbid.unit, outbid.start)})
        return
    assert recount.is_allowed(instance, swapped)
    before, after = recount.tiers(instance, chosen), recount.tiers(instance, swapped)
    assert [tier.change for tier in outbid.swap] == [b - a for a, b in zip(before, after, strict=True)]
