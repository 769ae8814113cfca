"""Programs over fewer columns, and what a tier that is kept says of them."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from placement.matching.solvers.program import EarlierTier, first_of_each, is_certain
from tests.exploring import tried
from tests.matching.builders import a_need, a_unit, an_instance
from tests.matching.programs import subproblem_of


@tried(80)
@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 9)), max_size=20), st.integers(0, 3))
def test_the_first_of_each_need_are_those_with_the_least_keys(columns, count):
    need, key = np.array(columns, np.int64).reshape(-1, 2).T
    first = first_of_each(need, (key,), count)

    for number in set(need.tolist()):
        mine = key[need == number]
        assert sorted(mine[first[need == number]].tolist()) == sorted(mine.tolist())[:count]


def test_a_tier_says_nothing_only_where_all_have_to_be_matched_and_are_worth_the_same_everywhere():
    need, everybody = np.array([0, 0, 1]), np.array([0, 1])
    alike = EarlierTier(worth=np.array([3, 3, 5]), value=8)

    assert is_certain(alike, need, everybody)
    assert not is_certain(alike, need, everybody[:1])
    assert not is_certain(EarlierTier(worth=np.array([3, 4, 5]), value=8), need, everybody)
    assert not is_certain(EarlierTier(worth=np.array([3, 3, 5]), value=7), need, everybody)


def test_a_tier_beyond_a_choice_is_kept_by_what_is_left_of_it():
    tier = EarlierTier(worth=np.array([3, 4, 5]), value=8)

    assert tier.beyond(np.array([0])).value == 5
    assert tier.within(np.array([True, False, True])).worth.tolist() == [3, 5]


def test_a_program_over_some_columns_is_the_same_for_them():
    program = subproblem_of(an_instance([a_unit("U1"), a_unit("U2")], [a_need("N1"), a_need("N2")]), 0, [])
    fewer = program.only(np.array([True, False, True, False]))

    assert fewer.need.tolist() == [0, 1]
    assert fewer.worth.tolist() == program.worth[[0, 2]].tolist()
    assert fewer.rows.places.tolist() == program.rows.places.tolist()
