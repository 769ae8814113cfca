"""Coded answers in the words of their own table."""

from datetime import timedelta

from placement.web.formatting import REASON_TABLES, ago, chooser_label, countdown, reason_label, since
from tests.conftest import NOW


def test_a_code_that_has_left_its_table_is_shown_as_it_is_stored():
    assert chooser_label("best_interest") == "A best-interest decision for the person"
    assert chooser_label("court_order") == "court order"


def test_a_reason_has_the_words_of_its_own_table_where_others_have_the_slug_too():
    assert reason_label("no_vacancy", "out_of_city") == "No vacancy in the city"
    assert reason_label("no_vacancy", "decline") == "No vacancy"
    assert reason_label("staffing", "decline") != reason_label("staffing", "closure")
    for name, table in REASON_TABLES.items():
        assert [reason_label(row.slug, name) for row in table] == [row.label for row in table]
    assert (reason_label("from another time"), reason_label(None)) == ("from another time", "Not recorded")


def test_since_when_is_told_as_people_say_it():
    assert since(NOW - timedelta(minutes=30), NOW) == "9:30am"
    assert since(NOW - timedelta(days=1), NOW) == "Sunday"
    assert since(NOW - timedelta(days=7), NOW) == "16 November 2026"


def test_no_length_is_told_as_none_of_a_unit():
    said = [countdown(NOW + timedelta(seconds=each), NOW) for each in (-3600, -60, -59, 0, 59, 60)]
    assert said == ["1 hour over", "1 minute over", "due now", "due now", "due now", "1 minute left"]
    assert ago(NOW - timedelta(seconds=59), NOW) == "just now"
