from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from placement.domain.periods import Period

DAY = date(2026, 11, 23)
HORIZON = 20
days = st.integers(0, HORIZON).map(lambda offset: DAY + timedelta(days=offset))


@st.composite
def periods(draw):
    start = draw(days)
    return Period(start, draw(st.none() | days.filter(lambda end: end >= start)))


def nights_of(period):
    """Return its nights one by one, as far as any of these periods tells two apart."""
    end = period.end or DAY + timedelta(days=HORIZON + 1)
    return {period.start + timedelta(days=offset) for offset in range((end - period.start).days)}


@given(periods(), days)
def test_a_period_holds_the_nights_from_its_first_day_to_the_eve_of_its_end(period, night):
    assert period.holds(night) == (night in nights_of(period))


@given(periods(), days)
def test_a_period_is_over_on_a_day_from_which_on_it_holds_no_night(period, day):
    last = DAY + timedelta(days=HORIZON)
    ahead = {day + timedelta(days=offset) for offset in range((last - day).days + 1)}

    assert period.is_over(day) == (period.end is not None and not ahead & nights_of(period) and period.end <= day)
    assert not (period.is_over(day) and ahead & nights_of(period))


@given(periods(), periods())
def test_two_periods_overlap_where_they_hold_a_night_in_common(one, other):
    assert one.overlaps(other) == other.overlaps(one) == bool(nights_of(one) & nights_of(other))


@given(periods())
def test_a_period_is_as_long_as_the_nights_that_it_holds(period):
    assert period.nights == (len(nights_of(period)) if period.end else None)
    assert Period.lasting(period.start, period.nights) == period


def test_a_period_that_ends_before_it_begins_is_told_by_its_nights():
    assert Period(DAY, DAY - timedelta(days=3)).nights == -3
