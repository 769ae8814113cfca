"""A provider comes to the market and signs in, on a phone without JavaScript: three steps, a link, a code."""

from __future__ import annotations

import shutil
import time
from datetime import UTC, datetime

import pyotp
import pytest

from placement.domain.people import SYSTEM, Role
from placement.records.accounts import add_user
from placement.records.messages import Message
from placement.records.sessions import open_url
from tests.builders import a_service
from tests.journeys.conftest import sign_in
from tests.journeys.servers import running

PASSWORD = "seven quiet lanterns"
WIDTH = 360


@pytest.fixture
def town(sqlite_template, tmp_path):
    """A city with one location in the register, and a commissioner."""
    shutil.copy(sqlite_template, tmp_path / "placement.db")
    url = f"sqlite:///{tmp_path / 'placement.db'}"
    store, now = open_url(url), datetime.now(UTC)
    with store.writing() as session:
        a_service(session, name="The Quiet House", cqc_location_id="1-200200200", cqc_beds=9)
        add_user(
            session, email="c@example.org", name="C", role=Role.COMMISSIONER, password=PASSWORD, by=SYSTEM, now=now
        )
    with running(tmp_path, url) as address:
        yield address, store
    store.engine.dispose()


class Phone:
    """A browser on a phone that counts its presses, and looks at each page that it comes to."""

    def __init__(self, page):
        self.page, self.presses = page, 0

    def looked(self):
        """Return the page, which does not scroll sideways."""
        wide = self.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= WIDTH, self.page.url
        return self.page

    def press(self, name, role="button"):
        self.page.get_by_role(role, name=name, exact=True).click()
        self.presses += 1
        return self.looked()

    def fill(self, label, words):
        self.page.get_by_label(label, exact=True).fill(words)

    def open(self, path):
        self.page.goto(path)
        return self.looked()


def newest(store, kind, email):
    """Return where the newest mail of a kind leads; the worker forgets it when it has sent it, within a minute."""
    with store.reading() as session:
        rows = session.query(Message).filter_by(kind=kind, recipient=email).order_by(Message.id.desc())
        path = rows.first().path
    assert path, "the mail had gone out before the test looked"
    return path


def test_from_a_location_id_to_a_signed_in_lead_and_back_by_a_link_and_a_code(town, visit):
    address, store = town
    began = time.monotonic()

    def phone():
        return Phone(visit(address, width=WIDTH, javascript=False))

    council = phone()
    sign_in(council.page, "c@example.org", PASSWORD)
    council.open("/onboarding/")
    council.fill("CQC location ID", "1-200200200")
    council.press("Find")
    council.press("This is it, go on")
    council.fill("Full name", "Jo New")
    council.fill("E-mail address", "jo@example.org")
    council.press("Send the invitation")
    assert council.presses == 3, "one press a step"

    jo = phone()
    jo.open(newest(store, "invitation", "jo@example.org"))
    jo.press("Begin")
    assert jo.presses == 1
    assert "The Quiet House" in jo.open("/provider/services").content()

    again = phone()
    again.open("/sign-in")
    again.press("E-mail me a link to sign in", "link")
    again.fill("E-mail address", "jo@example.org")
    again.press("E-mail me a link")
    again.open(newest(store, "sign_in_link", "jo@example.org"))
    again.press("Sign in")
    again.open("/second-step")
    again.press("Set it up")
    secret = "".join(again.page.locator("strong.app-break").inner_text().split())
    again.fill("Code", pyotp.TOTP(secret).now())
    again.press("Turn it on")
    code = again.page.locator("ul.govuk-list--bullet li").first.inner_text()

    third = phone()
    third.open("/sign-in/link")
    third.fill("E-mail address", "jo@example.org")
    third.press("E-mail me a link")
    third.open(newest(store, "sign_in_link", "jo@example.org"))
    third.press("Sign in")
    third.fill("Code", code)
    third.press("Sign in")
    assert third.page.get_by_role("button", name="Sign out").is_visible()
    assert time.monotonic() - began < 300, "onboarding takes five minutes at most, and this was more"
