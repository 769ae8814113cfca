"""Every page that a role reaches by its links: no accessibility fault, no sideways scrolling, no console error."""

import re
from collections import deque
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from placement.demo.users import PASSWORD, USERS
from placement.domain.people import Role
from tests.journeys.conftest import sign_in

EMAIL = {role: email for email, _name, role in USERS}
START = {
    Role.BROKER: "/broker/",
    Role.PROVIDER: "/provider/",
    Role.COMMISSIONER: "/commissioner/gaps",
    Role.ADMIN: "/admin/",
}
WIDTHS = (360, 1280)
# Downloads and data are not pages.
NOT_PAGES = re.compile(r"\.csv|\.xlsx|\.ods|/problems|\.pdf|geojson|/reports/|progress|/static/")


def kind_of(path: str) -> str:
    """Return a page's pattern: numbers and area codes do not make another page, nor do filters."""
    return re.sub(r"/(\d+|E\d{8}|outside|[a-z_]+-east|north|west|south_east)(?=/|$)", "/·", urlsplit(path).path)


def links(page: Page) -> list[str]:
    found = page.eval_on_selector_all("a[href]", "all => all.map(each => each.getAttribute('href'))")
    return [href.split("#")[0] for href in found if href.startswith("/")]


def drafts(page: Page, role: Role) -> list[str]:
    """Return a draft's pages: no link of an open referral leads there."""
    if role is not Role.BROKER:
        return []
    page.goto("/broker/?state=draft")
    page.locator("tbody th a").first.click()
    page.wait_for_url("**/check")
    return [urlsplit(page.url).path, *(href for href in links(page) if "/questions/" in href)]


def faults(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{each['id']}: {each['nodes'][0]['html'][:160]}" for each in found]


@pytest.mark.parametrize("role", list(Role))
def test_every_page_of_a_role_is_sound(demo_city, visit, role):
    """A page is loaded once and looked at in each width, as who turns or resizes a window does."""
    page = sign_in(visit(demo_city), EMAIL[role], PASSWORD)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    queue, seen, wrong = deque([START[role], *drafts(page, role)]), set(), []
    while queue:
        path = queue.popleft()
        if kind_of(path) in seen or NOT_PAGES.search(path):
            continue
        seen.add(kind_of(path))
        answer = page.goto(path)
        assert answer is not None
        if answer.status >= 400:
            wrong.append(f"{path}: {answer.status}")
            continue
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            wide = page.evaluate("document.documentElement.scrollWidth")
            wrong += [f"{path}: {wide} pixels wide at {width}"] if wide > width else []
            wrong += [f"{path} at {width}: {fault}" for fault in faults(page)]
        queue.extend(links(page))
    assert not wrong, "\n".join(wrong)
    assert not said
    assert len(seen) >= {Role.BROKER: 18, Role.PROVIDER: 7, Role.COMMISSIONER: 3, Role.ADMIN: 3}[role], sorted(seen)


def test_forms_in_error_are_sound_too(demo_city, visit):
    page = visit(demo_city, width=360)
    page.goto("/sign-in")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert faults(page) == []

    sign_in(page, EMAIL[Role.BROKER], PASSWORD)
    page.goto("/broker/referrals/new")
    page.get_by_role("button", name="Save and continue").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose what kind of place is needed")
    assert faults(page) == []
    assert page.title().startswith("Error: ")


def test_a_broker_refers_runs_and_reads_without_javascript_on_a_phone(demo_city, visit):
    page = sign_in(visit(demo_city, width=360, javascript=False), EMAIL[Role.BROKER], PASSWORD)
    page.get_by_role("button", name="Run the matcher").click()
    for _ in range(60):  # the page refreshes itself by the clock where there is no script
        page.wait_for_load_state()
        if page.get_by_text("Proposed in the city:").count():
            break
        page.reload()
    expect(page.get_by_text("Proposed in the city:")).to_be_visible()
    page.get_by_role("link", name=re.compile("^Accept for")).first.click()
    expect(page.get_by_role("button", name="Reserve this place")).to_be_visible()


def test_a_running_match_can_be_cancelled_or_has_already_finished(demo_city, visit):
    page = sign_in(visit(demo_city), EMAIL[Role.BROKER], PASSWORD)
    page.goto("/broker/runs")
    page.get_by_role("button", name="Run the matcher").click()
    page.wait_for_url(re.compile(r"/broker/runs/\d+$"))
    expect(
        page.get_by_text("Proposed in the city:").or_(page.get_by_role("button", name="Cancel the run"))
    ).to_be_visible()
    cancel = page.get_by_role("button", name="Cancel the run")
    if cancel.count():
        cancel.click()
        expect(page.get_by_text(re.compile("Nothing (is|was) changed|Something has changed")).first).to_be_visible()
