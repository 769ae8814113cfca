"""Respite that recurs, on both sides: asked in a pattern, reserved together, confirmed, and seen night by night."""

from __future__ import annotations

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
from tests.builders import a_person, a_placement, a_provider, a_referral, a_report, a_service, a_unit
from tests.conftest import fresh_database
from tests.journeys.conftest import sign_in
from tests.journeys.servers import running
from tests.journeys.test_choosing import PASSWORD, arrived, opened, sound

NAME = "Canary Breakson"
HOUSE = "Lantern House"


@pytest.fixture
def break_house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A respite house of one place, taken in one week to come, its provider, and somebody who asks for respite."""
    with fresh_database("sqlite", request, tmp_path) as database:
        store, now = open_url(database.url), datetime.now(UTC)
        day = today(now)
        with store.writing() as session:
            provider = a_provider(session, name="Lantern Care")
            for email, role, whose in (("broker", Role.BROKER, None), ("provider", Role.PROVIDER, provider.id)):
                add_user(
                    session, email=f"{email}@example.org", name=email, role=role, password=PASSWORD, provider_id=whose,
                    by=SYSTEM, now=now,
                )  # fmt: skip
            service = a_service(session, name=HOUSE, provider=provider)
            unit = a_unit(session, service=service, kinds="respite", capacity=1, accepting=None)
            a_report(session, unit, reported_at=now, accepting=1)
            taken = a_placement(session, unit, referral=a_referral(session, kind="respite", state="placed"))
            taken.start_on, taken.end_on = _friday(day, 5), _friday(day, 5) + timedelta(days=7)
            a_referral(
                session, person=a_person(session, name=NAME), kind="respite", essential=(), nights=2, submitted_at=now,
                earliest_on=day + timedelta(days=7), latest_on=day + timedelta(days=9), near_postcode="CV1 5RR",
                funding="council",
            )  # fmt: skip
        store.engine.dispose()
        with running(tmp_path, database.url) as address:
            yield address


def _friday(day, weeks):
    """The Friday so many weeks after the first one that is at least a week away."""
    first = day + timedelta(days=7)
    return first + timedelta(days=(4 - first.weekday()) % 7, weeks=weeks)


def fill_day(page: Page, legend: str, day) -> None:
    group = page.get_by_role("group", name=legend)
    for label, part in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
        group.get_by_label(label).fill(str(part))


def ask_for_a_pattern(page: Page) -> None:
    """Four Fridays, five weeks apart: the second of them is in the week that is taken."""
    first = _friday(today(datetime.now(UTC)), 0)
    page.get_by_label("In a pattern").check()
    fill_day(page, "First possible start", first)
    page.get_by_role("heading", name="For a pattern").click()
    page.get_by_label("Every how many?").fill("5")
    page.get_by_label("weeks", exact=True).check()
    page.get_by_label("On which day does a stay begin?").select_option("Friday")
    fill_day(page, "Last day of the pattern", first + timedelta(weeks=16))
    page.get_by_role("button", name="Save and search again").click()


@pytest.mark.parametrize(("javascript", "width"), [(True, 1280), (False, 360)])
def test_recurring_respite_on_both_sides(break_house, visit, tmp_path, javascript, width):
    broker = sign_in(visit(break_house, width=width, javascript=javascript), "broker@example.org", PASSWORD)
    broker.get_by_role("link", name=NAME).click()
    here = arrived(broker, r"/broker/referrals/\d+")
    broker.goto(f"{here}/questions/dates")
    ask_for_a_pattern(broker)
    expect(broker.get_by_text("4 stays, every 5 weeks on Friday")).to_be_visible()

    opened(broker, "See services by the stays they can take")
    expect(broker.get_by_text("3 of 4")).to_be_visible()
    opened(broker, "Check and reserve")
    expect(broker.get_by_text("1 stay would be left without a place")).to_be_visible()
    broker.get_by_label("The person knows it or has stayed there before").check()
    broker.get_by_role("button", name="Reserve these stays").click()
    expect(broker.get_by_text("3 stays reserved")).to_be_visible()
    expect(broker.get_by_text("No place yet")).to_have_count(1)

    provider = sign_in(visit(break_house, width=width, javascript=javascript), "provider@example.org", PASSWORD)
    opened(provider, "Read and answer")
    expect(provider.get_by_text(NAME)).to_have_count(0)
    provider.get_by_role("button", name="Accept").first.click()
    expect(provider.get_by_role("button", name="Accept")).to_have_count(0)
    provider.goto("/provider/services")
    opened(provider, "Nights")
    expect(provider.get_by_text("arrives").first).to_be_visible()
    expect(provider.get_by_text(NAME)).to_have_count(0)

    store = open_url(f"sqlite:///{tmp_path / 'placement.db'}")
    with store.reading() as session:
        stays = session.query(Placement).filter(Placement.number.is_not(None)).order_by(Placement.number).all()
        assert [stay.number for stay in stays] == [1, 3, 4]
        assert sorted(stay.state.value for stay in stays) == ["confirmed", "reserved", "reserved"]
        unit = stays[0].unit_id
    store.engine.dispose()
    broker.goto(f"/broker/units/{unit}/nights")
    expect(broker.get_by_role("link", name=NAME).first).to_be_visible()


def test_every_state_of_the_pages_is_sound(break_house, visit):
    page = sign_in(visit(break_house), "broker@example.org", PASSWORD)
    page.get_by_role("link", name=NAME).click()
    here = arrived(page, r"/broker/referrals/\d+")
    page.goto(f"{here}/questions/dates")
    sound(page)
    page.get_by_label("On dates that I list").check()
    page.get_by_role("button", name="Save and search again").click()
    expect(page.get_by_role("alert").first).to_contain_text("Enter the stays, one a line")
    sound(page)
    ask_for_a_pattern(page)
    for path in ("", "/series", "/series/accept", "/allowance"):
        page.goto(f"{here}{path}")
        sound(page)
    page.goto(f"{here}/series/accept")
    for box in page.get_by_role("checkbox").all():
        box.uncheck()
    page.get_by_role("button", name="Reserve these stays").click()
    expect(page.get_by_role("alert").first).to_contain_text("Choose at least one stay")
    sound(page)
    page.goto(f"{here}/allowance")
    page.get_by_role("button", name="Ask this manager").click()
    expect(page.get_by_role("alert").first).to_contain_text("Choose a manager")
    sound(page)
    for path in ("/broker/units/1/nights", "/broker/units/1/nights/print"):
        page.goto(path)
        sound(page)
    other = sign_in(visit(break_house), "provider@example.org", PASSWORD)
    other.goto("/provider/services/units/1/nights")
    sound(other)
