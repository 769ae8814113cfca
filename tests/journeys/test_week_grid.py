"""The grid of weeks in a browser: it scrolls in a box of its own, and says at every place whose week a cell is."""

import pytest
from playwright.sync_api import expect

from placement.demo.users import PASSWORD
from tests.journeys.conftest import sign_in

HEAD, NAMES = ".app-weeks thead th:first-child", ".app-weeks tbody th"


@pytest.mark.parametrize(("width", "javascript"), [(1280, True), (360, False)])
def test_the_head_and_the_names_stay_in_sight_and_the_page_never_scrolls_sideways(demo_city, visit, width, javascript):
    page = sign_in(visit(demo_city, width=width, javascript=javascript), "broker@demo.example", PASSWORD)
    page.goto("/broker/services")
    page.get_by_role("link", name="Week by week").click()
    expect(page.locator(NAMES)).to_have_count(50)
    box = page.locator(".app-weeks")
    box.scroll_into_view_if_needed()
    box.hover()
    page.mouse.wheel(300, 900)
    last = page.locator(NAMES).last
    last.scroll_into_view_if_needed()
    seen = box.bounding_box()
    head, name = page.locator(HEAD).bounding_box(), last.bounding_box()
    assert abs(head["y"] - seen["y"]) < 2, "the dates stand over their columns"
    assert abs(name["x"] - seen["x"]) < 2, "the name stands before its weeks"
    assert name["width"] < 0.6 * width
    page.mouse.wheel(900, 0)
    assert page.locator("h1").bounding_box()["x"] >= 0, "the box scrolls, not the page"
    cell = page.locator(".app-weeks tbody tr").last.locator("td a").nth(4)
    cell.click()
    page.wait_for_url("**/nights#week-5")
    expect(page.locator("#week-5")).to_be_visible()
