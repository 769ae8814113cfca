"""All vacancies by file in a browser: three clicks and the choice of a file, on a phone and without JavaScript."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from placement.demo.users import PASSWORD
from placement.sheets.formats import read_sheet, write_sheet
from tests.journeys.conftest import sign_in

WIDTHS = [(1280, True), (360, False)]


def exported(page, ending):
    with page.expect_download() as download:
        page.locator(f"a[href$='numbers.{ending}']").click()
    content = download.value.path().read_bytes()
    return content, read_sheet(content, name=f"a.{ending}")


def sent(page, content, name):
    page.set_input_files("input[type=file]", {"name": name, "mimeType": "application/octet-stream", "buffer": content})
    page.get_by_role("button", name="See what it changes").click()


def no_sideways_scroll(page):
    return page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


@pytest.mark.parametrize(("width", "javascript"), WIDTHS)
def test_a_file_is_uploaded_and_confirmed_in_three_clicks_and_sent_again_it_changes_nothing(
    demo_city, visit, width, javascript
):
    page = sign_in(visit(demo_city, width=width, javascript=javascript), "provider@demo.example", PASSWORD)
    page.goto("/provider/services/file")
    content, sheet = exported(page, "xlsx")
    sent(page, content, "own.xlsx")
    expect(page.locator("h1")).to_have_text("0 changes")

    rows = [list(row.cells) for row in sheet.rows]
    free = [row for row in rows if row[7] not in ("", "0")][:5]
    for row in free:
        row[5], row[7] = int(row[5]) + 1, int(row[7]) - 1
    page.goto("/provider/services")
    page.get_by_role("link", name="Update all by file").click()  # one
    sent(page, write_sheet("ods", sheet.headings, rows), "changed.ods")  # two
    expect(page.locator("h1")).to_have_text("5 changes")
    assert no_sideways_scroll(page)
    page.get_by_role("button", name="Save 5 changes").click()  # three
    expect(page.get_by_text("Saved: 5 units changed.")).to_be_visible()

    page.goto("/provider/services/file")
    content, _ = exported(page, "csv")
    sent(page, content, "again.csv")
    expect(page.locator("h1")).to_have_text("0 changes")


@pytest.mark.parametrize("width", [360, 1280])
def test_what_is_wrong_and_what_is_asked_is_sound_to_look_at(demo_city, visit, width):
    page = sign_in(visit(demo_city, width=width), "provider@demo.example", PASSWORD)
    page.goto("/provider/services/file")
    _, sheet = exported(page, "ods")
    sent(page, b"no\x00thing", "a.csv")
    expect(page.get_by_text("This is no CSV file.").first).to_be_visible()
    assert faults(page) == []

    rows = [list(row.cells) for row in sheet.rows if row.cells[4:8] != ("", "", "", "")][:4]
    rows[0][5], rows[1][4] = "many", 900
    sent(page, write_sheet("csv", sheet.headings, rows), "a.csv")
    expect(page.get_by_text("Check before you save")).to_be_visible()
    expect(page.get_by_text("Enter a whole number between 0 and 2,000")).to_be_visible()
    assert faults(page) == []
    assert no_sideways_scroll(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the rows with problems").click()
    back = read_sheet(download.value.path().read_bytes(), name="a.csv")
    assert (len(back.rows), back.headings[-1]) == (1, "what_to_mend")


def faults(page):
    return [f"{each['id']}: {each['nodes'][0]['html'][:160]}" for each in Axe().run(page).response["violations"]]


@pytest.mark.parametrize("width", [360, 1280])
def test_the_numbers_to_enter_nationally_are_sound_to_look_at(demo_city, visit, width):
    page = sign_in(visit(demo_city, width=width), "provider@demo.example", PASSWORD)
    page.goto("/provider/services/national")
    page.locator("tbody a").first.click()
    page.get_by_role("link", name="Choose the bed category of each unit").click()
    for place in range(page.locator("select").count()):
        page.locator("select").nth(place).select_option("general_residential")
    assert faults(page) == []
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_label("To copy: General residential")).to_be_visible()
    assert faults(page) == []
    assert no_sideways_scroll(page)
    page.get_by_role("button", name="I have entered these").click()
    expect(page.get_by_text("Next time you see what has changed since.")).to_be_visible()
    assert faults(page) == []
