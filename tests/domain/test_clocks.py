from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from placement.domain.clocks import (
    after_working_time,
    bank_holidays,
    deadline,
    deadline_after,
    is_working_day,
    today,
    working_time,
)
from placement.domain.kinds import WorkingDays
from tests.domain.bank_holiday_act import days_of_the_act


def at(day, hour):
    """Return an hour of a day of November 2026: then London has UTC."""
    return datetime(2026, 11, day, hour, tzinfo=UTC)


ONE_OFF_DAYS = {
    date(2020, 5, 8),  # the early May holiday, moved to the 75th VE Day
    date(2022, 6, 2),  # the spring holiday, moved for the Platinum Jubilee
    date(2022, 6, 3),  # the Platinum Jubilee
    date(2022, 9, 19),  # the State Funeral of Queen Elizabeth II
    date(2023, 5, 8),  # the Coronation of Charles III
}
MOVED_DAYS = {date(2020, 5, 4), date(2022, 5, 30)}


def test_bank_holidays_of_2026_and_2027_are_the_published_ones():
    assert sorted(bank_holidays(2026)) == [
        date(2026, 1, 1),
        date(2026, 4, 3),
        date(2026, 4, 6),
        date(2026, 5, 4),
        date(2026, 5, 25),
        date(2026, 8, 31),
        date(2026, 12, 25),
        date(2026, 12, 28),
    ]
    assert {date(2027, 12, 27), date(2027, 12, 28)} <= bank_holidays(2027)
    assert {date(2022, 1, 3), date(2022, 12, 26), date(2022, 12, 27)} <= bank_holidays(2022)


@pytest.mark.parametrize("year", range(2015, 2036))
def test_bank_holidays_are_those_of_the_act_but_for_the_proclaimed_one_off_days(year):
    ruled, told = days_of_the_act(year), bank_holidays(year)

    assert told - ruled == {day for day in ONE_OFF_DAYS if day.year == year}
    assert ruled - told == {day for day in MOVED_DAYS if day.year == year}


def test_two_working_days_before_a_state_funeral_end_on_the_day_after_it():
    thursday = datetime(2022, 9, 15, 9, 0, tzinfo=UTC)

    assert deadline(thursday, WorkingDays(days=2)) == datetime(2022, 9, 20, 16, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (at(20, 13), at(24, 17)),  # a Friday at one o'clock: in time
        (at(20, 13) + timedelta(seconds=1), at(25, 17)),
        (at(21, 9), at(25, 17)),  # what comes at the weekend counts as come on Monday
        (at(22, 23), at(25, 17)),
        (at(23, 0), at(25, 17)),
        (datetime(2026, 7, 3, 12, 0, tzinfo=UTC), datetime(2026, 7, 7, 16, 0, tzinfo=UTC)),  # one o'clock in London
        (datetime(2026, 7, 3, 12, 1, tzinfo=UTC), datetime(2026, 7, 8, 16, 0, tzinfo=UTC)),
    ],
)
def test_what_comes_after_one_o_clock_counts_as_come_on_the_next_working_day(start, end):
    assert deadline(start, WorkingDays(days=2)) == end


@given(
    first=st.datetimes(datetime(2026, 3, 1), datetime(2027, 1, 31), timezones=st.just(UTC)),
    later=st.timedeltas(timedelta(), timedelta(days=12)),
    days=st.integers(1, 12),
)
def test_what_comes_later_is_never_due_earlier(first, later, days):
    assert deadline(first, WorkingDays(days=days)) <= deadline(first + later, WorkingDays(days=days))


def test_a_working_day_clock_ends_at_five_london_time_in_summer():
    assert deadline(datetime(2026, 7, 1, 9, tzinfo=UTC), WorkingDays(days=1)) == datetime(2026, 7, 2, 16, tzinfo=UTC)


def test_hours_run_through_the_change_of_clocks():
    before = datetime(2026, 10, 24, 23, 30, tzinfo=UTC)

    assert deadline(before, timedelta(hours=2)) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        (datetime(2026, 7, 1, 22, 59, 59, tzinfo=UTC), date(2026, 7, 1)),
        (datetime(2026, 7, 1, 23, 0, tzinfo=UTC), date(2026, 7, 2)),
        (datetime(2026, 12, 1, 23, 59, 59, tzinfo=UTC), date(2026, 12, 1)),
    ],
)
def test_today_is_the_day_in_london(instant, day):
    assert today(instant) == day


def test_an_instant_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        today(datetime(2026, 1, 1))


def test_christmas_is_not_a_working_day():
    assert not is_working_day(date(2026, 12, 25))
    assert is_working_day(date(2026, 12, 24))


def test_a_clock_in_hours_is_later_by_what_it_stood_still():
    stops = [(at(23, 10), at(23, 11)), (at(23, 11), at(23, 11)), (at(23, 12), at(24, 12)), (at(26, 9), None)]
    assert deadline_after(at(23, 9), timedelta(hours=2), stops[:1]) == at(23, 12)
    assert deadline_after(at(23, 9), timedelta(hours=5), stops) == at(24, 15)
    assert deadline_after(at(23, 9), timedelta(hours=1), stops) == at(23, 10), "it had run out when it was stopped"


def test_a_clock_in_working_days_is_later_by_the_working_time_that_it_stood_still():
    two = WorkingDays(days=2)
    assert deadline_after(at(23, 9), two, []) == at(25, 17)
    assert deadline_after(at(23, 9), two, [(at(24, 16), at(25, 10))]) == at(26, 11)
    assert deadline_after(at(23, 9), two, [(at(24, 17), at(25, 9))]) == at(25, 17), "a night is no working time"
    assert deadline_after(at(26, 9), two, [(at(27, 9), at(30, 9))]) == datetime(2026, 12, 1, 17, tzinfo=UTC)


START = datetime(2026, 12, 10, tzinfo=UTC)
INSTANT = st.integers(0, 60 * 24 * 40).map(lambda minutes: START + timedelta(minutes=minutes))
CLOCK = st.one_of(
    st.integers(1, 12).map(lambda days: WorkingDays(days=days)), st.integers(1, 200).map(lambda n: timedelta(hours=n))
)


@given(start=INSTANT, clock=CLOCK, instants=st.lists(INSTANT, max_size=12, unique=True))
def test_a_clock_stopped_and_started_any_number_of_times_uses_exactly_its_open_time(start, clock, instants):
    """Christmas, two bank holidays and the new year lie within."""
    edges = sorted(instants)
    stops = list(zip(edges[::2], edges[1::2], strict=False))
    counted = working_time if isinstance(clock, WorkingDays) else lambda since, until: until - since
    due = deadline_after(start, clock, reversed(stops))
    ran = counted(start, due) - sum(
        (counted(max(since, start), min(until, due)) for since, until in stops if until > start and since < due),
        timedelta(),
    )
    assert ran == counted(start, deadline(start, clock))
    assert due >= deadline(start, clock)
    assert not any(since < due < until for since, until in stops), "it does not run out while it stands still"


@given(start=INSTANT, minutes=st.integers(0, 9000))
def test_working_time_is_found_again(start, minutes):
    amount = timedelta(minutes=minutes)
    assert working_time(start, after_working_time(start, amount)) == amount
