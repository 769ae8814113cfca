"""A real browser over real servers. Chromium is the machine's own; `make test` installs it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

from placement.demo.seeding import seed
from placement.domain.people import SYSTEM
from placement.jobs.solving import solve_run
from placement.planning.runs import request_run
from placement.records.sessions import open_url
from placement.records.ward_sets import gazetteer_for
from tests.journeys.servers import running


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        pytest.fail("Chromium is not installed: `make test` installs it")
    playwright: Playwright
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def demo_city(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The demo city, matched once, behind a running server."""
    home = tmp_path_factory.mktemp("city")
    shutil.copy(sqlite_template, home / "placement.db")
    url = f"sqlite:///{home / 'placement.db'}"
    store, now = open_url(url), datetime.now(UTC)
    with store.reading() as session:
        gazetteer = gazetteer_for(session, on=now.date())
    seed(store, now=now, gazetteer=gazetteer)
    with store.writing() as session:
        run = request_run(session, by=SYSTEM, now=now)
    solve_run(store, run.id, clock=lambda: datetime.now(UTC))
    store.engine.dispose()
    with running(home, url) as address:
        yield address


@pytest.fixture
def visit(chromium: Browser) -> Iterator[object]:
    """Return a function that opens a new visitor's page: `visit(address, width=…, javascript=…)`."""
    contexts: list[BrowserContext] = []

    def open_page(address: str, *, width: int = 1280, javascript: bool = True) -> Page:
        context = chromium.new_context(
            base_url=address, viewport={"width": width, "height": 900}, java_script_enabled=javascript
        )
        context.set_default_timeout(60_000)
        contexts.append(context)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()


def sign_in(page: Page, email: str, password: str) -> Page:
    """Sign in through the form and wait for the start page."""
    page.goto("/sign-in")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Sign out").wait_for()
    return page
