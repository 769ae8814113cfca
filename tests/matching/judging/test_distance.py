"""Great-circle miles of one pair."""

from math import pi

import pytest
from hypothesis import given
from hypothesis import strategies as st

from placement.geography.distances import Point
from placement.geography.distances import miles_between as by_the_library
from placement.matching.judging.distance import EARTH_RADIUS_KM, KM_A_MILE, miles_between
from tests.exploring import tried

points = st.tuples(st.floats(49, 61), st.floats(-8, 2))


@tried(100)
@given(points, points)
def test_the_engine_and_the_map_measure_the_same(here, there):
    known = by_the_library(Point(lat=here[0], lon=here[1]), Point(lat=there[0], lon=there[1]))

    assert miles_between(*here, *there) == pytest.approx(known, abs=1e-6)
    assert miles_between(*here, *there) == pytest.approx(miles_between(*there, *here), abs=1e-9)


def test_half_way_round_the_earth_is_half_its_girth():
    assert miles_between(0, 0, 0, 180) == pytest.approx(pi * EARTH_RADIUS_KM / KM_A_MILE)
    assert miles_between(90, 0, -90, 0) == pytest.approx(pi * EARTH_RADIUS_KM / KM_A_MILE)
