import pytest
from geopy.distance import EARTH_RADIUS
from hypothesis import given
from hypothesis import strategies as st

from placement.geography.distances import EARTH_RADIUS_KM, Point, miles_between

COVENTRY, BIRMINGHAM = Point(lat=52.408056, lon=-1.510556), Point(lat=52.4796992, lon=-1.9026911)
near = st.builds(Point, lat=st.floats(50, 55), lon=st.floats(-4, 1))


def test_a_degree_along_the_meridian_is_69_09_miles():
    assert miles_between(Point(lat=52, lon=-1.5), Point(lat=53, lon=-1.5)) == pytest.approx(69.0934, abs=1e-4)


def test_the_cathedrals_of_coventry_and_birmingham_are_17_miles_apart():
    assert miles_between(COVENTRY, BIRMINGHAM) == pytest.approx(17.22, abs=0.05)


@given(near, near)
def test_distance_is_the_same_both_ways_and_nothing_to_oneself(here, there):
    assert miles_between(here, there) == pytest.approx(miles_between(there, here))
    assert miles_between(here, here) == 0


def test_the_radius_is_the_librarys():
    assert EARTH_RADIUS_KM == EARTH_RADIUS
