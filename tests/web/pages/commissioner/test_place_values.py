from __future__ import annotations

import csv
import io
import re
from datetime import timedelta

import pytest

from placement.domain.people import SYSTEM, Role
from placement.records.valuations import Valuation, ask_for_values
from placement.reports.quarters import quarters
from placement.web.background import queue
from tests.conftest import NOW
from tests.reports.test_place_values import an_idea
from tests.web.pages.commissioner.test_gaps import text_of
from tests.web_client import signed_in

PATH = "/commissioner/place-values"
SPANS = quarters(NOW.date())
GAINS = (
    {"outside": 9, "waited": 133, "away": 55, "weekly_pence": -123_456},
    {"outside": 9, "without": 4, "waited": 133},
    {"outside": 16, "without": 9, "waited": 150},
)


@pytest.fixture
def browser(app):
    return signed_in(app, Role.COMMISSIONER)


def answered(store, *ideas, span=SPANS.last, days_ago=2):
    with store.writing() as session:
        row = ask_for_values(session, span, by=SYSTEM, now=NOW - timedelta(days=days_ago))
        row.ideas, row.finished_at = list(ideas), NOW - timedelta(days=days_ago)
        row.versions = {"placement": "0.1.0"}


def test_opens_on_what_would_help_most_in_words_and_says_how_old_it_is(browser, store):
    answered(store, an_idea("west", "pbs"), an_idea("north", "nursing_dementia", *GAINS))
    page = text_of(browser.get(PATH))

    assert "What would have been different from July to September 2026" in page
    assert (
        "Nursing dementia, North: planned, nursing home. One more place: about 10 fewer people outside the city, "
        "about 140 fewer nights waited, about 60 fewer nights outside the city, about £1,200 a week more spent."
    ) in page
    assert "Worked out 2 days ago" in page
    assert "West" not in page  # it would have changed nothing


def test_no_small_number_stands_on_the_page_or_in_a_file(browser, store):
    answered(store, an_idea("north", "autism", *[{"outside": 3, "without": 2}] * 3))
    page = browser.get(PATH).get_data(as_text=True)
    assert len(re.findall(r"<td[^>]*>(?:<[^>]*>)*\*<", page.replace("\n", ""))) == 6
    rows = list(csv.reader(io.StringIO(browser.get(f"{PATH}.csv").get_data().decode("utf-8-sig"))))
    assert [row[6:8] for row in rows[1:4]] == [["*", "*"]] * 3
    assert "fewer people outside the city (how many is held back)" in page


def test_a_period_and_a_format_that_do_not_exist_are_refused_and_every_format_is_sent(browser, store):
    answered(store, an_idea("north", "autism", *GAINS), span=SPANS.year)
    assert browser.get(f"{PATH}?period=decade").status_code == 422
    assert browser.get(f"{PATH}.pdf").status_code == 404
    for ending in ("csv", "xlsx", "ods"):
        answer = browser.get(f"{PATH}.{ending}?period=year")
        assert answer.status_code == 200
        assert f"place-values-2025-10-01-year.{ending}" in answer.headers["Content-Disposition"]
    assert "October 2025 to September 2026. Worked out on 2026-11-21, seed 0, placement 0.1.0" in browser.get(
        f"{PATH}.csv?period=year"
    ).get_data(as_text=True)
    assert "Nobody has worked it out yet" in browser.get(f"{PATH}.csv").get_data(as_text=True)


def test_asking_puts_the_question_to_the_worker_and_says_how_far_it_is(browser, app, store):
    assert "Nobody has worked out the figures" in text_of(browser.get(PATH))
    assert browser.post(PATH, {"period": "year"}).location == f"{PATH}?period=year"
    with app.app_context():
        assert queue(app).huey.pending_count() == 1
    with store.writing() as session:
        row = session.get_one(Valuation, 1)
        assert (row.first_on, row.end_on, row.asked_by) == (SPANS.year.start, SPANS.year.end, "A commissioner")
        row.done, row.replays = 4, 25
    page = text_of(browser.get(PATH))
    assert "4 of 25 replays are done" in page
    assert "Work out new figures" not in page
    with store.writing() as session:
        session.get_one(Valuation, 1).has_failed = True
    page = text_of(browser.get(PATH))
    assert "The last attempt to work out new figures did not succeed" in page
    assert "Work out new figures" in page
