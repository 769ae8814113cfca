"""In a real browser: Back and once more is done once, and a sign-in that ends gives its typing back."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from placement.demo.users import PASSWORD, USERS
from placement.domain.people import Role
from tests.journeys.conftest import sign_in
from tests.journeys.test_every_page import faults

EMAIL = {role: email for email, _name, role in USERS}


def referred(page, number):
    page.goto("/broker/referrals/new")
    page.locator("input[name=kind]").first.check()
    page.get_by_label("Case number").fill(number)
    page.get_by_label("Full name").fill(f"Canary {number}")
    page.get_by_label("Day").fill("27")
    page.get_by_label("Month").fill("3")
    page.get_by_label("Year").fill("1961")
    page.get_by_label("Home postcode").fill("CV1 5RR")


def test_back_and_once_more_makes_one_draft(demo_city, visit):
    page = sign_in(visit(demo_city), EMAIL[Role.BROKER], PASSWORD)
    referred(page, "TWICE-1")
    page.get_by_role("button", name="Save and continue").click()
    page.wait_for_url("**/questions/needs")
    first = page.url
    page.go_back()
    expect(page.get_by_role("heading", name="Refer a person")).to_be_visible()
    number = page.locator("form[action='/sign-out'] + *, main input[name=form_nonce]").last.input_value()
    assert number == page.evaluate("Object.values(history.state.numbers).at(-1)")
    if not page.get_by_label("Case number").input_value():
        referred_again(page)
    page.get_by_role("button", name="Save and continue").click()
    page.wait_for_url(re.compile("/questions/needs|/referrals/new"))
    assert page.url == first
    page.goto("/broker/?state=draft")
    expect(page.get_by_text("Canary TWICE-1")).to_have_count(1)


def referred_again(page):
    """Type it all again where the browser has not kept it; the page stays the one that Back led to."""
    page.locator("input[name=kind]").first.check()
    page.get_by_label("Case number").fill("TWICE-1")
    page.get_by_label("Full name").fill("Canary TWICE-1")
    page.get_by_label("Day").fill("27")
    page.get_by_label("Month").fill("3")
    page.get_by_label("Year").fill("1961")
    page.get_by_label("Home postcode").fill("CV1 5RR")


@pytest.mark.parametrize("width", [1280, 360])
def test_the_pages_that_only_a_form_leads_to_are_sound(demo_city, visit, width):
    page = sign_in(visit(demo_city, width=width), EMAIL[Role.BROKER], PASSWORD)
    page.get_by_label("Find a referral").fill("house")
    page.get_by_role("button", name="Find").click()
    page.wait_for_url("**/broker/found/*")
    assert faults(page) == []
    for name in ("Canary Asked", "Canary Asking"):
        referred(page, f"{name}-{width}".replace(" ", "-"))
        page.get_by_label("Full name").fill(name)
        page.get_by_role("button", name="Save and continue").click()
    expect(page.get_by_role("heading", name="Is this somebody on record?")).to_be_visible()
    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_end_of_a_sign_in_is_told_and_put_off(demo_city, visit):
    page = visit(demo_city, width=320)
    left = [100]

    def answer(route):
        if route.request.headers.get("x-polling") != "1":
            left[0] = 1800
        route.fulfill(json={"seconds": left[0]})

    page.route("**/stay", answer)
    page.clock.install()
    sign_in(page, EMAIL[Role.BROKER], PASSWORD)
    page.wait_for_load_state("networkidle")  # until the script has run
    warning = page.get_by_role("alert").filter(has_text="you will be signed out in about 2 minutes")
    expect(warning).to_be_hidden()
    page.clock.fast_forward("29:00")
    expect(warning).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.get_by_role("button", name="Stay signed in").click()
    expect(page.get_by_role("button", name="Stay signed in")).to_be_hidden()
    left[0] = 0
    page.clock.fast_forward("31:00")
    expect(page.get_by_text("You have been signed out.")).to_be_visible()
