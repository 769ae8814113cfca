"""R2: several brokers press the button for the last place at the same moment, over real HTTP against four workers."""

import re
from collections import Counter
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select, text

from placement.brokerage.placements import release
from placement.domain.people import SYSTEM, Role
from placement.records.placements import Placement
from placement.records.providers import Unit
from placement.records.referrals import Referral
from placement.web.factory import create_app
from tests.builders import TODAY, a_person, a_referral, a_service, a_unit
from tests.conftest import ENGINES, NOW, Clock, fresh_database, settings
from tests.races.brokers import Broker, field_values, served, together
from tests.races.test_last_place import small_and_full
from tests.web_client import add_person_who_signs_in

NOTE = "Her sister lives round the corner & visits daily"
FORM = [
    ("start_on", str(TODAY.day)), ("start_on", str(TODAY.month)), ("start_on", str(TODAY.year)),
    ("nights", "14"), ("why", "choice"), ("note", NOTE),
]  # fmt: skip
OTHER_HOMES, NEED = 4, ("hoist",)


class Race:
    """The last place, and the brokers who want it, each for a person of its own."""

    def __init__(self, app, port):
        self.app, self.port, self.brokers, self.referrals, self.unit_id = app, port, [], [], 0
        self.store = app.extensions["placement_store"]
        with self.store.writing() as session:
            for number in range(OTHER_HOMES):
                a_unit(
                    session,
                    service=a_service(session, name=f"Other home {number}"),
                    accepting=40,
                    capacity=40,
                    offers=NEED,
                )

    def stage(self, number):
        """Make a new last place, and let this many brokers sign in."""
        with self.store.writing() as session:
            for unit in session.scalars(select(Unit).where(Unit.id == self.unit_id)).all():
                unit.service.is_listed = False
            self.referrals = [a_referral(session, person=a_person(session), essential=NEED).id for _ in range(number)]
            self.unit_id = a_unit(
                session, service=a_service(session, name="The last place"), accepting=1, offers=NEED
            ).id
        while len(self.brokers) < number:
            email = f"broker.{len(self.brokers)}@example.org"
            add_person_who_signs_in(self.app, Role.BROKER, email=email)
            self.brokers.append(Broker(self.port))
            self.brokers[-1].sign_in(email)

    def path(self, number, unit_id=None):
        return f"/broker/referrals/{self.referrals[number]}/accept/{unit_id or self.unit_id}"

    def press(self):
        """Let everybody who has a referral press the button for the last place."""
        pairs = [(self.brokers[number], self.path(number)) for number in range(len(self.referrals))]
        return together([partial(broker.send, "POST", path, FORM) for broker, path in pairs])

    def taken(self):
        with self.store.reading() as session:
            live = Placement.unit_id == self.unit_id, Placement.state == "reserved"
            return session.scalars(select(Placement.id).where(*live)).all()

    def begin_again(self):
        with self.store.writing() as session:
            for stay in session.scalars(select(Placement).where(Placement.state == "reserved")).all():
                release(session, stay, by=SYSTEM, now=NOW)


@pytest.fixture(scope="module", params=ENGINES)
def gone(request, tmp_path_factory):
    """A served application with other homes that have room."""
    home = tmp_path_factory.mktemp("served")
    with fresh_database(request.param, request, home) as database:
        app = create_app(settings(database.url, home, Clock()))
        with served(database.url, home) as port:
            race = Race(app, port)
            yield race
            for broker in race.brokers:
                broker.connection.close()
        race.store.engine.dispose()


@small_and_full((4, 6), (8, 250))
def test_one_broker_gets_the_last_place_and_all_others_a_page_with_the_next_best(gone, size):
    brokers, rounds = size
    gone.stage(brokers)
    seen = Counter()
    for _ in range(rounds):
        answers = gone.press()
        seen.update(answer.status for answer in answers)
        assert len(gone.taken()) == 1
        won = [answer for answer in answers if answer.status == 302]
        lost = [answer for answer in answers if answer.status == 409]
        assert (len(won), len(lost)) == (1, brokers - 1), seen
        assert re.fullmatch(r"/broker/placements/\d+", won[0].location)
        for answer in lost:
            assert len(set(re.findall(r'action="(/broker/referrals/\d+/accept/\d+)"', answer.body))) == 3
            assert "Her sister lives round the corner &amp; visits daily" in answer.body
        gone.begin_again()
    print(f"{gone.store.engine.dialect.name}: {rounds} rounds × {brokers} brokers over HTTP: {dict(seen)}")
    assert seen == {302: rounds, 409: rounds * (brokers - 1)}


def test_one_click_on_the_next_best_reserves_it_with_what_was_typed(gone):
    gone.stage(3)
    answers = gone.press()
    loser = next(number for number, answer in enumerate(answers) if answer.status == 409)
    form = re.search(r'<form method="post" action="([^"]+/accept/\d+)">(.*?)</form>', answers[loser].body, re.S)

    answer = gone.brokers[loser].send("POST", form.group(1), field_values(form.group(2).replace("&amp;", "&")))

    assert answer.status == 302
    with gone.store.reading() as session:
        stay = session.scalars(select(Placement).where(Placement.referral_id == gone.referrals[loser])).one()
        assert stay.unit_id != gone.unit_id
        assert NOTE in stay.choice_reason
        assert stay.end_on - stay.start_on == timedelta(days=14)


def test_a_double_click_reserves_once(gone):
    gone.stage(1)
    broker = gone.brokers[0]
    second = Broker(gone.port, cookie=broker.cookie, token=broker.token)
    path = gone.path(0)

    answers = together([partial(each.send, "POST", path, FORM) for each in (broker, second)])
    second.connection.close()

    assert sorted(answer.status for answer in answers) == [302, 409]
    assert len(gone.taken()) == 1


def test_a_double_click_on_one_form_is_done_once_and_both_are_answered_alike(gone):
    """Over real HTTP, each press in a worker of its own; many times, since the two must meet."""
    for number in range(10):
        gone.stage(1)
        broker, form = gone.brokers[0], [*FORM, ("form_nonce", f"{number}-of-a-double-click")]
        presses = [Broker(gone.port, cookie=broker.cookie, token=broker.token) for _ in range(4)]

        answers = together([partial(each.send, "POST", gone.path(0), form) for each in presses])
        for each in presses:
            each.connection.close()

        assert {(answer.status, answer.location) for answer in answers} == {(302, answers[0].location)}
        assert len(gone.taken()) == 1
        gone.begin_again()


def test_two_brokers_with_different_homes_for_one_person_reserve_one(gone):
    gone.stage(2)
    with gone.store.reading() as session:
        others = session.scalars(text("SELECT id FROM unit WHERE capacity = 40 ORDER BY id")).all()
    pairs = list(zip(gone.brokers[:2], [gone.path(0, others[0]), gone.path(0, others[1])], strict=True))
    for _ in range(5):
        answers = together([partial(broker.send, "POST", path, FORM) for broker, path in pairs])
        assert sorted(answer.status for answer in answers) == [302, 409]
        with gone.store.reading() as session:
            assert session.get_one(Referral, gone.referrals[0]).state == "placed"
        gone.begin_again()
