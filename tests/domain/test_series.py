from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from placement.domain.errors import Invalid
from placement.domain.series import MOST_STAYS, Pattern, numbered, windows_of

JUNE = date(2026, 6, 1)  # a Monday


def pattern(**values):
    given = {"every": 1, "unit": "month", "weekday": 4, "from_on": JUNE, "until_on": date(2026, 11, 30), "nights": 2}
    return Pattern(**given | values)


def starts(asked):
    return [window.earliest_on for window in windows_of(asked)]


def test_every_fourth_friday_is_four_weeks_after_the_one_before():
    asked = pattern(every=4, unit="week", until_on=date(2026, 8, 31))
    assert starts(asked) == [date(2026, 6, 5), date(2026, 7, 3), date(2026, 7, 31), date(2026, 8, 28)]
    assert asked.words == "every 4 weeks on Friday"


def test_a_pattern_by_the_month_keeps_the_place_of_its_weekday():
    asked = pattern(from_on=date(2026, 6, 8))
    assert starts(asked)[:3] == [date(2026, 6, 12), date(2026, 7, 10), date(2026, 8, 14)]
    assert asked.words == "on the second Friday of every month"


def test_the_fifth_friday_of_a_month_stands_for_its_last():
    asked = pattern(from_on=date(2026, 5, 29), until_on=date(2026, 8, 31))
    assert starts(asked) == [date(2026, 5, 29), date(2026, 6, 26), date(2026, 7, 31), date(2026, 8, 28)]
    assert asked.words == "on the last Friday of every month"


def test_a_pattern_goes_on_over_the_new_year():
    asked = pattern(every=2, from_on=date(2026, 11, 1), until_on=date(2027, 3, 31))
    assert starts(asked) == [date(2026, 11, 6), date(2027, 1, 1), date(2027, 3, 5)]
    assert asked.words == "on the first Friday, every 2 months"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"every": 0}, "every"),
        ({"every": 13}, "every"),
        ({"until_on": JUNE - timedelta(days=1)}, "until_on"),
        ({"until_on": date(2026, 6, 20)}, "until_on"),
        ({"unit": "week", "until_on": date(2027, 6, 1)}, "until_on"),
        ({"unit": "week", "nights": 8}, "nights"),
    ],
    ids=["none", "too far", "backwards", "one stay", "too many", "longer than the gap"],
)
def test_a_pattern_that_gives_no_series_is_refused_at_its_field(values, field):
    with pytest.raises(Invalid) as refused:
        windows_of(pattern(**values))
    assert refused.value.field == field


def test_stays_that_are_listed_stand_in_the_order_of_their_nights():
    later, sooner = (date(2026, 8, 1), date(2026, 8, 9), 3), (date(2026, 7, 1), date(2026, 7, 2), 2)
    found = numbered([later, sooner], field="listed")
    assert [(each.number, each.earliest_on) for each in found] == [(1, sooner[0]), (2, later[0])]


def test_a_stay_that_may_begin_before_another_is_over_is_refused_with_the_stay():
    with pytest.raises(Invalid, match="Stay 2 may begin on 9 July 2026, before stay 1 is over"):
        numbered([(date(2026, 7, 1), date(2026, 7, 8), 2), (date(2026, 7, 9), date(2026, 7, 9), 2)], field="listed")


@given(
    every=st.integers(1, 12),
    unit=st.sampled_from(["week", "month"]),
    weekday=st.integers(0, 6),
    from_on=st.dates(date(2026, 1, 1), date(2028, 12, 31)),
    length=st.integers(0, 800),
)
def test_every_stay_of_a_pattern_begins_on_its_weekday_within_it_and_in_order(every, unit, weekday, from_on, length):
    asked = pattern(
        every=every, unit=unit, weekday=weekday, from_on=from_on, until_on=from_on + timedelta(days=length), nights=1
    )
    try:
        found = starts(asked)
    except Invalid:
        return
    assert 2 <= len(found) <= MOST_STAYS
    assert found == sorted(set(found))
    assert all(day.weekday() == weekday and from_on <= day <= asked.until_on for day in found)
