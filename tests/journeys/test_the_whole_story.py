"""The product's reason to exist, in one run: a place is raised, a person is referred, a human accepts."""

import re
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect

from placement.domain.people import SYSTEM, Role
from placement.records.accounts import add_user
from placement.records.sessions import open_url
from tests.builders import a_provider, a_service, a_unit
from tests.conftest import ENGINES, fresh_database
from tests.journeys.conftest import sign_in
from tests.journeys.servers import running

PASSWORD = "correct horse battery"
NAME, BORN, CASE = "Canary Personson", ("27", "3", "1979"), "CANARY-77"
GAPS = "/commissioner/gaps?need=pbs&kind=crisis"
WAITING, FREE = 1, 4


@pytest.fixture(params=ENGINES)
def small_city(request, tmp_path):
    """Two services, of which the one in the city is full, and one person of each role."""
    with fresh_database(request.param, request, tmp_path) as database:
        store = open_url(database.url)
        with store.writing() as session:
            inside = a_provider(session, name="Inside Care")
            near = a_service(session, provider=inside, name="Near House")
            a_unit(session, service=near, name="Flats", offers=("pbs",), accepting=0, capacity=2)
            far = a_service(
                session,
                name="Far House",
                authority="E07000220",
                postcode="CV21 2AA",
                lat=52.37,
                lon=-1.26,
                ward_code=None,
            )
            a_unit(session, service=far, name="Flats", offers=("pbs",), accepting=1)
            for role in Role:
                provider_id = inside.id if role is Role.PROVIDER else None
                add_user(
                    session, email=f"{role.value}@example.org", name=f"The {role.value}", role=role, by=SYSTEM,
                    password=PASSWORD, provider_id=provider_id, now=datetime.now(UTC),
                )  # fmt: skip
        store.engine.dispose()
        with running(tmp_path, database.url) as address:
            yield address


def city_row(page: Page) -> list[str]:
    page.goto(GAPS)
    row = page.get_by_role("row").filter(has_text="Whole city")
    return [cell.strip() for cell in row.get_by_role("cell").all_inner_texts()]


def raise_a_vacancy(page: Page) -> None:
    page.goto("/provider/services")
    page.get_by_role("link", name="Update vacancies of Near House").click()
    page.get_by_role("button", name="One more: vacant and accepting in Flats").click()
    page.get_by_role("button", name="Save vacancies").click()
    expect(page.locator(".govuk-notification-banner")).to_be_visible()


def refer_a_person_in_crisis(page: Page) -> None:
    go_on = page.get_by_role("button", name="Save and continue")
    page.get_by_role("button", name="Refer a person").click()
    page.get_by_label("Crisis").check()
    page.get_by_label("Case number").fill(CASE)
    page.get_by_label("Full name").fill(NAME)
    for label, value in zip(("Day", "Month", "Year"), BORN, strict=True):
        page.get_by_label(label).fill(value)
    page.get_by_label("Woman").check()
    page.get_by_label("Home postcode").fill("cv15rr")
    go_on.click()
    page.locator("#need_pbs").get_by_label("Essential").check()
    go_on.click()
    expect(page.get_by_role("heading", name="Risks and legal status")).to_be_visible()
    go_on.click()
    page.get_by_label("Who or what is there?").fill("her mother")
    go_on.click()
    expect(page.get_by_role("heading", name="Dates and urgency")).to_be_visible()
    go_on.click()
    expect(page.get_by_role("heading", name="Choices and compatibility")).to_be_visible()
    go_on.click()
    page.get_by_label("Council funded").check()
    go_on.click()
    expect(page.get_by_role("heading", name="Referrer, hospital and carer")).to_be_visible()
    go_on.click()
    page.get_by_role("button", name="Submit referral").click()
    expect(page.get_by_role("heading", name="Referral submitted")).to_be_visible()


def test_from_a_raised_vacancy_to_an_accepted_place(small_city, visit):
    provider = sign_in(visit(small_city, width=360), "provider@example.org", PASSWORD)
    broker = sign_in(visit(small_city), "broker@example.org", PASSWORD)
    commissioner = sign_in(visit(small_city), "commissioner@example.org", PASSWORD)

    raise_a_vacancy(provider)
    assert city_row(commissioner)[FREE] == "1"

    refer_a_person_in_crisis(broker)
    assert city_row(commissioner)[WAITING] == "Not known"

    broker.get_by_role("button", name="Run the matcher over all open referrals").click()
    expect(broker.get_by_text("Proposed in the city: 1 of 1.")).to_be_visible(timeout=60_000)
    expect(broker.get_by_text("1 of 1 must-haves")).to_be_visible()
    broker.get_by_role("link", name=re.compile("^Accept for")).click()
    broker.get_by_role("button", name="Reserve this place").click()
    expect(broker.get_by_text("A place at Near House is reserved")).to_be_visible()

    provider.goto("/provider/")
    expect(provider.get_by_text("Positive behaviour support").first).to_be_visible()
    seen = provider.content()
    provider.goto("/provider/placements")
    seen += provider.content()
    assert "45 to 49" in seen
    assert not [secret for secret in (NAME, CASE, "1979", "CV1 5RR") if secret in seen]

    after = city_row(commissioner)
    assert after[WAITING].startswith("*"), "fewer than 8 people, and not how many"
    assert after[FREE] == "0", "the place is not free any more"
