"""How fresh the numbers are, and reminding whose are stale: the menu and one button, two clicks in all."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from placement.domain.people import Role
from placement.records.messages import Message
from tests.builders import a_provider, a_report, a_service, a_unit
from tests.conftest import NOW
from tests.web.pages.broker.test_questions import text
from tests.web_client import add_person_who_signs_in, signed_in

WEEK, DAY = timedelta(days=7), timedelta(days=1)
BUTTON = re.compile(r'<form method="post" action="([^"]+)".*?</form>', re.DOTALL)
TICKED = re.compile(r'name="service" type="checkbox"\s+value="(\d+)" checked')


@pytest.fixture
def market(app, store):
    """Two services of one provider that are stale and reached, one that nobody is reached at, one that is fresh."""
    with store.writing() as session:
        provider = a_provider(session)
        reached = [a_unit(session, service=a_service(session, provider=provider)) for _ in range(2)]
        lonely = a_unit(session, service=a_service(session, telephone="024 7600 0000"))
        fresh = a_unit(session)
        a_report(session, fresh, reported_at=NOW + WEEK)
        found = provider.id, [each.service_id for each in reached], lonely.service_id
    add_person_who_signs_in(app, Role.PROVIDER, provider_id=found[0], email="pia@example.org")
    return found


def test_two_clicks_remind_everybody_whose_numbers_are_stale(app, store, clock, market):
    clock.now = NOW + WEEK
    commissioner = signed_in(app, Role.COMMISSIONER)
    page = commissioner.get("/commissioner/freshness").get_data(as_text=True)  # the first click: the menu
    (form,) = [each for each in BUTTON.finditer(page) if "Remind these" in each[0]]
    assert sorted(map(int, TICKED.findall(form[0]))) == sorted(market[1])

    commissioner.post(form[1], {"service": TICKED.findall(form[0])}, page="/commissioner/freshness")  # the second
    said = text(commissioner.get("/commissioner/freshness"))
    assert "2 services reminded now." in said
    assert said.count("1 reminder, the last just now") == 2
    with store.reading() as session:
        (mail,) = session.scalars(select(Message)).all()
        assert (mail.recipient, mail.kind, mail.reference) == ("pia@example.org", "vacancies_due", "2 services")

    commissioner.post(form[1], {"service": TICKED.findall(form[0])}, page="/commissioner/freshness")
    assert "2 services will be reminded in the morning" in text(commissioner.get("/commissioner/freshness"))


def test_who_cannot_be_reached_is_said_with_whom_to_ring(app, clock, market):
    clock.now = NOW + WEEK
    commissioner = signed_in(app, Role.COMMISSIONER)
    commissioner.post(
        "/commissioner/freshness/reminders", {"all": "1", "show": "unreachable"}, page="/commissioner/freshness"
    )
    said = text(commissioner.get("/commissioner/freshness?show=unreachable"))
    assert "1 service cannot be reached by e-mail: ring them." in said
    assert "Nobody there has an account: 024 7600 0000" in said


def test_nothing_ticked_reminds_nobody(app, store, clock, market):
    clock.now = NOW + WEEK
    commissioner = signed_in(app, Role.COMMISSIONER)
    commissioner.post(
        "/commissioner/freshness/reminders", {"service": "x 987654321987"}, page="/commissioner/freshness"
    )
    assert "Tick the services first." in text(commissioner.get("/commissioner/freshness"))
    with store.reading() as session:
        assert session.scalars(select(Message)).all() == []


def test_the_share_is_said_with_its_weeks(app, store, clock, market):
    clock.now = NOW + WEEK
    said = text(signed_in(app, Role.COMMISSIONER).get("/commissioner/freshness"))
    assert "25% of the vacancies were confirmed within the last 7 days: those of 1 of 4 units" in said
    assert "30 November 2026 1 of 4 25% 23 November 2026 4 of 4 100% 16 November 2026 0 of 4 0%" in said
