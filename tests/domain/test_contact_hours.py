from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from placement.domain.contact_hours import DAYS, ContactHours, Ringing, hours_words, read, ring_at, stored

MONDAY = datetime(2026, 11, 23, tzinfo=UTC)  # London is on UTC in winter
DAY = ContactHours(days="weekdays", start="08:00", until="20:00", role="Duty manager", telephone="1")
NIGHT = ContactHours(days="every", start="20:00", until="08:00", role="On call", telephone="2")


def at(day, hour, minute=0):
    return MONDAY + timedelta(days=day, hours=hour, minutes=minute)


def told(moment, *hours, telephone=""):
    return [(each.telephone, each.words) for each in ring_at(hours, telephone, moment)]


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (at(0, 8), ("1", "Duty manager, until 8pm")),
        (at(0, 19, 59), ("1", "Duty manager, until 8pm")),
        (at(0, 20), ("2", "On call, until 8am")),
        (at(0, 3), ("2", "On call, until 8am")),
        (at(4, 23), ("2", "On call, until 8am")),
        (at(5, 7, 59), ("2", "On call, until 8am")),
    ],
)
def test_says_whom_to_ring_and_until_when(moment, expected):
    assert told(moment, DAY, NIGHT, telephone="9") == [expected]


def test_a_night_belongs_to_the_day_on_which_it_begins():
    friday = ContactHours(days="fri", start="22:00", until="06:00", role="Nights", telephone="3")
    assert told(at(5, 5), friday) == [("3", "Nights, until 6am")]
    assert told(at(4, 5), friday) == [("3", "Nights, from 10pm on Friday")]


def test_where_nobody_answers_the_services_own_number_comes_first_and_then_who_is_there_next():
    assert told(at(5, 12), DAY, telephone="9") == [("9", ""), ("1", "Duty manager, from 8am on Monday")]
    assert told(at(5, 12), DAY) == [("1", "Duty manager, from 8am on Monday")]
    assert told(at(5, 12), telephone="9") == [("9", "")]
    assert told(at(5, 12)) == []


def test_the_first_row_that_holds_counts_and_the_clock_is_londons():
    noon = ContactHours(days="every", start="12:00", until="12:30", role="Office", telephone="4")
    summer = datetime(2026, 7, 1, 11, 15, tzinfo=UTC)  # 12:15 in London
    assert told(summer, noon, DAY) == [("4", "Office, until 12:30pm")]
    assert told(summer, DAY, noon) == [("1", "Duty manager, until 8pm")]


HOUR = st.times().map(lambda time: f"{time:%H:%M}")
ROW = st.builds(
    ContactHours, days=st.sampled_from(sorted(DAYS)), start=HOUR, until=HOUR, role=st.just("R"), telephone=st.just("1")
)


@given(st.lists(ROW, max_size=4), st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)))
def test_at_any_moment_somebody_is_named_who_answers_now_or_next(hours, moment):
    found = ring_at(hours, "", moment.replace(tzinfo=UTC))
    assert len(found) == bool(hours)
    assert all((each.until is None) != (each.opens_at is None) for each in found)
    assert all((each.until or each.opens_at) > moment.replace(tzinfo=UTC) for each in found)
    assert read(stored(hours)) == tuple(hours)


def test_hours_are_told_as_people_say_them():
    assert hours_words(DAY) == "Monday to Friday, 8am to 8pm: Duty manager"
    assert hours_words(ContactHours(days="sun", start="00:00", until="00:00", role="R", telephone="1")) == (
        "Sunday, at any hour: R"
    )
    assert Ringing(telephone="1").words == ""
