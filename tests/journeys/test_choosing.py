"""Move-on with choice: options in large type, the choice and its proof, the place; with and without JavaScript."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from placement.domain.clocks import today
from placement.domain.people import SYSTEM, Role
from placement.records.accounts import add_user
from placement.records.placements import Placement
from placement.records.sessions import open_url
from tests.builders import a_person, a_referral, a_report, a_service, a_unit
from tests.conftest import fresh_database
from tests.journeys.conftest import sign_in
from tests.journeys.servers import running
from tests.journeys.test_every_page import faults

PASSWORD = "correct horse battery"
WIDTHS = (1280, 360, 320)
NAME = "Canary Personson"


@pytest.fixture
def three_houses(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Somebody who can move on, and three houses: within the budget, £75 above it, and full."""
    with fresh_database("sqlite", request, tmp_path) as database:
        store, now = open_url(database.url), datetime.now(UTC)
        with store.writing() as session:
            add_user(
                session, email="broker@example.org", name="The broker", role=Role.BROKER, password=PASSWORD,
                by=SYSTEM, now=now,
            )  # fmt: skip
            for name, pence, accepting in (("Near House", 100_000, 1), ("Dear House", 107_500, 1), ("Full", 90_000, 0)):
                unit = a_unit(
                    session, service=a_service(session, name=name), offers=("pbs",), weekly_pence=pence, accepting=None
                )
                a_report(session, unit, reported_at=now, accepting=accepting)
            day = today(now)
            a_referral(
                session, person=a_person(session, name=NAME), kind="move_on", essential=("pbs",), nights=None,
                near_who="her mother", near_postcode="CV1 5RR", budget_weekly_pence=100_000, submitted_at=now,
                earliest_on=day + timedelta(days=3), latest_on=day + timedelta(days=9),
            )  # fmt: skip
        store.engine.dispose()
        with running(tmp_path, database.url) as address:
            yield address


def sound(page: Page) -> None:
    """Look at a page at every width: nothing scrolls sideways and nothing keeps anybody out."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, (page.url, width)
        assert faults(page) == [], (page.url, width)
    page.set_viewport_size({"width": WIDTHS[0], "height": 900})


def arrived(page: Page, path: str) -> str:
    """Wait until a page has the address that is looked for, and return it."""
    page.wait_for_url(re.compile(f"{path}$"))
    found = re.search(path, page.url)
    assert found
    return found.group()


def opened(page: Page, name: str) -> None:
    page.get_by_role("link", name=name).or_(page.get_by_role("button", name=name)).first.click()


@pytest.mark.parametrize(("javascript", "width"), [(True, 1280), (False, 360)])
def test_from_options_to_the_chosen_place_with_a_top_up(three_houses, visit, tmp_path, javascript, width):
    page = sign_in(visit(three_houses, width=width, javascript=javascript), "broker@example.org", PASSWORD)
    page.get_by_role("link", name=NAME).click()
    clicks = 1
    opened(page, "Options for the person")
    expect(page.get_by_text("1 place here is available and within it")).to_be_visible()
    page.get_by_label("Put Dear House on the sheet").check()
    page.get_by_label("Put Full on the sheet").check()
    page.get_by_role("button", name="Keep this sheet").click()
    clicks += 4
    expect(page.get_by_text("At least one available place within the personal budget of £1,000 a week")).to_be_visible()
    opened(page, "Open the sheet for the person")
    expect(page.get_by_role("heading", name="Places you can choose from")).to_be_visible()
    large = page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)")
    assert large == 24, "18 points"
    expect(page.get_by_text("£75 a week on top of your budget")).to_be_visible()
    expect(page.get_by_text("Not now. It has no free place")).to_be_visible()
    page.get_by_role("link", name="Back").click()
    opened(page, "Record the choice")
    page.get_by_label("Dear House").check()
    page.get_by_label("The person, with an advocate").check()
    page.get_by_label("If not the person alone: who else?").fill("A. Speaker, Voices")
    page.get_by_label("After a visit to the place").check()
    page.get_by_role("button", name="Record the choice").click()
    expect(page.get_by_text("Chosen: Dear House")).to_be_visible()
    opened(page, "Check and accept")
    page.get_by_role("button", name="Reserve this place").click()
    expect(page.get_by_text("£75.00 a week more than the personal budget")).to_be_visible()
    page.get_by_role("button", name="Reserve this place").click()
    expect(page.get_by_text("A place at Dear House is reserved")).to_be_visible()

    store = open_url(f"sqlite:///{tmp_path / 'placement.db'}")
    with store.reading() as session:
        assert session.query(Placement).one().differs == "top_up"
    store.engine.dispose()
    page.goto("/broker/sheets/1/proof")
    expect(page.get_by_text("The person, with an advocate: A. Speaker, Voices")).to_be_visible()
    file = page.request.get("/broker/sheets/1/proof.pdf")
    assert file.body().startswith(b"%PDF")
    assert clicks <= 5, "from the work list to a sheet"


def test_every_state_of_the_pages_is_sound(three_houses, visit):
    page = sign_in(visit(three_houses), "broker@example.org", PASSWORD)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.get_by_role("link", name=NAME).click()
    here = arrived(page, r"/broker/referrals/\d+")
    page.goto(f"{here}/options")
    sound(page)
    for box in page.get_by_role("checkbox").all():
        box.uncheck()
    page.get_by_role("button", name="Keep this sheet").click()
    expect(page.get_by_role("alert").first).to_contain_text("Choose at least one place")
    sound(page)
    page.get_by_label("Put Dear House on the sheet").check()
    page.get_by_role("button", name="Keep this sheet").click()
    expect(page.get_by_role("alert").first).to_contain_text("None of the available places is within")
    sound(page)
    page.get_by_label("The person or their family asked to see these places").check()
    page.get_by_role("button", name="Keep this sheet").click()
    sheet = arrived(page, r"/broker/sheets/\d+")
    for path in ("", "/for-person", "/proof", "/choice", "/withdraw"):
        page.goto(f"{sheet}{path}")
        sound(page)
    page.goto(f"{sheet}/choice")
    page.get_by_role("button", name="Record the choice").click()
    expect(page.get_by_role("alert").first).to_contain_text("Choose who chose")
    sound(page)
    page.get_by_label("None of them").check()
    page.get_by_label("The top-up is too high").check()
    page.get_by_label("The person", exact=True).check()
    page.get_by_label("At a meeting").check()
    page.get_by_role("button", name="Record the choice").click()
    expect(page.get_by_text("None of the places was chosen", exact=True)).to_be_visible()
    sound(page)
    page.goto(f"{sheet}/withdraw")
    page.get_by_role("button", name="Withdraw this sheet").click()
    expect(page.get_by_role("alert").first).to_contain_text("Choose why it is withdrawn")
    sound(page)
    page.get_by_label("It was given by mistake").check()
    page.get_by_role("button", name="Withdraw this sheet").click()
    arrived(page, sheet)
    for path in ("", "/for-person", "/proof"):
        page.goto(f"{sheet}{path}")
        sound(page)
    page.goto(here)
    sound(page)
    assert [line for line in said if "422" not in line] == []
