import csv
import io
import re

import pytest

from placement.domain.people import Role
from tests.web.pages.commissioner.test_gaps import text_of
from tests.web.pages.provider.test_needs import row_of, without_place
from tests.web_client import signed_in

PATH = "/commissioner/needs"


@pytest.fixture
def browser(app, store):
    """People from one locality: many need dementia care, some nursing, few autism support."""
    with store.writing() as session:
        without_place(session, 33, "dementia")
        without_place(session, 12, "nurse", kind="crisis", days_ago=300)
        without_place(session, 6, "autism")
    return signed_in(app, Role.COMMISSIONER)


def rows_of(answer):
    return list(csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig"))))


def test_opens_on_the_answer_in_words_the_worst_first(browser):
    page = text_of(browser.get(PATH))

    assert "about 50 people asked and had no place in the city" in page
    answer = page.index("Dementia, North: about 35 people waited about 100 nights")
    assert answer < page.index("Nursing, North: about 10 people") < page.index("By locality, the most people first")


def test_is_where_a_commissioner_begins(browser):
    assert browser.get("/").location == PATH


def test_one_need_and_one_area_stand_in_the_address(browser):
    page = browser.get(f"{PATH}?what=need+nurse&area=north").get_data(as_text=True)
    assert "Nursing, North" in page
    assert row_of(page, "Nursing")[:3] == ["Nursing", "North", "10"]
    assert "Dementia</th>" not in page

    assert "No number of people here may be told" in text_of(browser.get(f"{PATH}?what=need+nurse&area=west"))
    kinds = browser.get(f"{PATH}?what=kind").get_data(as_text=True)
    assert row_of(kinds, "Crisis")[:3] == ["Crisis", "North", "10"]


def test_a_filter_that_does_not_exist_is_said_on_the_page_and_refused_for_a_file(browser):
    for wrong in ("what=nothing", "area=atlantis"):
        assert browser.get(f"{PATH}?{wrong}").status_code == 422
        assert browser.get(f"{PATH}.csv?{wrong}").status_code == 422


def test_no_small_number_stands_on_the_page_or_in_the_file(browser):
    page = browser.get(PATH).get_data(as_text=True)
    assert "Autism</th>" not in page
    assert not re.search(r">\s*[1-7]\s*</td>", page)
    for row in rows_of(browser.get(f"{PATH}.csv"))[1:-1]:
        assert not {"1", "2", "3", "4", "5", "6", "7"} & set(row)


def test_the_file_and_its_name_say_the_filters(browser):
    answer = browser.get(f"{PATH}.csv?what=need+dementia&area=north")
    rows = rows_of(answer)

    assert "needs-dementia-north-2026-11-23.csv" in answer.headers["Content-Disposition"]
    assert "Dementia, North. October 2025 to September 2026." in rows[-1][0]
    assert rows[1][:3] == ["Dementia", "North", "35"]
    assert [row[1] for row in rows[1:-1]] == ["North", "Whole city"]


def test_without_anybody_it_says_so(app):
    page = text_of(signed_in(app, Role.COMMISSIONER).get(PATH))

    assert "Everybody found a place in the city" in page
    assert "No match run has finished yet" in page
