"""Must live alone, and must not live with: asked, and told to whom it concerns."""

import pytest

from placement.domain.people import Role
from placement.domain.states import ReferralState
from placement.records.referrals import Referral
from placement.records.teams import add_team
from placement.records.users import User
from tests.builders import a_person, a_placement, a_referral, a_service, a_unit
from tests.conftest import NOW
from tests.web.pages.broker.test_questions import text
from tests.web_client import signed_in

ASKED = {"persons_words": "", "avoid_1": "", "avoid_2": "", "avoid_3": ""}


@pytest.fixture
def broker(app):
    return signed_in(app, Role.BROKER)


@pytest.fixture
def base(broker, store):
    """A referral of another team’s, whose person is kept apart from somebody."""
    with store.writing() as session:
        by = session.query(User).one().actor()
        referral = a_referral(session)
        referral.apart = [a_person(session, case_number="CANARY9")]
        referral.team_id = add_team(session, "North", by=by, now=NOW).id
        return f"/broker/referrals/{referral.id}"


def stored(store, base):
    with store.reading() as session:
        referral = session.get_one(Referral, int(base.rsplit("/", 1)[1]))
        return referral.lives_alone, [each.case_number for each in referral.apart]


def in_the_team(store, base):
    with store.writing() as session:
        session.query(User).one().team_id = session.get_one(Referral, int(base.rsplit("/", 1)[1])).team_id


def test_whom_somebody_is_kept_apart_from_is_named_only_to_whoever_has_the_referral(broker, store, base):
    path = f"{base}/questions/choices"
    for page in (base, path):
        assert "CANARY9" not in broker.get(page).get_data(as_text=True)
    assert "1 person, named to whoever has this referral, their team and managers" in text(broker.get(base))
    assert broker.post(path, ASKED | {"apart": "", "lives_alone": "y"}).status_code == 302
    assert stored(store, base) == (True, ["CANARY9"]), "what one may not read one cannot take away"

    in_the_team(store, base)
    assert "CANARY9" in text(broker.get(base))
    assert 'value="CANARY9"' in broker.get(path).get_data(as_text=True)
    assert broker.post(path, ASKED | {"apart": ""}).status_code == 302
    assert stored(store, base) == (False, [])


def test_living_alone_is_asked_told_and_taken_back(broker, store, base):
    assert broker.post(f"{base}/questions/choices", ASKED | {"lives_alone": "y"}).status_code == 302
    page = text(broker.get(base))
    assert "Must live alone: in a place for one person" in page
    assert "living alone: no → yes" in page


def test_the_ranking_names_only_places_for_one_and_says_why_not_the_others(broker, store):
    with store.writing() as session:
        one = a_unit(session, service=a_service(session, name="Single House"))
        a_unit(session, service=a_service(session, name="Shared House"), capacity=3, accepting=2)
        shared = a_unit(session, service=a_service(session, name="Solo House"), capacity=2, accepting=2)
        a_placement(session, shared).referral.lives_alone = True
        alone, other = a_referral(session, lives_alone=True), a_referral(session)
        numbers = alone.id, other.id
        assert one.capacity == 1
    first = text(broker.get(f"/broker/referrals/{numbers[0]}/matches"))
    assert "1 place could take this person" in first
    assert "the person must live alone, and it has 3 places" in first
    second = text(broker.get(f"/broker/referrals/{numbers[1]}/matches"))
    assert "2 places could take this person" in second
    assert "does not take anybody else on the nights needed" in second
    assert "must live alone" not in second, "nothing is told of who lives there"


def test_the_provider_that_is_asked_reads_that_the_person_must_live_alone(app, store):
    with store.writing() as session:
        unit = a_unit(session)
        stay = a_placement(session, unit)
        stay.referral.lives_alone, stay.referral.state = True, ReferralState.PLACED
        provider, number = unit.service.provider_id, stay.id
    browser = signed_in(app, Role.PROVIDER, provider_id=provider)
    assert "Must live alone" in text(browser.get(f"/provider/placements/{number}"))
