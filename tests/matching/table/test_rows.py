"""Rows are the pool nights that can run short: a choice overfills a row exactly where it overfills a pool."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from placement.matching.table.columns import columns_of
from placement.matching.table.pools import PoolBook
from placement.matching.table.rows import rows_of
from tests.exploring import tried
from tests.matching.builders import a_need, a_small_instance, a_unit, an_instance
from tests.matching.table.test_pools import overfull


def overfull_rows(rows, chosen):
    taken = np.zeros(len(rows), np.int64)
    for column, first, last, weight in zip(rows.column, rows.first, rows.last, rows.weight, strict=True):
        if column in chosen:
            taken[first:last] += weight
    return bool((taken > rows.places).any())


@tried(80)
@given(st.integers(0, 10**9), st.data())
def test_rows_say_what_pools_say_of_any_choice_of_one_column_a_need(seed, data):
    columns = columns_of(a_small_instance(seed))
    every = np.arange(len(columns))
    pools = PoolBook(columns).detail(every)
    rows = rows_of(pools, columns, every)
    by_need = [[None, *np.flatnonzero(columns.need == need).tolist()] for need in range(len(columns.needs))]
    choice = frozenset(data.draw(st.tuples(*map(st.sampled_from, by_need)))) - {None}

    assert overfull_rows(rows, choice) == overfull(pools, columns, choice)


@tried(40)
@given(st.integers(0, 10**9), st.data())
def test_the_rows_of_kept_columns_are_the_same_rows_renumbered(seed, data):
    columns = columns_of(a_small_instance(seed))
    every = np.arange(len(columns))
    rows = rows_of(PoolBook(columns).detail(every), columns, every)
    keep = np.array(data.draw(st.lists(st.booleans(), min_size=len(columns), max_size=len(columns))), bool)
    fewer, chosen = rows.within(keep), np.flatnonzero(keep)

    assert len(fewer) == len(rows)
    assert overfull_rows(fewer, set(range(len(chosen)))) == overfull_rows(rows, set(chosen.tolist()))


def test_nothing_runs_short_where_there_is_a_place_for_everybody():
    columns = columns_of(an_instance([a_unit(free=[(0, 10, 2)])], [a_need("N1"), a_need("N2")]))
    rows = rows_of(PoolBook(columns).outline, columns, np.arange(len(columns)))

    assert len(rows) == 0
