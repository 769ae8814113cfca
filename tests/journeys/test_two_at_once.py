"""Two people of brokerage on one referral, each in a browser of their own: they see each other, and nothing is lost."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import sign_in

PASSWORD = "coventry-demo"


def first_referral(page):
    page.goto("/broker/")
    links = page.locator("main a[href^='/broker/referrals/']").evaluate_all("all => all.map(a => a.pathname)")
    return next(link for link in links if re.fullmatch(r"/broker/referrals/\d+", link))


def change(page, **answers):
    """Fill in the page of questions that is open, and send it."""
    for label, words in answers.items():
        page.get_by_label(label.replace("_", " ")).fill(words)
    page.get_by_role("button", name="Save and search again").click()


@pytest.mark.parametrize(("width", "javascript"), [(1280, True), (360, False)])
def test_two_who_change_one_referral_see_each_other_and_keep_what_both_have_typed(demo_city, visit, width, javascript):
    mine, theirs = (visit(demo_city, width=width, javascript=javascript) for _ in range(2))
    sign_in(mine, "broker@demo.example", PASSWORD)
    sign_in(theirs, "manager@demo.example", PASSWORD)
    referral, team = first_referral(mine), f"The hospital team of {width}"
    lower, upper = (f"{pounds + width / 10:.0f}" for pounds in (2200, 2300))  # other ones than the other visit’s

    theirs.goto(f"{referral}/questions/funding")
    mine.goto(f"{referral}/questions/funding")
    expect(mine.get_by_text("Demo manager opened “Funding and price”")).to_be_visible()

    change(theirs, Most_that_may_be_paid_a_week=lower)
    change(mine, Most_that_may_be_paid_a_week=upper)
    expect(mine.get_by_role("heading", name="Demo manager changed this while you were writing")).to_be_visible()
    expect(mine.get_by_text(f"£{int(lower):,}")).to_be_visible()
    assert mine.evaluate("document.documentElement.scrollWidth <= innerWidth")
    mine.get_by_role("button", name="Save what is chosen").click()
    expect(mine.get_by_role("link", name="Choose which answer to keep")).to_be_visible()
    mine.get_by_label("Yours, not saved yet").check()
    mine.get_by_role("button", name="Save what is chosen").click()
    expect(mine).to_have_url(re.compile(f"{referral}$"))
    expect(mine.get_by_text(f"£{int(lower):,} → £{int(upper):,}")).to_be_visible()

    for page in (mine, theirs):
        page.goto(f"{referral}/questions/around")
    change(theirs, Team_that_refers=team)
    change(mine, Role_of_the_referrer=f"Ward sister {width}")
    expect(mine.get_by_text("What Demo manager changed while you were writing is kept too")).to_be_visible()
    mine.goto(f"{referral}/questions/around")
    expect(mine.get_by_label("Team that refers")).to_have_value(team)
    expect(mine.get_by_label("Role of the referrer")).to_have_value(f"Ward sister {width}")
