"""The first plan: allowed, as full as it can be, and whoever weighs most comes first."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from placement.matching.search.greedy import greedy
from placement.matching.table.columns import columns_of
from placement.matching.table.reduction import Reduction
from tests.exploring import tried
from tests.matching.builders import a_need, a_small_instance, a_unit, an_instance
from tests.matching.programs import opened


def first_plan(instance, former=None):
    columns = columns_of(instance)
    reduction = Reduction(columns)
    part = reduction.part(np.arange(len(columns)))
    return columns, greedy(reduction, part, np.zeros(len(columns), bool) if former is None else former)


@tried(60)
@given(st.integers(0, 10**9))
def test_it_is_allowed_and_nobody_could_be_added(seed):
    instance = a_small_instance(seed)
    among, (_, chosen) = opened(instance), first_plan(instance)

    assert among.allows(chosen)
    for column in range(len(among.need)):
        if column not in chosen:
            assert not among.allows(np.sort(np.append(chosen, column)))


def test_who_weighs_most_comes_first_and_gets_the_best_place():
    units = [a_unit("U1", quality=1), a_unit("U2", quality=3)]
    columns, chosen = first_plan(an_instance(units, [a_need("N1"), a_need("N2", weight=200), a_need("N3")]))

    assert sorted(zip(columns.need[chosen].tolist(), columns.unit[chosen].tolist(), strict=True)) == [(0, 0), (1, 1)]


def test_what_was_chosen_before_comes_before_everybody():
    instance = an_instance([a_unit()], [a_need("N1"), a_need("N2", weight=200)])
    columns, chosen = first_plan(instance, former=np.array([True, False]))

    assert columns.need[chosen].tolist() == [0]
