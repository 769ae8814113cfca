"""What a unit says of itself, on a phone without JavaScript: short pages, a preview, and what brokers read of it."""

import pytest
from playwright.sync_api import expect

from placement.demo.users import PASSWORD
from placement.domain.profile import PROFILE
from tests.journeys.conftest import sign_in
from tests.journeys.test_every_page import faults

LONGEST = 1_700  # pixels, of which about 600 are the head and the foot of every page
MEASURE = "document.documentElement.{}"


@pytest.fixture
def phone(demo_city, visit):
    page = sign_in(visit(demo_city, width=360, javascript=False), "provider@demo.example", PASSWORD)
    page.goto("/provider/services")
    page.locator("tbody th a[href*='/units/']").first.click()
    return page


def test_a_need_is_answered_looked_at_and_saved_in_five_taps(phone):
    phone.get_by_role("link", name="Change ways of working").or_(
        phone.get_by_role("link", name="Answer ways of working")
    ).click()
    row = phone.get_by_role("group", name="End of life")
    row.get_by_role("radio", name="Ask us").check()
    phone.get_by_role("button", name="Preview").click()
    seen = phone.get_by_role("region", name="Brokers would see this")
    expect(seen).to_contain_text("Ask first: ")
    expect(seen).to_contain_text("end of life")
    phone.get_by_role("button", name="Save").click()
    expect(phone.get_by_text("Ways of working of")).to_contain_text("is saved")
    expect(phone.get_by_text("Ask first: ").filter(has_text="end of life")).to_be_visible()


def test_every_section_is_a_short_page_without_a_fault(phone, visit, demo_city):
    unit = phone.url.split("?")[0].split("#")[0]
    sound = sign_in(visit(demo_city, width=360), "provider@demo.example", PASSWORD)
    for section in PROFILE:
        sound.goto(f"{unit}/{section.slug}")
        assert sound.evaluate(MEASURE.format("scrollHeight")) <= LONGEST, section.slug
        assert sound.evaluate(MEASURE.format("scrollWidth")) == 360, section.slug
        assert faults(sound) == [], section.slug
