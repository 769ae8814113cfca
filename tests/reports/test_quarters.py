from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from placement.domain.periods import Period
from placement.reports.quarters import quarters, span_words


@given(day=st.dates(date(2020, 1, 1), date(2040, 12, 31)))
def test_the_last_quarter_is_over_the_year_ends_with_it_and_the_next_has_not_begun(day):
    found = quarters(day)

    assert found.last.end == found.year.end <= day < found.coming.start
    assert found.year.start.replace(year=found.year.start.year + 1) == found.year.end
    for each in (found.last, found.coming):
        assert each.start.day == 1
        assert each.start.month % 3 == 1
        assert 90 <= each.nights <= 92
    assert quarters(found.year.end) == found, "all days of a quarter look at the same ones"
    assert quarters(found.coming.start - timedelta(days=1)) == found


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (Period(date(2026, 7, 1), date(2026, 10, 1)), "July to September 2026"),
        (Period(date(2025, 10, 1), date(2026, 10, 1)), "October 2025 to September 2026"),
        (Period(date(2025, 10, 1), date(2026, 1, 1)), "October to December 2025"),
    ],
)
def test_words(span, words):
    assert span_words(span) == words
