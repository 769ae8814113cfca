"""A ladder of flows ends at the same values whichever objectives it takes at once."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from placement.matching.solvers import min_cost_flow
from placement.matching.tiers import flow_ladder as flow
from placement.matching.tiers.solving import solve
from tests.exploring import tried
from tests.matching.builders import an_undated_day


def values_of(instance):
    plan = solve(instance)
    assert (plan.backend, plan.status) == ("flow", "optimal")
    return tuple(outcome.value for outcome in plan.objectives)


@pytest.fixture
def sent(monkeypatch):
    """How many flows were sent."""
    flows = []
    send = min_cost_flow.send
    monkeypatch.setattr(flow, "send", lambda graph, *few: flows.append(graph) or send(graph, *few))
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
