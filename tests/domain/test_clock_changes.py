"""London days where they are hard: the two nights of the year that change the clocks, and a process in another zone."""

import json
import os
import subprocess
import sys
import time
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from placement.domain.clocks import CUT_OFF, LONDON, deadline, is_working_day, today
from placement.domain.kinds import KIND, KINDS, WorkingDays

HARD_DAYS = [date(2026, 3, 29), date(2026, 10, 25)]
DAYS = [
    *HARD_DAYS,
    *(date(2026, 1, 1), date(2026, 2, 28), date(2026, 3, 28), date(2026, 6, 30)),
    *(date(2026, 10, 24), date(2026, 12, 24), date(2026, 12, 31), date(2028, 2, 29)),
]
TIMES = [(0, 0, 0, 0), (0, 30, 0, 0), (1, 0, 0, 0), (1, 30, 0, 0), (1, 30, 0, 1), (2, 0, 0, 0), (23, 59, 59, 0)]
ZONES = ["UTC", "America/New_York", "Asia/Kolkata"]


def london(day, hour, minute=0, second=0, fold=0):
    """Return the UTC instant of a London wall clock."""
    return datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=LONDON, fold=fold).astimezone(UTC)


def answers():
    """What the clocks say at every hard moment, as text."""
    moments = [london(day, *clock) for day in DAYS for clock in TIMES]
    return [
        [moment.isoformat(), today(moment).isoformat()]
        + [deadline(moment, kind.reply_within).isoformat() for kind in KINDS]
        for moment in moments
    ]


@pytest.mark.parametrize("day", DAYS, ids=str)
@pytest.mark.parametrize("clock", TIMES, ids=str)
def test_every_hard_moment_lies_on_its_london_day(day, clock):
    moment = london(day, *clock)

    assert today(moment) == day
    assert {today(moment.astimezone(ZoneInfo(zone))) for zone in ZONES} == {day}


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 6, 1), 24)])
def test_a_day_is_as_long_as_it_is_in_london(day, hours):
    first, last = london(day, 0), london(day + timedelta(days=1), 0)

    assert last - first == timedelta(hours=hours)
    assert today(first) == day == today(last - timedelta(microseconds=1))
    assert today(first - timedelta(microseconds=1)) == day - timedelta(days=1)
    assert today(last) == day + timedelta(days=1)


@pytest.mark.parametrize("zone", ZONES)
def test_a_process_in_another_time_zone_says_the_same_days_and_deadlines(zone):
    program = "import json; from tests.domain.test_clock_changes import answers; print(json.dumps(answers()))"
    told = subprocess.run(
        [sys.executable, "-c", program], env=os.environ | {"TZ": zone}, capture_output=True, text=True, check=True
    )

    assert json.loads(told.stdout) == answers()


def test_moving_the_zone_of_a_running_process_changes_nothing(monkeypatch):
    before = answers()
    for zone in ZONES:
        monkeypatch.setenv("TZ", zone)
        time.tzset()
        assert answers() == before
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize("hours", [2, 24])
@pytest.mark.parametrize("day", HARD_DAYS, ids=str)
def test_hours_are_real_hours_however_the_start_is_written(day, hours):
    """Adding to a London wall clock would stretch or shrink a crisis clock by an hour twice a year."""
    start = london(day - timedelta(days=1), 23, 30)
    zones = [UTC, LONDON, *map(ZoneInfo, ZONES)]

    assert {deadline(start.astimezone(zone), timedelta(hours=hours)) for zone in zones} == {
        start + timedelta(hours=hours)
    }


def test_a_deadline_is_always_a_utc_instant():
    start = london(date(2026, 7, 1), 12).astimezone(ZoneInfo("Asia/Kolkata"))

    assert {deadline(start, kind.reply_within).tzinfo for kind in KINDS} == {UTC}


@pytest.mark.parametrize("clock", [timedelta(hours=2), WorkingDays(days=2)], ids=str)
def test_a_deadline_of_a_time_without_a_zone_is_refused(clock):
    with pytest.raises(ValueError, match="time zone"):
        deadline(datetime(2026, 11, 23, 10, 0), clock)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        # The Friday before the clocks go forward, and before they go back: five o'clock is another UTC hour by then.
        (london(date(2026, 3, 27), 9), datetime(2026, 3, 31, 16, 0, tzinfo=UTC)),
        (london(date(2026, 10, 23), 9), datetime(2026, 10, 27, 17, 0, tzinfo=UTC)),
        # Over Easter and over Christmas.
        (london(date(2026, 4, 2), 9), datetime(2026, 4, 8, 16, 0, tzinfo=UTC)),
        (london(date(2026, 12, 24), 9), datetime(2026, 12, 30, 17, 0, tzinfo=UTC)),
        # One o’clock is London’s, an hour before UTC’s in summer.
        (london(date(2026, 6, 30), 13, 0, 0), datetime(2026, 7, 2, 16, 0, tzinfo=UTC)),
        (london(date(2026, 6, 30), 13, 0, 1), datetime(2026, 7, 3, 16, 0, tzinfo=UTC)),
        (london(date(2026, 6, 30), 23, 59, 59), datetime(2026, 7, 3, 16, 0, tzinfo=UTC)),
        (london(date(2026, 7, 1), 0), datetime(2026, 7, 3, 16, 0, tzinfo=UTC)),
    ],
)
def test_two_working_days_end_at_five_o_clock_in_london(start, end):
    assert deadline(start, KIND["move_on"].reply_within) == end


@given(
    start=st.datetimes(datetime(2020, 1, 1), datetime(2035, 12, 31), timezones=st.just(UTC)),
    days=st.integers(1, 15),
)
def test_as_many_working_days_lie_before_a_deadline_as_its_clock_has(start, days):
    end = deadline(start, WorkingDays(days=days))
    between = [today(start) + timedelta(days=n) for n in range(1, (today(end) - today(start)).days + 1)]
    local = start.astimezone(LONDON)
    in_time = is_working_day(local.date()) and local.time() <= CUT_OFF

    assert sum(map(is_working_day, between)) == days + (not in_time)
    assert is_working_day(today(end))
    assert (end.astimezone(LONDON).hour, end.astimezone(LONDON).minute) == (17, 0)
