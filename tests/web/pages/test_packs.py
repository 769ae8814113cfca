"""A broker gives the details of a person, a provider opens them, and nobody else's page or log has them."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest

from placement.domain.clocks import today
from placement.domain.people import Role
from placement.domain.states import PlacementState
from placement.records.placements import Placement
from tests.builders import a_person, a_placement, a_provider, a_referral, a_service, a_unit
from tests.conftest import NOW
from tests.web.pages.broker.test_matches import text
from tests.web_client import signed_in

CANARIES = ("Person Canary", "CASE-CANARY", "CV1 9ZZ")


@pytest.fixture
def stay(store):
    with store.writing() as session:
        provider = a_provider(session)
        person = a_person(session, name=CANARIES[0], case_number=CANARIES[1], postcode=CANARIES[2])
        unit = a_unit(session, service=a_service(session, provider=provider, name="Canary House"))
        found = a_placement(session, unit, person=person, referral=a_referral(session, person=person))
        return {"id": found.id, "provider": provider.id, "referral": found.referral_id}


@pytest.fixture
def broker(app):
    return signed_in(app, Role.BROKER)


@pytest.fixture
def provider(app, stay):
    return signed_in(app, Role.PROVIDER, provider_id=stay["provider"])


def give(broker, stay, **more):
    last = (today(NOW) + timedelta(days=3)).strftime("%d %m %Y").split()
    return broker.post(f"/broker/placements/{stay['id']}/details", {"last_day": last, **more})


def test_the_details_go_from_a_broker_to_the_one_provider(app, broker, provider, stay):
    pages = f"/provider/placements/{stay['id']}", f"/provider/placements/{stay['id']}/person"
    for page in pages:
        assert not any(word in text(provider.get(page)) for word in CANARIES)
    assert provider.post(pages[1], page="/provider/").status_code == 409
    assert give(broker, stay, note="Likes to be called Bea").status_code == 302
    assert "Read who it is" in text(provider.get(pages[0]))
    gate = text(provider.get(pages[1]))
    assert "It is noted that you did" in gate
    assert not any(word in gate for word in CANARIES)
    assert provider.post(pages[1]).location == pages[1]
    opened = text(provider.get(pages[1]))
    assert all(word in opened for word in (*CANARIES, "Likes to be called Bea"))
    assert not any(word in text(provider.get(pages[0])) for word in CANARIES)
    colleague = signed_in(app, Role.PROVIDER, provider_id=stay["provider"], email="colleague@example.org")
    assert "It is noted that you did" in text(colleague.get(pages[1]))
    assert "Opened the person’s details" in text(broker.get(f"/broker/placements/{stay['id']}/details"))


def test_another_provider_finds_nothing(app, broker, stay, store):
    give(broker, stay)
    with store.writing() as session:
        other = a_provider(session).id
    stranger = signed_in(app, Role.PROVIDER, provider_id=other)
    page = f"/provider/placements/{stay['id']}/person"
    assert stranger.get(page).status_code == 404
    assert stranger.post(page, page="/provider/").status_code == 404


def test_taken_back_and_after_the_stay_the_open_page_is_empty(broker, provider, stay, store):
    page = f"/provider/placements/{stay['id']}/person"
    give(broker, stay)
    provider.post(page)
    take_back = f"/broker/placements/{stay['id']}/details/take-back"
    assert broker.post(take_back, page=f"/broker/placements/{stay['id']}/details").status_code == 302
    assert "There is nothing to read" in text(provider.get(page))
    give(broker, stay)
    provider.post(page)
    with store.writing() as session:
        session.get_one(Placement, stay["id"]).state = PlacementState.RELEASED
    assert not any(word in text(provider.get(page)) for word in CANARIES)
    assert "The stay is over" in text(broker.get(f"/broker/placements/{stay['id']}/details"))


def test_a_file_is_saved_only_with_the_details_it_was_given_with(broker, provider, stay):
    sent = {"file": (BytesIO(b"The plan"), "plan.txt")}
    broker.post(f"/broker/referrals/{stay['referral']}/files", sent, page=f"/broker/referrals/{stay['referral']}")
    assert "Which files?" in text(broker.get(f"/broker/placements/{stay['id']}/details"))
    page = f"/provider/placements/{stay['id']}/person"
    give(broker, stay)
    provider.post(page)
    assert provider.post("/provider/person-files/1", page="/provider/").status_code == 404
    give(broker, stay, files=["1"])
    provider.post(page)
    saved = provider.post("/provider/person-files/1", page="/provider/")
    assert (saved.data, saved.headers["Content-Disposition"]) == (b"The plan", "attachment; filename=plan.txt")


def test_what_is_wrong_stands_beside_what_was_typed(broker, stay):
    answer = give(broker, stay, last_day=["1", "1", "2020"], note="Some words")
    assert answer.status_code == 422
    assert "Enter today or a day to come" in text(answer)
    assert "Some words" in text(answer)
