from __future__ import annotations

import re

import pytest

from placement.domain.people import Role
from placement.sheets.formats import read_sheet
from tests.web.pages.commissioner.test_gaps import text_of
from tests.web.pages.provider.test_needs import without_place
from tests.web_client import signed_in

PATH = "/commissioner/position"


@pytest.fixture
def browser(app, store):
    with store.writing() as session:
        without_place(session, 33, "dementia")
        without_place(session, 6, "autism")
    return signed_in(app, Role.COMMISSIONER)


def test_every_drawing_follows_its_table_and_has_the_same_figures(browser):
    page = browser.get(PATH).get_data(as_text=True)
    parts = re.split(r"<svg", page)
    assert len(parts) > 3
    for before in parts[:-1]:
        assert before.rindex("</table>") > before.rfind("<svg")
    assert "Dementia" in parts[0]
    assert "Autism" not in page


def test_it_says_what_is_not_held_what_is_not_worked_out_and_whom_nobody_named(browser):
    page = text_of(browser.get(PATH))
    assert "Population figures are not loaded here" in page
    assert "It has not been worked out yet what more places would change" in page
    assert "The council has not yet said here whom to talk to" in page
    assert "About 40 people" in page


def test_the_pdf_is_tagged_and_named_by_its_day(browser):
    answer = browser.get(f"{PATH}.pdf")
    assert answer.get_data().startswith(b"%PDF-1.7")
    assert "market-position-2026-11-23.pdf" in answer.headers["Content-Disposition"]


def test_the_table_has_a_row_for_each_figure_and_says_what_it_is(browser):
    answer = browser.get(f"{PATH}.ods")
    sheet = read_sheet(answer.get_data(), name="pack.ods")
    rows = [row.cells for row in sheet.rows]
    assert sheet.headings == ("Section", "Table", "For", "Figure", "Value")
    wanted = (
        "Demand",
        "People without a place, by specialisms and support",
        "Dementia",
        "People without a place",
        "35",
    )
    assert wanted in rows
    assert rows[-1][0].startswith("Market position. October 2025 to September 2026, supply as of 2026-11-23.")
    people = [row for row in rows if row[0] in ("Demand", "Gaps") and row[3].startswith(("People", "Of them"))]
    assert not {row[4] for row in people} & set("1234567")
