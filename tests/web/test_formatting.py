"""Coded answers in the words of their own table."""

from placement.domain.choices import GIVEN_ANYWAY, NONE_CHOSEN, TAKEN_BACK, WAYS_TO_CHOOSE
from placement.web.formatting import REASON_TABLES, chooser_label, reason_label


def test_every_coded_answer_about_a_choice_has_words_that_no_other_table_takes():
    """One lookup tells the words of every table: a slug of two tables is told in the words of the later one."""
    known = [reason.slug for table in REASON_TABLES for reason in table]
    for reason in (reason for table in (GIVEN_ANYWAY, NONE_CHOSEN, TAKEN_BACK, WAYS_TO_CHOOSE) for reason in table):
        assert known.count(reason.slug) == 1, reason.slug
        assert reason_label(reason.slug) == reason.label


def test_a_code_that_has_left_its_table_is_shown_as_it_is_stored():
    assert chooser_label("best_interest") == "A best-interest decision for the person"
    assert chooser_label("court_order") == "court order"
