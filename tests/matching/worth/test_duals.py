"""What one more place on a night would add, by the duals: between what one more adds and one less costs."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from placement.matching.judging.points import fit
from placement.matching.judging.setting import Setting
from placement.matching.problem.facts import Span, UnitFacts
from placement.matching.problem.instance import Instance
from placement.matching.worth.duals import FOR_A_WEIGHT, place_duals
from tests.exploring import tried
from tests.matching.brute_force import every_plan
from tests.matching.builders import a_small_instance


@tried(25)
@given(st.integers(0, 10**6))
def test_a_dual_lies_between_what_one_more_place_would_add_and_what_one_less_would_cost(seed):
    instance = replace(a_small_instance(seed, dated=False, sides=False), prices=())
    units = tuple(unit for unit in instance.units if unit.authority == instance.city)
    known = {unit.id for unit in units}
    needs = tuple(
        replace(need, current=None, hold_above=None, extra_points={}, declined_units=need.declined_units & known)
        for need in instance.needs
    )
    instance = replace(instance, units=units, needs=needs)
    duals, value = place_duals(instance), most_points(instance)

    for unit, (dual,) in zip(sorted(units, key=lambda unit: unit.id), duals.tolist(), strict=True):
        if sum(span.places for span in unit.free):  # what is not there has no price
            assert most_points(with_places(instance, unit, 1)) - value <= dual + 1e-6
            assert dual - 1e-6 <= value - most_points(with_places(instance, unit, -1))


def with_places(instance: Instance, unit: UnitFacts, more: int) -> Instance:
    """Return the instance of one night with more places, or fewer, in a unit."""
    places = more + sum(span.places for span in unit.free)
    changed = replace(unit, free=(Span(0, 1, places),))
    return replace(instance, units=tuple(changed if each == unit else each for each in instance.units))


def most_points(instance: Instance) -> int:
    """Return the best sum of weight and fit over all plans, by looking at every one."""
    setting = Setting(instance)
    points = (
        sum(FOR_A_WEIGHT * stay.need.worth + fit(stay.need, stay.unit, stay.start, setting) for stay in stays)
        for stays in every_plan(instance)
    )
    return max(points)
