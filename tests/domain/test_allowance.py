from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from placement.domain.allowance import (
    COUNTING,
    ON_THE_PERSONS_SIDE,
    Ledger,
    counts_all_the_same,
    nights_in,
    standing_of,
    year_of,
    years_of,
)
from placement.domain.periods import Period
from placement.domain.states import PlacementState
from placement.domain.staying import RELEASE

DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))


@pytest.mark.parametrize(
    ("day", "first"), [(date(2026, 3, 31), 2025), (date(2026, 4, 1), 2026), (date(2027, 1, 1), 2026)]
)
def test_a_year_begins_on_the_first_of_april(day, first):
    assert year_of(day) == Period(date(first, 4, 1), date(first + 1, 4, 1))


def test_a_stay_over_the_turn_of_the_year_counts_in_both():
    nights = Period(date(2027, 3, 29), date(2027, 4, 5))
    assert [nights_in(nights, year) for year in years_of(nights)] == [3, 4]


@given(start=DAYS, nights=st.integers(1, 900))
def test_every_night_of_a_stay_counts_in_just_one_year(start, nights):
    stay = Period.lasting(start, nights)
    years = list(years_of(stay))
    assert sum(nights_in(stay, year) for year in years) == nights
    assert all(nights_in(stay, year) for year in years)


@pytest.mark.parametrize(
    ("state", "is_counted", "reason", "slug"),
    [
        (PlacementState.RESERVED, False, None, "booked"),
        (PlacementState.CONFIRMED, False, None, "booked"),
        (PlacementState.ACTIVE, False, None, "used"),
        (PlacementState.AWAY, False, None, "used"),
        (PlacementState.ENDED, False, "as_planned", "used"),
        (PlacementState.RELEASED, False, "not_needed", "cancelled"),
        (PlacementState.RELEASED, True, "not_needed", "late"),
        (PlacementState.RELEASED, True, "did_not_arrive", "no_show"),
    ],
)
def test_each_stay_stands_in_the_ledger_by_its_state(state, is_counted, reason, slug):
    assert standing_of(state, is_counted=is_counted, reason=reason) == slug
    assert slug in dict(COUNTING)


@pytest.mark.parametrize(
    ("reason", "days", "was_confirmed", "is_counted"),
    [
        ("not_needed", 6, True, True),
        ("not_needed", 7, True, False),
        ("did_not_arrive", 0, True, True),
        ("not_needed", 6, False, False),
        ("provider_withdrew", 0, True, False),
        ("mistake", 0, True, False),
    ],
    ids=["late", "in time", "no show", "never confirmed", "the provider's", "ours"],
)
def test_only_what_the_person_cancels_too_late_still_counts(reason, days, was_confirmed, is_counted):
    day = date(2026, 6, 1)
    found = counts_all_the_same(reason, day + timedelta(days=days), day, 7, was_confirmed=was_confirmed)
    assert found is is_counted


def test_every_reason_on_the_persons_side_is_a_reason_of_a_release():
    assert set(RELEASE) >= ON_THE_PERSONS_SIDE


def test_what_was_granted_is_left_too_and_what_was_cancelled_in_time_costs_nothing():
    nights = {"booked": 10, "used": 20, "late": 2, "no_show": 3, "cancelled": 9}
    found = Ledger(year=year_of(date(2026, 6, 1)), allowance=42, granted=5, nights=nights)
    assert (found.counted, found.left) == (35, 12)
