"""Brokerage on both sides: a crisis answered from a mail, a place outside the city signed off, and the way back.

Each is walked with JavaScript at 1280 px and without it at 360 px.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from placement.domain.clocks import today
from placement.domain.people import SYSTEM, Role
from placement.domain.states import PlacementState, ReferralState
from placement.jobs.queue import keep_return_list, look_for_places
from placement.records.accounts import add_user
from placement.records.messages import Message
from placement.records.sessions import Store, open_url
from placement.records.users import User
from tests.brokerage.worlds import RUGBY
from tests.builders import a_person, a_placement, a_provider, a_referral, a_report, a_service, a_unit
from tests.conftest import fresh_database
from tests.journeys.conftest import sign_in
from tests.journeys.servers import running

NAME, PASSWORD = "Canary Personson", "correct horse battery"
WAYS = pytest.mark.parametrize(("javascript", "width"), [(True, 1280), (False, 360)])


@dataclass
class Town:
    """A house in the city, another outside, people who work on both sides, and where it is served."""

    address: str
    store: Store
    house_id: int
    outside_id: int


@pytest.fixture
def town(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Town]:
    with fresh_database("sqlite", request, tmp_path) as database:
        store, now = open_url(database.url), datetime.now(UTC)
        with store.writing() as session:
            inside = a_provider(session, name="Inside Care")
            house = a_unit(
                session, service=a_service(session, provider=inside, name="Near House"), name="Flats",
                offers=("pbs",), capacity=2, accepting=None, reply_hours=1,
            )  # fmt: skip
            a_report(session, house, reported_at=now, maximum=2, occupied=0, accepting=2)
            away = a_service(session, name="Far House", authority=RUGBY, ward_code=None)
            outside = a_unit(session, service=away, name="Rooms", offers=("pbs", "hoist"), capacity=2, accepting=None)
            a_report(session, outside, reported_at=now, accepting=2)
            for email, name, role in (
                ("broker", "The broker", Role.BROKER),
                ("manager", "The manager", Role.BROKER),
                ("provider", "The provider", Role.PROVIDER),
            ):
                add_user(
                    session, email=f"{email}@example.org", name=name, role=role, password=PASSWORD, by=SYSTEM,
                    provider_id=inside.id if role is Role.PROVIDER else None, now=now,
                )  # fmt: skip
            session.flush()
            session.query(User).filter_by(email="manager@example.org").one().is_manager = True
            numbers = {"house_id": house.id, "outside_id": outside.id}
        with running(tmp_path, database.url) as address:
            yield Town(address=address, store=store, **numbers)
        store.engine.dispose()


def refer(town: Town, **asked: object) -> int:
    """Return the number of a referral of somebody who needs PBS and may need more."""
    now = datetime.now(UTC)
    with town.store.writing() as session:
        person = a_person(session, name=NAME)
        given = {
            "essential": ("pbs",), "person": person, "submitted_at": now, "earliest_on": today(now),
            "latest_on": today(now) + timedelta(days=1), "nights": 14,
        }  # fmt: skip
        return a_referral(session, **given | asked).id


@WAYS
def test_a_crisis_is_asked_in_four_clicks_and_answered_from_the_mail_in_five_taps(town, visit, javascript, width):
    referral_id = refer(town)
    broker = sign_in(visit(town.address, width=width, javascript=javascript), "broker@example.org", PASSWORD)
    broker.goto(f"/broker/referrals/{referral_id}/matches")
    broker.get_by_role("link", name="Ask providers").or_(broker.get_by_role("button", name="Ask providers")).click()
    broker.get_by_role("button", name="Send the requests").click()
    expect(broker.locator(".govuk-notification-banner")).to_be_visible()

    with town.store.reading() as session:
        path = session.query(Message).filter_by(kind="offer_sent").one().path
    stranger: Page = visit(town.address, width=width, javascript=javascript)
    stranger.goto(path)  # the first tap, in the mail
    stranger.get_by_role("button", name="Read and answer").click()
    stranger.get_by_text("Offer a place with price and date").click()
    stranger.get_by_role("button", name="Offer this place").click()
    expect(stranger.get_by_text("Brokerage sees your offer")).to_be_visible()
    assert NAME not in stranger.content()
    stranger.goto(path)
    expect(stranger.get_by_role("heading", name="This link is over")).to_be_visible()

    broker.goto(f"/broker/referrals/{referral_id}")
    broker.get_by_role("link", name=re.compile("Choose|Check and accept")).or_(
        broker.get_by_role("button", name=re.compile("Choose|Check and accept"))
    ).first.click()
    broker.get_by_role("button", name="Reserve this place").click()
    expect(broker.get_by_text("A place at Near House is confirmed")).to_be_visible()
    broker.get_by_role("button", name="Give the person’s details").click()
    broker.get_by_role("button", name="Give the provider these details").click()
    expect(broker.get_by_text("The provider can read the person’s details")).to_be_visible()

    provider = sign_in(visit(town.address, width=width, javascript=javascript), "provider@example.org", PASSWORD)
    provider.goto("/provider/placements/1")
    assert NAME not in provider.content()
    provider.get_by_role("button", name="Read who it is").click()
    provider.get_by_role("button", name="Open the details").click()
    expect(provider.get_by_text(NAME)).to_be_visible()


@WAYS
def test_a_place_outside_the_city_is_chosen_with_a_reason_and_signed_off(town, visit, javascript, width):
    referral_id = refer(town, essential=("hoist", "pbs"))
    broker = sign_in(visit(town.address, width=width, javascript=javascript), "broker@example.org", PASSWORD)
    broker.goto(f"/broker/referrals/{referral_id}/accept/{town.outside_id}")
    expect(broker.get_by_text("No place in the city could take this person")).to_be_visible()
    broker.get_by_label("It is the only place that can be had in time").check()
    broker.get_by_role("button", name="Reserve this place").click()
    expect(broker.get_by_text("Choose why this person is placed outside the city").first).to_be_visible()
    broker.get_by_label("No vacancy in the city").check()
    broker.get_by_label("Manager who is to sign it off").select_option(label="The manager")
    broker.get_by_role("button", name="Reserve this place").click()
    expect(broker.get_by_text("A place at Far House is reserved")).to_be_visible()
    expect(broker.get_by_text("Notify the host council").first).to_be_visible()

    manager = sign_in(visit(town.address, width=width, javascript=javascript), "manager@example.org", PASSWORD)
    manager.goto("/broker/tasks?whose=mine")
    expect(manager.get_by_text("Sign off a place outside the city").first).to_be_visible()
    manager.goto("/broker/placements/1/sign-off")
    manager.get_by_role("button", name="Sign this off").click()
    expect(manager.get_by_text("The manager").first).to_be_visible()
    broker.goto("/broker/placements/1")
    expect(broker.get_by_text(re.compile("The manager, "))).to_be_visible()


@WAYS
def test_a_place_that_opens_is_held_for_who_waits_outside_and_brings_them_back(town, visit, javascript, width):
    now = datetime.now(UTC)
    with town.store.writing() as session:
        unit = session.get_one(type(a_unit(session)), town.outside_id)
        referral = a_referral(
            session, person=a_person(session, name=NAME), kind="planned", essential=("pbs",),
            state=ReferralState.CLOSED, nights=None,
        )  # fmt: skip
        stay = a_placement(
            session, unit, person=referral.person, referral=referral, state=PlacementState.ACTIVE, start=-900,
            nights=None, is_in_city=False, out_of_city_reason="no_vacancy",
        )  # fmt: skip
        house = session.get_one(type(unit), town.house_id)
        a_report(session, house, reported_at=now, maximum=2, occupied=2, accepting=0)
        assert stay.id
    keep_return_list(town.store, clock=lambda: now)
    look_for_places(town.store, clock=lambda: now)

    provider = sign_in(visit(town.address, width=width, javascript=javascript), "provider@example.org", PASSWORD)
    provider.goto("/provider/services")
    provider.get_by_role("link", name="Update vacancies of Near House").click()
    provider.locator(f"#occupied-{town.house_id}").fill("1")
    provider.locator(f"#accepting-{town.house_id}").fill("1")
    provider.get_by_role("button", name="Save vacancies").click()
    expect(provider.locator(".govuk-notification-banner")).to_be_visible()
    look_for_places(town.store, clock=lambda: datetime.now(UTC) + timedelta(minutes=1))

    broker = sign_in(visit(town.address, width=width, javascript=javascript), "broker@example.org", PASSWORD)
    broker.goto("/broker/?what=alerts")
    broker.get_by_role("link", name=NAME).first.click()
    expect(broker.get_by_text("Near House is held for this person")).to_be_visible()
    broker.get_by_role("button", name="Check and accept").click()
    broker.get_by_role("button", name="Reserve this place").click()
    expect(broker.get_by_text("A place at Near House is reserved")).to_be_visible()
    broker.goto("/broker/return-list")
    expect(broker.get_by_text("place found")).to_be_visible()
