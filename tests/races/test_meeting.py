"""Two people save one form at the same moment, over real HTTP against four workers: nothing that was typed is lost."""

import re
from collections import Counter
from functools import partial
from html import unescape

import pytest

from placement.domain.people import Role
from placement.records.providers import Unit
from placement.records.referrals import Referral
from placement.web.factory import create_app
from tests.builders import a_person, a_referral, a_service, a_unit
from tests.conftest import ENGINES, Clock, fresh_database, settings
from tests.races.brokers import Broker, served, together
from tests.races.test_last_place import small_and_full
from tests.web_client import SHOWN, add_person_who_signs_in


@pytest.fixture(scope="module", params=ENGINES)
def desk(request, tmp_path_factory):
    """A served application, two brokers and two people of one provider who have signed in."""
    home = tmp_path_factory.mktemp("served")
    with fresh_database(request.param, request, home) as database:
        app = create_app(settings(database.url, home, Clock()))
        store = app.extensions["placement_store"]
        with store.writing() as session:
            service = a_service(session)
            provider = service.provider_id
            unit = a_unit(session, service=service, offers=("pbs",)).id
        with served(database.url, home) as port:
            brokers = [signed_in(app, port, Role.BROKER, f"broker.{each}@example.org") for each in range(2)]
            staff = [
                signed_in(app, port, Role.PROVIDER, f"provider.{each}@example.org", provider_id=provider)
                for each in range(2)
            ]
            yield store, brokers, staff, unit
            for each in (*brokers, *staff):
                each.connection.close()
        store.engine.dispose()


def signed_in(app, port, role, email, **more):
    add_person_who_signs_in(app, role, email=email, **more)
    browser = Broker(port)
    browser.sign_in(email)
    return browser


def save_together(browsers, path, typed):
    """Let everybody open a form, then send it at the same moment with what each of them has typed."""
    opened = [unescape(SHOWN.search(browser.send("GET", path).body).group(1)) for browser in browsers]
    return together([
        partial(browser.send, "POST", path, [("shown", shown), *each])
        for browser, shown, each in zip(browsers, opened, typed, strict=True)
    ])  # fmt: skip


def funding(session, number):
    referral = session.get_one(Referral, number)
    return referral.funding, referral.budget_weekly_pence


@small_and_full(8, 300)
def test_two_who_change_different_answers_at_once_are_both_kept(desk, size):
    store, brokers, _, _ = desk
    seen = Counter()
    for _ in range(size):
        with store.writing() as session:
            referral = a_referral(session, person=a_person(session), funding="council", budget_weekly_pence=100000)
            number = referral.id
        path = f"/broker/referrals/{number}/questions/funding"
        typed = [[("funding", "chc"), ("budget", "1000")], [("funding", "council"), ("budget", "1200")]]
        answers = save_together(brokers, path, typed)
        seen.update(answer.status for answer in answers)
        with store.reading() as session:
            assert funding(session, number) == ("chc", 120000), seen
    print(f"{store.engine.dialect.name}: {size} rounds, different answers: {dict(seen)}")
    assert seen == {302: size * 2}


@small_and_full(8, 300)
def test_of_two_who_change_the_same_answer_at_once_one_is_stored_and_the_other_is_asked(desk, size):
    store, brokers, _, _ = desk
    seen = Counter()
    for _ in range(size):
        with store.writing() as session:
            referral = a_referral(session, person=a_person(session), funding="council", budget_weekly_pence=100000)
            number = referral.id
        path = f"/broker/referrals/{number}/questions/funding"
        answers = save_together(
            brokers, path, [[("funding", "council"), ("budget", each)] for each in ("1100", "1200")]
        )
        seen.update(answer.status for answer in answers)
        assert sorted(answer.status for answer in answers) == [302, 409], seen
        asked = next(answer for answer in answers if answer.status == 409)
        assert set(re.findall(r"£1,[12]00", asked.body)) == {"£1,100", "£1,200"}
        with store.reading() as session:
            won = 110000 if answers[0].status == 302 else 120000
            assert funding(session, number) == ("council", won)
    print(f"{store.engine.dialect.name}: {size} rounds, the same answer: {dict(seen)}")


@small_and_full(6, 200)
def test_what_two_of_a_provider_tick_at_once_is_all_offered(desk, size):
    store, _, staff, unit = desk
    path = f"/provider/services/units/{unit}/specialism"
    for _ in range(size):
        with store.writing() as session:
            found = session.get_one(Unit, unit)
            found.features = [each for each in found.features if each.slug == "pbs"]
        typed = [[("said_autism", "yes"), ("said_dementia", "")], [("said_autism", ""), ("said_dementia", "yes")]]
        answers = save_together(staff, path, typed)
        assert [answer.status for answer in answers] == [302, 302]
        with store.reading() as session:
            offered = {each.slug for each in session.get_one(Unit, unit).features}
            assert offered == {"pbs", "autism", "dementia"}
