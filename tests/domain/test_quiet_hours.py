"""Quiet hours are the wall clock's, on the nights too on which the clocks change."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from placement.domain.clocks import LONDON
from placement.domain.quiet_hours import QuietHours

USUAL = QuietHours(start=20, end=7)
CHANGES = {"back": datetime(2026, 10, 25, 1, tzinfo=UTC), "forward": datetime(2027, 3, 28, 1, tzinfo=UTC)}


def edges(hours, around):
    """Return the instants, to the minute, at which it becomes quiet or stops being so, within a day of another."""
    minutes = [around - timedelta(hours=24) + timedelta(minutes=each) for each in range(48 * 60)]
    return [now for before, now in pairwise(minutes) if hours.are_now(before) != hours.are_now(now)]


@pytest.mark.parametrize(("change", "evening", "length"), [("back", 19, 12), ("forward", 20, 10)])
def test_a_night_on_which_clocks_change_is_an_hour_longer_or_shorter(change, evening, length):
    """Quiet from 20:00 until 07:00 on the wall: twelve hours when clocks go back, ten when they go forward."""
    at = CHANGES[change]
    start = datetime(at.year, at.month, at.day, tzinfo=UTC) - timedelta(days=1) + timedelta(hours=evening)
    found = [edge for edge in edges(USUAL, at) if start <= edge <= start + timedelta(hours=length)]

    assert found == [start, start + timedelta(hours=length)]
    assert [f"{edge.astimezone(LONDON):%H:%M}" for edge in found] == ["20:00", "07:00"]


@given(st.integers(0, 23), st.integers(0, 23), st.integers(0, 23))
def test_what_was_wanted_in_quiet_hours_may_be_written_when_they_end_and_else_at_once(start, end, hour):
    hours = QuietHours(start=start, end=end)

    assert not hours.has(hours.allowed(hour))
    assert hours.allowed(hour) == (end if hours.has(hour) else hour)
    assert sum(hours.has(each) for each in range(24)) == (end - start) % 24
