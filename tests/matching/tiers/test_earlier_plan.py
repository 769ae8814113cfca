"""Solving again with the memory of an earlier plan: the same answer, and only what a change touches is solved."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from placement.matching.problem.facts import Current
from placement.matching.problem.instance import Instance
from placement.matching.tiers.earlier_plan import earlier_plan_of
from placement.matching.tiers.solving import solve
from placement.matching.worth.first_come import first_come
from tests.exploring import tried
from tests.matching.builders import a_day, a_need, a_small_instance, a_unit, an_instance

seeds = st.integers(0, 10**9)


def changed(instance: Instance, dice: random.Random) -> Instance:
    """Return the instance with one in a hundred of its needs and units, at least one, changed, added or taken away."""
    for _ in range(max(1, (len(instance.needs) + len(instance.units)) // 100)):
        instance = dice.choice([_need_gone, _need_changed, _need_added, _unit_gone, _unit_changed, _unit_added])(
            instance, dice
        )
    return instance


def _need_gone(instance, dice):
    gone = dice.choice(instance.needs).id
    kept = tuple(replace(need, apart=need.apart - {gone}) for need in instance.needs if need.id != gone)
    return replace(instance, needs=kept) if kept else instance


def _need_changed(instance, dice):
    index = dice.randrange(len(instance.needs))
    need = instance.needs[index]
    other = dice.choice([
        replace(need, weight=need.weight + 50), replace(need, nights=dice.randint(1, 3)),
        replace(need, latest=need.earliest), replace(need, essential=frozenset()),
    ])  # fmt: skip
    return replace(instance, needs=(*instance.needs[:index], other, *instance.needs[index + 1 :]))


def _need_added(instance, dice):
    if any(need.id == "N!" for need in instance.needs):
        return instance
    return replace(instance, needs=(*instance.needs, replace(dice.choice(instance.needs), id="N!", apart=frozenset())))


def _unit_gone(instance, dice):
    named = {need.current.unit for need in instance.needs if need.current} | {price.unit for price in instance.prices}
    named |= {unit for need in instance.needs for unit in need.extra_points}
    free = [unit.id for unit in instance.units if unit.id not in named]
    gone = dice.choice(free) if free else None
    return replace(instance, units=tuple(unit for unit in instance.units if unit.id != gone))


def _unit_changed(instance, dice):
    if not instance.units:
        return instance
    index = dice.randrange(len(instance.units))
    unit = instance.units[index]
    more = tuple(span._replace(places=span.places + 1) for span in unit.free)
    other = dice.choice([replace(unit, free=more), replace(unit, free=()), replace(unit, quality=3)])
    return replace(instance, units=(*instance.units[:index], other, *instance.units[index + 1 :]))


def _unit_added(instance, dice):
    if not instance.units or any(unit.id == "U!" for unit in instance.units):
        return instance
    return replace(instance, units=(*instance.units, replace(dice.choice(instance.units), id="U!")))


def answer(plan):
    """Return all that a plan says but how it was found."""
    return replace(plan, seconds=0, backend="")


def several(seed: int, count: int) -> Instance:
    """Return small days, none of which has anything to do with another, as one instance."""
    days = [a_day(seed * 100 + number, needs=8, units=10, nights=20, tight=0.5) for number in range(count)]
    needs, units, caps = [], [], []
    for number, day in enumerate(days):
        caps += [replace(cap, id=f"{number}{cap.id}") for cap in day.shared_caps]
        for unit in day.units:
            own = {"kinds": frozenset({f"k{number}"}), "shared": frozenset(f"{number}{cap}" for cap in unit.shared)}
            units.append(replace(unit, id=f"{number}{unit.id}", service=f"{number}{unit.service}", **own))
        for need in day.needs:
            apart = frozenset(f"{number}{other}" for other in need.apart)
            needs.append(replace(need, id=f"{number}{need.id}", kind=f"k{number}", apart=apart))
    return an_instance(units, needs, nights=20, shared_caps=tuple(caps))


@tried(60)
@given(seeds)
def test_with_the_memory_of_an_earlier_plan_the_plan_is_that_of_a_fresh_solve(seed):
    before = a_small_instance(seed)
    after = changed(before, random.Random(seed))

    assert answer(solve(after, earlier=earlier_plan_of(before, solve(before)))) == answer(solve(after))


@tried(6)
@given(seeds)
def test_so_it_is_on_days_and_on_instances_of_many_parts(seed):
    dice = random.Random(seed)
    for before in (a_day(seed, needs=25, units=60, nights=30, tight=0.3), several(seed % 1000, 4)):
        after = changed(before, dice)
        assert answer(solve(after, earlier=earlier_plan_of(before, solve(before)))) == answer(solve(after))


@tried(40)
@given(seeds, st.booleans())
def test_what_was_proposed_and_is_now_the_current_proposal_is_not_solved_again(seed, small):
    before = a_small_instance(seed) if small else a_day(seed, needs=10, units=15, nights=20, tight=0.4)
    plan = solve(before)
    current = {match.need: Current(unit=match.unit, start=match.start) for match in plan.matches}
    after = replace(before, needs=tuple(replace(need, current=current.get(need.id)) for need in before.needs))
    again = solve(after, earlier=earlier_plan_of(before, plan))

    assert again.backend in ("memory", "none")
    assert answer(again) == answer(solve(after))


def test_what_has_not_changed_is_not_solved_again(monkeypatch):
    instance = several(1, 4)
    plan = solve(instance)
    earlier = earlier_plan_of(instance, plan)

    again = solve(instance, earlier=earlier)
    assert again.backend == "memory"
    assert answer(again) == answer(plan)

    first = instance.needs[0]
    after = replace(instance, needs=(replace(first, weight=first.weight + 1), *instance.needs[1:]))
    assert {"memory"} < set(solve(after, earlier=earlier).backend.split("+"))


def test_a_plan_that_is_not_proven_settles_nothing():
    instance = a_day(3, tight=0.12)
    earlier = earlier_plan_of(instance, first_come(instance))

    assert earlier.settled == frozenset()
    assert answer(solve(instance, earlier=earlier)) == answer(solve(instance))


def test_a_solve_begins_with_what_was_chosen_before():
    instance = a_day(3, tight=0.12)
    best = solve(instance)
    earlier = replace(earlier_plan_of(instance, best), settled=frozenset())
    stopped = solve(instance, earlier=earlier, cancelled=lambda: True)

    assert (stopped.status, stopped.matches) == ("feasible", best.matches)
    assert solve(instance, cancelled=lambda: True).matches != best.matches


def test_a_plan_that_breaks_its_instance_is_no_memory():
    instance = an_instance([a_unit()], [a_need()])

    with pytest.raises(ValueError, match="not a plan for this instance"):
        earlier_plan_of(replace(instance, nights=9, units=(a_unit(free=[(0, 9, 1)]),)), solve(instance))
