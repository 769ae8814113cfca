"""What is open: allowed is exactly what the checker passes and what keeps the earlier tiers."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from placement.matching.solvers.program import EarlierTier
from placement.matching.table.columns import columns_of
from tests.exploring import tried
from tests.matching.brute_force import every_plan
from tests.matching.builders import a_need, a_small_instance, a_unit, an_instance
from tests.matching.programs import opened, positions


@tried(40)
@given(st.integers(0, 10**9), st.booleans(), st.data())
def test_a_choice_is_allowed_exactly_where_it_is_a_plan(seed, in_rows, data):
    instance = a_small_instance(seed)
    columns, among = columns_of(instance), opened(instance, in_rows=in_rows)
    where = positions(columns)
    plans = {frozenset(where[s.need.id, s.unit.id, s.start] for s in stays) for stays in every_plan(instance)}
    choice = data.draw(st.sets(st.sampled_from(range(len(columns))), max_size=4)) if len(columns) else set()

    assert among.allows(np.array(sorted(choice), np.int64)) == (frozenset(choice) in plans)


@pytest.mark.parametrize(("value", "must", "is_allowed"), [(100, [], True), (200, [], False), (100, [1], False)])
def test_a_choice_keeps_earlier_tiers_and_those_who_have_to_be_matched(value, must, is_allowed):
    among = opened(an_instance([a_unit()], [a_need("N1"), a_need("N2")]))
    among = replace(among, earlier=[EarlierTier(worth=among.worth, value=value)], must=np.array(must, np.int64))

    assert among.allows(np.array([0])) is is_allowed


def test_what_is_taken_is_counted_row_by_row():
    among = opened(an_instance([a_unit()], [a_need("N1"), a_need("N2")]))

    assert among.taken(np.array([0, 1])).tolist() == [2]
    assert among.subproblem(np.array([True, False]), 7).need.tolist() == [0]
