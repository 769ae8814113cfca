"""Keeping numbers true on a phone without JavaScript: taps and seconds, counted and printed."""

from __future__ import annotations

import re
import shutil
import time
from datetime import UTC, datetime, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from sqlalchemy import select

from placement.domain.people import SYSTEM, Role
from placement.market.update_links import link_path
from placement.records.accounts import add_user
from placement.records.availability import newest_reports
from placement.records.links import MailLink
from placement.records.sessions import open_url
from placement.records.users import User
from tests.builders import a_provider, a_report, a_service, a_unit
from tests.journeys.servers import running

SERVICES = 12


class Phone:
    """A page on which every tap and every filled box is counted."""

    def __init__(self, page):
        self.page, self.taps, self.typed, self.began = page, 0, 0, time.monotonic()

    def open(self, path):
        self.page.goto(path)
        self.taps += 1

    def tap(self, target):
        target.click()
        self.taps += 1

    def type(self, box, words):
        box.click()
        box.fill(words)
        self.taps, self.typed = self.taps + 1, self.typed + len(words)

    def told(self, what):
        seconds = time.monotonic() - self.began
        print(f"{what}: {self.taps} taps, {self.typed} digits, {seconds:.1f} s of this browser")
        return seconds


class Town:
    """A provider with one service and another with twelve, who were last heard of eight days ago."""

    def __init__(self, store, address):
        self.store, self.address = store, address
        with store.writing() as session:
            self.small, self.large = (self._provider(session, number) for number in (1, SERVICES))

    def _provider(self, session, services):
        provider = a_provider(session)
        for number in range(services):
            name = f"House {number + 1}"
            unit = a_unit(session, service=a_service(session, provider=provider, name=name), name="Flat", capacity=4,
                          accepting=None)  # fmt: skip
            a_report(session, unit, occupied=3, accepting=1, reported_at=datetime.now(UTC) - timedelta(days=8))
        add_user(
            session, email=f"pat.{services}@example.org", name="Pat", role=Role.PROVIDER, provider_id=provider.id,
            password="long enough words", by=SYSTEM, now=datetime.now(UTC),
        )  # fmt: skip
        return provider.id

    def link(self, provider_id):
        with self.store.writing() as session:
            user = session.scalars(select(User).where(User.provider_id == provider_id)).one()
            return link_path(session, provider_id, user, now=datetime.now(UTC))

    def numbers(self, provider_id):
        with self.store.reading() as session:
            found = newest_reports(session).values()
            mine = [each for each in found if each.unit.service.provider_id == provider_id]
            since = datetime.now(UTC) - timedelta(hours=1)
            return [
                (each.occupied, each.accepting, each.reported_at > since)
                for each in sorted(mine, key=lambda e: e.unit_id)
            ]


@pytest.fixture(scope="module")
def town(sqlite_template, tmp_path_factory):
    home = tmp_path_factory.mktemp("town")
    shutil.copy(sqlite_template, home / "placement.db")
    url = f"sqlite:///{home / 'placement.db'}"
    store = open_url(url)
    with running(home, url) as address:
        yield Town(store, address)
    store.engine.dispose()


@pytest.fixture
def phone(town, visit):
    return Phone(visit(town.address, width=360, javascript=False))


def faults(page):
    found = Axe().run(page).response["violations"]
    return [f"{each['id']}: {each['nodes'][0]['html'][:160]}" for each in found]


def wide(page):
    return page.evaluate("document.documentElement.scrollWidth")


def test_numbers_are_right_in_two_taps_from_the_mail(town, phone):
    phone.open(town.link(town.small))
    button = phone.page.get_by_role("button", name="These numbers are right")
    numbers = phone.page.get_by_text("4 places: 3 occupied")
    assert numbers.bounding_box()["y"] < button.bounding_box()["y"] < 600, "beside each other, and in sight"
    phone.tap(button)
    expect(phone.page.get_by_role("heading", name="Thank you: these are your numbers now")).to_be_visible()
    assert phone.taps == 2
    assert phone.told("numbers right") <= 10
    assert town.numbers(town.small) == [(3, 1, True)]


def test_one_count_in_at_most_four_taps(town, phone):
    phone.open(town.link(town.small))
    phone.type(phone.page.get_by_role("textbox", name="Occupied"), "2")
    phone.tap(phone.page.get_by_role("button", name="Save vacancies"))
    expect(phone.page.get_by_role("heading", name="Is that place free?")).to_be_visible()
    phone.tap(phone.page.get_by_role("button", name="Yes, it is free"))
    expect(phone.page.get_by_text("occupied from 3 to 2, vacant and accepting from 1 to 2.")).to_be_visible()
    assert phone.taps == 4
    phone.told("one count")
    assert town.numbers(town.small) == [(2, 2, True)]


def test_twelve_services_in_one_grid(town, phone):
    phone.open(town.link(town.large))
    houses = [phone.page.get_by_role("region", name=f"House {number}", exact=True) for number in (2, 7, 12)]
    for house in houses:
        phone.type(house.get_by_role("textbox", name="Occupied"), "4")
        phone.type(house.get_by_role("textbox", name="Vacant and accepting"), "0")
    phone.tap(phone.page.get_by_role("button", name="Save, and all others are right"))
    expect(phone.page.get_by_text("12 services are up to date")).to_be_visible()
    assert phone.taps <= 2 + 2 * len(houses)
    assert phone.told("twelve services, three of them changed") <= 90
    wanted = [(4, 0, True) if number in (2, 7, 12) else (3, 1, True) for number in range(1, SERVICES + 1)]
    assert sorted(town.numbers(town.large)) == sorted(wanted)


@pytest.mark.parametrize("javascript", [True, False])
def test_the_pages_of_a_link_are_sound_at_320_pixels_and_with_text_of_twice_the_size(town, visit, javascript):
    page = visit(town.address, width=320, javascript=javascript)
    path = town.link(town.large)

    def look(what):
        assert wide(page) <= 320, what
        assert not javascript or faults(page) == [], what

    page.goto(path)
    look("the grid")
    page.get_by_role("region", name="House 1", exact=True).get_by_role("textbox", name="Occupied").fill("9")
    page.get_by_role("button", name="Save, and all others are right").click()
    expect(page.get_by_role("alert")).to_contain_text("House 1, Flat: Occupied, reserved and vacant add up to")
    look("faults")
    page.goto(path)
    page.get_by_role("region", name="House 1", exact=True).get_by_role("textbox", name="Occupied").fill("0")
    page.get_by_role("button", name="Save, and all others are right").click()
    expect(page.get_by_role("heading", name=re.compile("free?"))).to_be_visible()
    look("what becomes of a place")
    page.goto("/update/new")
    look("a new link")
    page.set_viewport_size({"width": 640, "height": 900})
    page.goto(path)
    if javascript:  # text of twice the size
        page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert wide(page) <= 640
    with town.store.reading() as session:
        assert session.scalars(select(MailLink.used_at).order_by(MailLink.id.desc())).first() is None


def test_minus_and_plus_never_pass_the_maximum_and_say_so(town, visit):
    page = visit(town.address, width=360)
    page.goto(town.link(town.small))
    unit = page.get_by_role("group", name="Flat")
    occupied = unit.get_by_role("textbox", name="Occupied")
    before = int(occupied.input_value())
    for _ in range(2):
        unit.get_by_role("button", name="One more: occupied").click()
    assert int(occupied.input_value()) == before, "every place is taken"
    expect(unit.get_by_role("status")).to_contain_text("Every place is taken")
    unit.get_by_role("button", name="One less: maximum").click()
    expect(unit.get_by_role("status")).to_contain_text("More places are taken than that")
    unit.get_by_role("button", name="One less: vacant").click()
    unit.get_by_role("button", name="One more: occupied").click()
    assert int(occupied.input_value()) == before + 1
    expect(unit.get_by_role("status")).to_be_empty()
    expect(page.get_by_role("button", name="These numbers are right")).to_be_hidden()


def test_a_keyboard_alone_changes_a_row_and_saves_it(town, visit):
    page = visit(town.address)
    page.goto(town.link(town.large))
    page.get_by_role("region", name="House 3", exact=True).get_by_role("textbox", name="Maximum").focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("6")
    page.keyboard.press("Enter")
    expect(page.get_by_text("maximum capacity from 4 to 6")).to_be_visible()
