"""Connected components: two things have one label exactly where a chain of common owners ties them."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from placement.matching.table.components import components
from tests.exploring import tried

THINGS, OWNERS = 9, 7


@tried(150)
@given(st.lists(st.tuples(st.integers(0, THINGS - 1), st.integers(0, OWNERS - 1)), max_size=14))
def test_a_label_is_the_least_thing_that_a_walk_from_it_reaches(ties):
    reached = {thing: {thing} for thing in range(THINGS)}
    for _ in range(THINGS):
        for one, owner in ties:
            for other, theirs in ties:
                if owner == theirs:
                    reached[one] |= reached[other]
    thing, owner = np.array(ties, np.int64).reshape(-1, 2).T

    assert components(thing, owner, THINGS, OWNERS).tolist() == [min(reached[each]) for each in range(THINGS)]
