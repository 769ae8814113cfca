import csv
import io

import pytest

from placement.domain.people import Role
from placement.reports.kpis.catalogue import MEASURES
from placement.sheets.sheet import Gathering
from placement.sheets.xlsx import read_xlsx
from tests.reports.kpis.worlds import placed, units_of
from tests.web.pages.commissioner.test_gaps import text_of
from tests.web_client import signed_in

PATH = "/commissioner/measures"
IN_CITY = f"{PATH}/in-city-share"


@pytest.fixture
def browser(app, store):
    with store.writing() as session:
        inside, _, _, outside = units_of(session)
        for _ in range(30):
            placed(session, inside, days_ago=100)
        for _ in range(10):
            placed(session, outside, days_ago=250, out="no_vacancy")
    return signed_in(app, Role.COMMISSIONER)


def test_the_index_leads_to_each_measure_and_says_what_it_counts(browser):
    page = browser.get(PATH).get_data(as_text=True)

    for measure in MEASURES:
        assert f'href="{PATH}/{measure.slug}"' in page
        assert browser.get(f"{PATH}/{measure.slug}").status_code == 200


def test_a_measure_stands_with_its_definition_source_and_caveats(browser):
    page = text_of(browser.get(IN_CITY))

    assert "its postcode lies in the council’s area" in page
    assert "Source: Stays as brokers record them" in page
    assert "A reservation that never began does not count." in page
    assert "October 2025 to September 2026" in page
    assert "Planned 40 30 10 0 75%" in page


def test_one_quarter_can_be_asked_for_and_no_other_span(browser):
    assert "Planned 30 30 0 0 100%" in text_of(browser.get(f"{IN_CITY}?period=2026-q3"))
    assert browser.get(f"{IN_CITY}?period=1999-q9").status_code == 422
    assert browser.get(f"{IN_CITY}.csv?period=1999-q9").status_code == 422


def test_the_file_and_its_name_say_the_period(browser):
    answer = browser.get(f"{IN_CITY}.csv?period=2026-q3")
    rows = list(csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig"))))

    assert 'filename="in-city-share-2026-q3-2026-11-23.csv"' in answer.headers["Content-Disposition"]
    assert rows[1][:6] == ["In-city share", "July to September 2026", "People placed, by kind of referral", "Planned",
                           "People placed", "30"]  # fmt: skip


def test_a_workbook_holds_the_same(browser):
    rows = Gathering()
    read_xlsx(browser.get(f"{IN_CITY}.xlsx").get_data(), rows)
    sheet = rows.sheet("xlsx")

    assert sheet.headings[0] == "Measure"
    assert sheet.rows[0].cells[5] == "40"


def test_there_is_no_other_measure_and_no_other_format(browser):
    assert browser.get(f"{PATH}/happiness").status_code == 404
    assert browser.get(f"{IN_CITY}.pdf").status_code == 404
