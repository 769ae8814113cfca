"""Whatever solves a part, the five values are the same: flow, relaxation with certificate and core, or CP-SAT alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from placement.matching.table.reduction import Part
from placement.matching.tiers.solving import solve
from tests.exploring import tried
from tests.matching.builders import a_day, a_small_instance, an_undated_day
from tests.matching.plain_cp_sat import best_values

seeds = st.integers(0, 10**9)


def solved(instance):
    """Return the backend and the five proven values."""
    plan = solve(instance)
    assert plan.status == "optimal"
    assert all(outcome.value == outcome.bound for outcome in plan.objectives)
    return plan.backend, tuple(outcome.value for outcome in plan.objectives)


def solved_without_flow(instance):
    """Return the same with every part taken for one that is no transport."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Part, "is_transport", False)
        return solved(instance)


@tried(15)
@given(seeds)
def test_flow_relaxation_and_cp_sat_alone_agree_where_all_starts_now(seed):
    instance = an_undated_day(seed, needs=25, units=30)
    by_flow, flow_values = solved(instance)
    by_relaxation, relaxation_values = solved_without_flow(instance)

    assert {by_flow, by_relaxation} <= {"flow", "inventory", "none"}
    assert "flow" not in by_relaxation
    assert by_flow != "inventory"
    assert flow_values == relaxation_values == best_values(instance)


@tried(12)
@given(seeds, st.booleans())
def test_portfolio_relaxation_and_cp_sat_alone_agree_on_dated_days_with_side_rules(seed, sides):
    instance = a_day(seed, needs=12, units=12, nights=15, sides=sides, tight=0.4)

    assert solved(instance)[1] == solved_without_flow(instance)[1] == best_values(instance)


@tried(40)
@given(seeds, st.booleans(), st.booleans())
def test_they_agree_on_small_instances_of_every_shape(seed, dated, sides):
    instance = a_small_instance(seed, dated=dated, sides=sides)

    assert solved(instance)[1] == solved_without_flow(instance)[1] == best_values(instance)
