"""The nights of a unit: the three ways of asking agree."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from placement.matching.judging.nights import left_for_crises, places_by_night, places_on, runs_with_a_place
from placement.matching.problem.facts import Nights, Span
from tests.exploring import tried
from tests.matching.builders import a_unit

NIGHTS = 12


@st.composite
def spans(draw):
    """Draw ordered spans that do not overlap."""
    edges = sorted(draw(st.lists(st.integers(0, NIGHTS), unique=True, max_size=8)))
    return [Span(start, end, draw(st.integers(0, 2))) for start, end in zip(edges[::2], edges[1::2], strict=False)]


@tried(100)
@given(spans())
def test_places_night_by_night_are_the_places_on_each_night(free):
    assert places_by_night(free, NIGHTS) == [places_on(free, night) for night in range(NIGHTS)]


@tried(100)
@given(spans())
def test_a_run_is_as_long_as_there_is_a_place_and_no_two_touch(free):
    runs = runs_with_a_place(free)
    inside = [night for start, end in runs for night in range(start, end)]

    assert inside == [night for night in range(NIGHTS) if places_on(free, night) > 0]
    assert all(end < start for (_, end), (start, _) in pairwise(runs))


def test_spans_that_touch_are_one_run_and_a_full_night_ends_it():
    assert runs_with_a_place([Span(0, 2, 1), Span(2, 4, 3), Span(4, 5, 0), Span(5, 6, 1)]) == [(0, 4), (5, 6)]


def test_of_the_places_for_crises_those_are_left_that_nobody_has_on_a_night():
    unit = a_unit(crisis_places=2, crises=(Nights(0, 3), Nights(2, 4), Nights(2, 3)))

    assert places_by_night(left_for_crises(unit, 6), 6) == [1, 1, 0, 1, 2, 2]
    assert places_by_night(left_for_crises(a_unit(crisis_places=1), 2), 2) == [1, 1]
