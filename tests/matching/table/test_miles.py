"""Miles of many pairs are those of one pair wherever a floor or a limit could tell."""

from math import floor

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from placement.matching.judging.distance import miles_between
from placement.matching.table.miles import miles_from
from tests.exploring import tried

points = st.tuples(st.floats(52, 53), st.floats(-2, -1))


@tried(100)
@given(points, st.lists(points, min_size=1, max_size=6))
def test_many_at_once_are_each_alone_to_the_quarter_mile(here, there):
    lats, lons = (np.array(each) for each in zip(*there, strict=True))
    alone = [miles_between(*here, *each) for each in there]
    found = miles_from(*here, lats, lons)

    assert np.allclose(found, alone, atol=1e-9)
    assert [floor(4 * miles) for miles in found] == [floor(4 * miles) for miles in alone]


@tried(100)
@given(points, points)
def test_a_limit_at_the_very_distance_judges_many_as_one(here, there):
    limit = miles_between(*here, *there)
    found = miles_from(*here, np.array([there[0]]), np.array([there[1]]), limit)

    assert found.tolist() == [limit]


def test_near_a_limit_one_pair_decides_whatever_sines_over_arrays_come_to(monkeypatch):
    arcsin = np.arcsin
    monkeypatch.setattr(np, "arcsin", lambda chord: arcsin(chord) * (1 + 1e-12))
    lats, lons, limit = np.array([52.31]), np.array([-1.49]), miles_between(52.0, -1.5, 52.31, -1.49)

    assert miles_from(52.0, -1.5, lats, lons, limit).tolist() == [limit]
    assert miles_from(52.0, -1.5, lats, lons).tolist() != [limit]


def test_a_point_that_is_missing_has_no_distance():
    found = miles_from(52.0, -1.5, np.array([np.nan, 52.0]), np.array([np.nan, -1.5]))

    assert np.isnan(found).tolist() == [True, False]
