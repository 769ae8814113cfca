"""Ringing about numbers: the list, one button where they are right, and a report in the provider's name where not."""

import re
from datetime import timedelta
from html import unescape
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from placement.domain.people import Role
from placement.records.referrals import Decline
from placement.records.vacancies import VacancyReport
from tests.builders import a_referral, a_report, a_service, a_unit
from tests.conftest import NOW
from tests.web.pages.broker.test_questions import text
from tests.web_client import signed_in

WEEK, DAY = timedelta(days=7), timedelta(days=1)
FORM = re.compile(r"<form.*?</form>", re.DOTALL)


@pytest.fixture
def unit(store):
    with store.writing() as session:
        service = a_service(session, telephone="024 7600 0000")
        unit = a_unit(session, service=service, accepting=1, capacity=3)
        a_referral(session, reference="RF-MATTERS", earliest_on=NOW.date(), latest_on=(NOW + 3 * WEEK).date())
        return unit.id, unit.service_id


def newest(store):
    with store.reading() as session:
        row = session.scalars(select(VacancyReport).order_by(VacancyReport.id.desc())).first()
        names = ("occupied", "accepting", "is_unchanged", "reporter")
        return SimpleNamespace(**{name: getattr(row, name) for name in names})


def form_of(page):
    """Return everything that the form over the numbers would send."""
    form = next(each for each in FORM.findall(page) if 'name="rest"' in each)
    found = re.findall(r'<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"', form)
    return {name: unescape(value) for name, value in found}


def test_they_say_it_is_right_is_one_button_and_ends_the_call(app, store, clock, unit):
    clock.now = NOW + WEEK
    broker = signed_in(app, Role.BROKER)
    page = broker.get("/broker/confirm")
    assert "024 7600 0000 Updated 7 days ago by Somebody" in text(page)
    assert "3 places: 0 occupied, 0 reserved, 1 vacant It would matter to RF-MATTERS" in text(page)
    seen = re.search(r'name="seen" value="([^"]*)"', page.get_data(as_text=True))[1]

    broker.post(f"/broker/services/{unit[1]}/said", {"seen": seen, "step": "right"}, page="/broker/confirm")
    said = text(broker.get("/broker/confirm"))
    assert "is up to date: nothing has changed" in said
    assert "Nobody needs to be rung" in said
    assert newest(store).is_unchanged
    assert newest(store).reporter.endswith("of brokerage, by telephone")


def test_other_numbers_are_written_down_and_what_does_not_add_up_is_not(app, store, clock, unit):
    clock.now = NOW + WEEK
    broker = signed_in(app, Role.BROKER)
    path = f"/broker/services/{unit[1]}/said"
    shown = form_of(broker.get(path).get_data(as_text=True))

    def sent(**numbers):
        return broker.post(path, shown | {f"{name}-{unit[0]}": value for name, value in numbers.items()}, page=path)

    assert sent(occupied=3, accepting=1).status_code == 422
    assert sent(occupied="", accepting=1).status_code == 422
    assert sent(occupied=2, accepting=1).status_code == 302
    assert (newest(store).occupied, newest(store).accepting) == (2, 1)
    assert newest(store).reporter.endswith("of brokerage, by telephone")
    assert "Who changed the numbers" in text(broker.get(f"/broker/services/{unit[1]}"))
    assert "Occupied from 0 to 2" in text(broker.get(f"/broker/units/{unit[0]}/numbers"))


def test_what_somebody_reported_meanwhile_is_not_confirmed_unseen(app, store, clock, unit):
    clock.now = NOW + WEEK
    broker = signed_in(app, Role.BROKER)
    with store.writing() as session:
        a_report(session, a_unit(session), unit_id=unit[0], maximum=3, occupied=3, reported_at=NOW + DAY)
    sent = {"seen": "1", "step": "right"}
    answer = broker.post(f"/broker/services/{unit[1]}/said", sent, page="/broker/confirm")
    assert answer.status_code == 409
    assert "These are the numbers now" in text(answer)
    assert not newest(store).is_unchanged


def test_how_fresh_numbers_are_is_said_in_the_same_words_everywhere(app, store, clock, unit):
    with store.writing() as session:
        given = {"reason": "no_vacancy", "declined_by": "S", "declined_at": NOW + 2 * DAY}
        session.add(Decline(referral=a_referral(session), unit_id=unit[0], **given))
        provider_id = session.get_one(VacancyReport, 1).unit.service.provider_id
    clock.now = NOW + 3 * DAY
    words = "Updated 3 days ago by Somebody; doubtful: declined for no vacancy yesterday"
    broker, provider = signed_in(app, Role.BROKER), signed_in(app, Role.PROVIDER, provider_id=provider_id)
    commissioner = signed_in(app, Role.COMMISSIONER)
    for path in ("/services", f"/services/{unit[1]}", f"/units/{unit[0]}/nights", "/services/weeks", "/confirm"):
        assert words in text(broker.get(f"/broker{path}")), path
    for path in ("/services", f"/services/{unit[1]}/vacancies", f"/services/units/{unit[0]}/nights"):
        assert words in text(provider.get(f"/provider{path}")), path
    for path in ("/freshness", "/areas/E05001228"):
        assert words in text(commissioner.get(f"/commissioner{path}")), path
