"""Several brokers on one referral see each other, for a quarter of an hour, and nobody else sees anything."""

from datetime import timedelta

import pytest

from placement.domain.people import Role
from placement.jobs.queue import forget_kept
from placement.records.looking import TOLD_FOR, Looking
from tests.builders import a_person, a_referral
from tests.web.pages.broker.test_questions import text
from tests.web_client import Browser, add_person_who_signs_in, signed_in


@pytest.fixture
def two(app):
    """A broker, and Amina Khan, who is another."""
    with app.extensions["placement_store"].writing() as session:
        session.merge(add_person_who_signs_in(app, Role.BROKER, email="amina@example.org")).name = "Amina Khan"
    amina = Browser(app)
    amina.sign_in("amina@example.org")
    return signed_in(app, Role.BROKER), amina


@pytest.fixture
def base(store):
    with store.writing() as session:
        return f"/broker/referrals/{a_referral(session, person=a_person(session)).id}"


def rows(store):
    with store.reading() as session:
        return [(row.section, row.seen_at) for row in session.query(Looking).order_by(Looking.user_id)]


@pytest.mark.parametrize("where", ["", "/questions/funding", "/matches", "/ask"])
def test_another_broker_is_told_who_opened_what_and_how_long_ago(two, base, clock, where):
    broker, amina = two
    assert "Amina Khan opened" not in text(broker.get(base + where))
    amina.get(base)
    clock.now += timedelta(minutes=4)
    assert "Amina Khan opened this 4 minutes ago." in text(broker.get(base + where))
    amina.get(f"{base}/questions/needs")
    assert "Amina Khan opened “Needs and equipment” just now." in text(broker.get(base + where))
    assert "A broker opened" not in text(broker.get(base + where)), "nobody is told of oneself"


def test_it_is_told_for_a_quarter_of_an_hour_and_forgotten_at_night(two, base, store, clock):
    broker, amina = two
    amina.get(base)
    clock.now += TOLD_FOR - timedelta(seconds=1)
    assert "Amina Khan opened this" in text(broker.get(base))
    clock.now += timedelta(seconds=1)
    assert "Amina Khan opened this" not in text(broker.get(base))
    forget_kept(store, clock=clock)
    assert [section for section, _ in rows(store)] == [""], "the broker’s own, who looked a moment ago"


def test_who_looks_again_and_again_is_noted_once_a_minute(two, base, store, clock):
    _, amina = two
    for _ in range(3):
        amina.get(base)
        clock.now += timedelta(seconds=25)
    (first,) = rows(store)
    amina.get(f"{base}/questions/needs")
    amina.get(f"{base}/questions/needs")
    assert rows(store) == [("needs", clock.now)] != [first]


def test_nobody_is_noted_who_saw_nothing(two, base, store):
    broker, _ = two
    broker.client.head(base)
    broker.get("/broker/referrals/987654")
    broker.get(f"{base}/questions/nothing")
    broker.get(base, headers={"X-Polling": "1"})
    assert rows(store) == []


def test_a_page_is_shown_though_the_look_at_it_cannot_be_noted(two, base, store, caplog):
    broker, _ = two
    with store.writing() as session:
        session.connection().exec_driver_sql("DROP TABLE looking")
        session.connection().exec_driver_sql(
            "CREATE TABLE looking (referral_id int, user_id int, section varchar(20), seen_at timestamp)"
        )
    answer = broker.get(base)
    assert answer.status_code == 200
    assert "a look was not noted" in caplog.text
    assert "Person" not in caplog.text
