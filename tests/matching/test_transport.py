"""A flow ends at the same values whether it looks at few columns first, and whichever objectives it takes at once."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from placement.matching.solvers import min_cost_flow as transport
from placement.matching.tiers import flow_ladder as flow
from placement.matching.tiers.solving import solve
from tests.exploring import tried
from tests.matching.builders import a_need, a_unit, an_instance, an_undated_day


def values_of(instance):
    plan = solve(instance)
    assert (plan.backend, plan.status) == ("flow", "optimal")
    return tuple(outcome.value for outcome in plan.objectives)


def values_bit_by_bit(instance):
    """Return the same where every flow begins with the best column of each need and adds one at a time."""
    with pytest.MonkeyPatch.context() as patched:
        for name, count in (("MANY", 0), ("FIRST", 1), ("MORE", 1)):
            patched.setattr(transport, name, count)
        return values_of(instance)


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


@pytest.fixture
def sent(monkeypatch):
    """How many flows were sent."""
    flows = []
    send = transport.send
    monkeypatch.setattr(flow, "send", lambda graph: flows.append(graph) or send(graph))
    return flows


@tried(15)
@given(st.integers(0, 10**9))
def test_objectives_together_end_where_they_end_one_by_one(seed):
    instance = an_undated_day(seed, needs=25, units=30)
    together = values_of(instance)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(flow, "_are_apart", lambda *_: False)
        assert values_of(instance) == together
        patched.setattr(flow, "MERGED", ())
        assert values_of(instance) == together


def test_five_objectives_take_two_flows_and_one_each_where_the_numbers_leave_no_room(monkeypatch, sent):
    instance = an_undated_day(1, needs=25, units=30)
    together, flows = values_of(instance), len(sent)
    monkeypatch.setattr(flow, "MOST_COST", 2)

    assert flows == 2
    assert values_of(instance) == together
    assert len(sent) == 2 + 5


@pytest.mark.parametrize(("steps", "is_so"), [((401, 1), True), ((400, 1), False), ((10**9, 1000, 1), True)])
def test_objectives_are_apart_where_nothing_outweighs_one_point_of_an_earlier_one(steps, is_so):
    worths = [np.array([-20, 7])] * len(steps)

    assert flow._are_apart(worths, list(steps), 10) is is_so
