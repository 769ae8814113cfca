"""Spans written out, number by number."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from placement.matching.table.arrays import spread
from tests.exploring import tried


@tried(100)
@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 6)), max_size=8))
def test_spans_are_written_out_one_after_the_other_with_the_position_of_each(spans):
    first = np.array([start for start, _ in spans], np.int64)
    last = np.array([start + length for start, length in spans], np.int64)
    numbers, owners = spread(first, last)

    assert list(zip(numbers.tolist(), owners.tolist(), strict=True)) == [
        (number, span) for span, (start, length) in enumerate(spans) for number in range(start, start + length)
    ]
