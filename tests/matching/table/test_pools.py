"""A plan keeps to all limits exactly where no pool, on no night, has more taken than places."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from placement.matching.table.columns import columns_of
from placement.matching.table.pools import PoolBook
from tests.exploring import tried
from tests.matching.brute_force import every_plan
from tests.matching.builders import a_small_instance
from tests.matching.programs import positions


def overfull(pools, columns, chosen):
    """Whether these columns take more than there is in some pool on some night."""
    taken = np.zeros(pools.places.shape, np.int64)
    for column, pool, weight in zip(pools.column.tolist(), pools.pool.tolist(), pools.weight.tolist(), strict=True):
        if column in chosen:
            taken[pool, columns.start[column] : columns.end[column]] += weight
    return bool((taken > pools.places).any())


@tried(40)
@given(st.integers(0, 10**9), st.data())
def test_pools_allow_every_plan_and_nothing_else(seed, data):
    instance = a_small_instance(seed)
    columns = columns_of(instance)
    pools, where = PoolBook(columns).detail(np.arange(len(columns))), positions(columns)
    plans = {frozenset(where[s.need.id, s.unit.id, s.start] for s in stays) for stays in every_plan(instance)}
    by_need = [[None, *np.flatnonzero(columns.need == need).tolist()] for need in range(len(columns.needs))]
    choice = frozenset(data.draw(st.tuples(*map(st.sampled_from, by_need)))) - {None}

    assert overfull(pools, columns, choice) == (choice not in plans)


@tried(40)
@given(st.integers(0, 10**9))
def test_the_outline_is_exact_where_nobodys_gender_can_meet_anothers(seed):
    columns = columns_of(a_small_instance(seed, sides=False))
    book = PoolBook(columns)
    detail = book.detail(np.arange(len(columns)))

    assert book.is_exact
    assert (book.outline.pool.tolist(), book.outline.weight.tolist()) == (detail.pool.tolist(), detail.weight.tolist())
