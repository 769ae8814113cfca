"""The two schedules against trying every choice."""

from datetime import date
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from placement.domain.periods import Period
from placement.reports.one_more import nights_used, served, within
from tests.exploring import tried

stays = st.lists(st.tuples(st.integers(0, 12), st.integers(1, 8)), max_size=7)


def at_once(chosen, night):
    return sum(start <= night < end for start, end in chosen)


def fits(chosen, places):
    return all(at_once(chosen, night) <= places for night in range(25))


@tried(100)
@given(given_=stays, places=st.integers(1, 3))
def test_serves_as_many_people_as_any_choice_of_them_and_no_more_at_once_than_there_are_places(given_, places):
    wanted = {person: (start, start + nights) for person, (start, nights) in enumerate(given_)}
    found = served(wanted, places)

    assert fits([wanted[person] for person in found], places)
    every = (some for size in range(len(wanted) + 1) for some in combinations(wanted.values(), size))
    assert len(found) == max(len(some) for some in every if fits(some, places))


@tried(100)
@given(given_=stays)
def test_uses_one_place_on_as_many_nights_as_any_choice(given_):
    wanted = [(start, start + nights) for start, nights in given_]
    every = (some for size in range(len(wanted) + 1) for some in combinations(wanted, size))

    assert nights_used(wanted) == max(sum(end - start for start, end in some) for some in every if fits(some, 1))


def test_stays_are_cut_to_the_span_and_one_outside_it_is_left_out():
    span = Period(date(2026, 1, 1), date(2026, 2, 1))
    stays_of = {
        1: Period(date(2025, 12, 1), date(2026, 1, 4)),
        2: Period(date(2026, 1, 30)),
        3: Period(date(2026, 3, 1)),
        4: Period(date(2026, 1, 5), date(2026, 1, 5)),
    }

    assert within(stays_of, span) == {1: (0, 3), 2: (29, 31)}
