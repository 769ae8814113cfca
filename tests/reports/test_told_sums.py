"""Sums beside a count that is held back: an attacker who tries every count and every sum finds five of 1 to 7 left."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from placement.reports.told_sums import ToldSum, told_sum
from tests.exploring import tried


def counts_left(told, *, step, each):
    """Return which counts of 1 to 7 people, each adding 1 to `each`, can have such a sum: all sums are tried."""
    near = range(max(0, abs(told.value) - step), abs(told.value) + step + 1)
    far = range(0, 8 * each + step, max(1, each // 3)) if told.is_more else ()
    sign = -1 if told.value < 0 else 1
    sums = {each_sum for each_sum in (*near, *far)
            if told_sum(sign * each_sum, step=step, each=each, is_held=True) == told}  # fmt: skip
    return {count for count in range(1, 8) if any(count <= each_sum <= count * each for each_sum in sums)}


@given(
    parts=st.lists(st.integers(1, 92), min_size=1, max_size=7),
    sign=st.sampled_from([1, -1]),
    step=st.sampled_from([14, 20, 50]),
)
@tried(60)
def test_the_nights_of_one_to_seven_people_leave_five_counts_open(parts, sign, step):
    told = told_sum(sign * sum(parts), step=step, each=92, is_held=True)
    left = counts_left(told, step=step, each=92)
    assert len(left) >= 5
    assert len(parts) in left


@given(parts=st.lists(st.integers(1, 5000), min_size=1, max_size=7))
@tried(25)
def test_the_pounds_of_one_to_seven_people_leave_five_counts_open(parts):
    told = told_sum(sum(parts), step=100, each=5000, is_held=True)
    assert len(counts_left(told, step=100, each=5000)) >= 5


def test_a_sum_is_rounded_and_capped_only_where_the_count_is_held_back():
    assert told_sum(131, step=20, each=92, is_held=True) == ToldSum(value=140)
    assert told_sum(640, step=20, each=92, is_held=True) == ToldSum(value=260, is_more=True)
    assert told_sum(640, step=20, each=92, is_held=False) == ToldSum(value=640)
    assert told_sum(-640, step=20, each=92, is_held=True).words == "-260 or less"
    assert told_sum(-131, step=20, each=92, is_held=True).words == -140
    assert told_sum(0, step=20, each=92, is_held=True).words == 0
