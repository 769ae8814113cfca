"""R2: several brokers press the button for the last place at the same moment, over real HTTP against four workers.

And several providers say yes at the same moment, and several brokers each choose another of their yeses.
"""

import re
from collections import Counter
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select, text

from placement.brokerage.offers.sending import Asking, send_offers
from placement.brokerage.placements import release
from placement.domain.people import SYSTEM, Role
from placement.records.offers import Offer
from placement.records.placements import Placement
from placement.records.providers import Unit
from placement.records.referrals import Referral
from placement.web.factory import create_app
from tests.builders import TODAY, a_person, a_referral, a_service, a_unit, night
from tests.conftest import ENGINES, NOW, Clock, fresh_database, settings
from tests.races.brokers import Broker, field_values, served, together
from tests.races.test_last_place import small_and_full
from tests.web_client import add_person_who_signs_in

NOTE = "Her sister lives round the corner & visits daily"
FORM = [
    ("start_on", str(TODAY.day)), ("start_on", str(TODAY.month)), ("start_on", str(TODAY.year)),
    ("nights", "14"), ("why", "choice"), ("note", NOTE),
]  # fmt: skip
YES = [("step", "make"), ("weekly_price", "900")]
OTHER_HOMES, NEED = 4, ("hoist",)


class Race:
    """The last place, and the brokers who want it, each for a person of its own."""

    def __init__(self, app, port):
        self.app, self.port, self.brokers, self.referrals, self.unit_id = app, port, [], [], 0
        self.asked = []
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
        self.sign_in(number)

    def sign_in(self, number):
        while len(self.brokers) < number:
            email = f"broker.{len(self.brokers)}@example.org"
            add_person_who_signs_in(self.app, Role.BROKER, email=email)
            self.brokers.append(Broker(self.port))
            self.brokers[-1].sign_in(email)

    def stage_requests(self, number):
        """Ask this many providers about one new referral, let as many brokers sign in, and return the requests."""
        self.sign_in(number)
        while len(self.asked) < number:
            with self.store.writing() as session:
                unit = a_unit(session, service=a_service(session), accepting=40, capacity=40, offers=NEED)
                provider_id, unit_id = unit.service.provider_id, unit.id
            email = f"provider.{len(self.asked)}@example.org"
            add_person_who_signs_in(self.app, Role.PROVIDER, provider_id=provider_id, email=email)
            self.asked.append((Broker(self.port), unit_id))
            self.asked[-1][0].sign_in(email)
        with self.store.writing() as session:
            referral = a_referral(session, person=a_person(session), essential=NEED)
            self.referrals = [referral.id]
            askings = [
                Asking(unit=session.get_one(Unit, unit_id), rank=rank, start_on=TODAY, end_on=night(14))
                for rank, (_, unit_id) in enumerate(self.asked[:number], start=1)
            ]
            until = NOW + timedelta(hours=2)
            return [each.id for each in send_offers(session, referral, askings, reply_by=until, by=SYSTEM, now=NOW)]

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
                release(session, stay, reason="not_needed", by=SYSTEM, now=NOW)


@pytest.fixture(scope="module", params=ENGINES)
def gone(request, tmp_path_factory):
    """A served application with other homes that have room."""
    home = tmp_path_factory.mktemp("served")
    with fresh_database(request.param, request, home) as database:
        app = create_app(settings(database.url, home, Clock()))
        with served(database.url, home) as port:
            race = Race(app, port)
            yield race
            for browser in (*race.brokers, *(each for each, _ in race.asked)):
                browser.connection.close()
        race.store.engine.dispose()


@small_and_full((4, 6), (8, 1000))
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


@small_and_full((3, 4), (8, 250))
def test_parallel_yeses_are_all_heard_and_one_of_the_brokers_who_choose_places_the_person(gone, size):
    number, rounds = size
    heard, chosen = Counter(), Counter()
    for _ in range(rounds):
        offers = gone.stage_requests(number)
        pairs = list(zip(gone.asked, offers, strict=False))
        yeses = together([partial(each.send, "POST", f"/provider/offers/{offer}", YES) for (each, _), offer in pairs])
        heard.update(answer.status for answer in yeses)
        choices = [f"{gone.path(0, unit)}?offer={offer}" for (_, unit), offer in pairs]
        answers = together(
            [partial(broker.send, "POST", path, FORM) for broker, path in zip(gone.brokers, choices, strict=False)]
        )
        chosen.update(answer.status for answer in answers)
        with gone.store.reading() as session:
            of = Placement.referral_id == gone.referrals[0]
            stays = session.execute(select(Placement.id, Placement.state).where(of)).all()
            states = Counter(session.scalars(select(Offer.state).where(Offer.id.in_(offers))))
        assert sorted(answer.status for answer in answers) == [302, *[409] * (number - 1)], chosen
        assert [state.value for _, state in stays] == ["confirmed"]
        assert states == {"selected": 1, "not_selected": number - 1}
        with gone.store.writing() as session:
            release(session, session.get_one(Placement, stays[0].id), reason="not_needed", by=SYSTEM, now=NOW)
    engine = gone.store.engine.dialect.name
    print(f"{engine}: {rounds} rounds × {number} yeses and choices over HTTP: {dict(heard)}, {dict(chosen)}")
    assert heard == {302: rounds * number}
    assert chosen == {302: rounds, 409: rounds * (number - 1)}


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
