"""The rows that stand for one gender at a time: true of every allowed night, and parting every two genders."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from placement.matching.table import gender_facets
from placement.matching.table.gender_facets import gender_rows
from tests.exploring import tried
from tests.matching.builders import a_need

people = st.lists(st.sampled_from(["woman", "man", "other", None]), min_size=1, max_size=6)


def overfull(rows, there, night):
    """Whether some row has fewer imaginary places on that night than these people take."""
    return any(sum(takes.get(one, 0) for one in there) > places[night] for places, takes in rows)


@tried(80)
@given(people, st.integers(2, 4), st.booleans())
def test_rows_allow_what_keeps_to_one_gender_and_nothing_that_mixes_two(genders, places, is_coarse):
    needs = [a_need(f"N{index}", gender=gender) for index, gender in enumerate(genders)]
    free = np.array([places, 1], np.int16)
    with pytest.MonkeyPatch.context() as patched:
        if is_coarse:
            patched.setattr(gender_facets, "MOST_COMBINATIONS", 0)
            patched.setattr(gender_facets, "FINEST_SHARE", 1)
        rows = list(gender_rows(needs, list(range(len(needs))), free))
    for count in range(1, min(places, len(needs)) + 1):
        for there in combinations(range(len(needs)), count):
            alike = count == 1 or (genders[there[0]] is not None and len({genders[one] for one in there}) == 1)
            assert overfull(rows, there, 0) == (not alike)


def test_of_two_places_a_man_takes_both_and_each_of_three_women_one():
    needs = [a_need(f"N{index}", gender="woman") for index in range(3)] + [a_need("N3", gender="man")]
    rows = [(places.tolist(), takes) for places, takes in gender_rows(needs, [0, 1, 2, 3], np.array([2], np.int16))]

    assert ([2], {0: 1, 1: 1, 2: 1, 3: 2}) in rows


def test_one_gender_alone_and_a_night_of_one_place_need_no_rows():
    women = [a_need("N1", gender="woman"), a_need("N2", gender="woman")]
    mixed = [a_need("N1", gender="woman"), a_need("N2", gender="man")]

    assert list(gender_rows(women, [0, 1], np.array([3], np.int16))) == []
    assert list(gender_rows(mixed, [0, 1], np.array([1, 0], np.int16))) == []
