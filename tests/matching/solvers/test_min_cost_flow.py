"""A flow ends at the same values whether or not it looks at few columns first."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from placement.matching.parameters import PARAMETERS, GenerationParameters
from placement.matching.tiers.solving import solve
from tests.exploring import tried
from tests.matching.builders import a_need, a_unit, an_instance, an_undated_day


def values_of(instance, parameters=PARAMETERS):
    plan = solve(instance, parameters=parameters)
    assert (plan.backend, plan.status) == ("flow", "optimal")
    return tuple(outcome.value for outcome in plan.objectives)


def values_bit_by_bit(instance):
    """Return the same where every flow begins with the best column of each need and adds one at a time."""
    return values_of(instance, replace(PARAMETERS, flow=GenerationParameters(many=0, first=1, more=1)))


@tried(15)
@given(st.integers(0, 10**9))
def test_few_columns_at_a_time_end_at_the_same_values(seed):
    instance = an_undated_day(seed, needs=25, units=30)

    assert values_bit_by_bit(instance) == values_of(instance)


def test_somebody_whose_only_column_is_not_looked_at_at_first_is_still_there():
    units = [a_unit(f"U{number}", weekly_pence=100_000 + number) for number in range(6)]
    needs = [a_need(f"N{number}") for number in range(9)]
    needs.append(a_need("N9", avoid_services=frozenset(f"SU{number}" for number in range(5))))
    instance = an_instance(units, needs, nights=10)

    assert values_bit_by_bit(instance) == values_of(instance)
