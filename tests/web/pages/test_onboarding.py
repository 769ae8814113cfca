"""A provider comes to the market: find, confirm, invite; and asked for from outside, with a person's yes."""

from __future__ import annotations

import io
import json

import pytest

from placement.domain.people import Rights, Role
from placement.records.joining import JoinRequest
from placement.records.messages import Message
from placement.records.providers import Service, Unit
from placement.records.users import User
from tests.builders import a_service, a_unit
from tests.web_client import Browser, signed_in

RECORD = {
    "locationId": "1-555000111", "providerId": "1-555000112", "organisationType": "Location",
    "type": "Social Care Org", "name": "The Quiet House", "registrationStatus": "Registered",
    "registrationDate": "2020-01-01", "numberOfBeds": 12, "careHome": "Y", "postalAddressLine1": "1 High Street",
    "postalCode": "CV1 5RR", "gacServiceTypes": [{"name": "Residential homes",
    "description": "Care home service without nursing"}], "specialisms": [{"name": "Dementia"}],
}  # fmt: skip
JO = {"name": "Jo New", "email": "jo@example.org"}


def known(store, **values):
    with store.writing() as session:
        service = a_service(session, cqc_location_id="1-200200200", name="The known house", cqc_beds=9, **values)
        return service.id, service.provider_id


@pytest.mark.parametrize("role", [Role.COMMISSIONER, Role.ADMIN])
def test_in_three_steps_a_provider_has_an_invitation(app, store, role):
    service_id, provider_id = known(store)
    browser = signed_in(app, role)
    assert browser.get("/onboarding/?location=1-200200200").location == f"/onboarding/services/{service_id}"
    page = browser.get(f"/onboarding/services/{service_id}").get_data(as_text=True)
    assert "The known house" in page
    assert 'name="places"' in page
    assert 'value="9"' in page
    told = {"places": "9", "telephone": "024 7655 0100", "email": ""}
    answer = browser.post(f"/onboarding/services/{service_id}", told)
    assert answer.location == f"/onboarding/providers/{provider_id}/invite"
    assert browser.post(answer.location, JO).location == "/onboarding/"
    with store.reading() as session:
        path = session.query(Message).one().path
        assert session.query(Unit).one().capacity == 9
        assert session.get(Service, service_id).telephone == "024 7655 0100"
    jo = Browser(app)
    assert jo.post(path, {"name": "Jo New"}).status_code == 302
    assert "The known house" in jo.get("/provider/services").get_data(as_text=True)
    with store.reading() as session:
        assert session.query(User).filter_by(email="jo@example.org").one().rights is Rights.LEAD


def test_where_there_are_units_no_places_are_asked_for(app, store):
    with store.writing() as session:
        service_id = a_unit(session, service=a_service(session, cqc_location_id="1-200200200")).service_id
    browser = signed_in(app, Role.COMMISSIONER)
    path = f"/onboarding/services/{service_id}"
    assert 'name="places"' not in browser.get(path).get_data(as_text=True)
    assert browser.post(path, {"telephone": "nonsense", "email": ""}).status_code == 422
    assert browser.post(path, {"telephone": "", "email": ""}).status_code == 302
    with store.reading() as session:
        assert session.query(Unit).count() == 1


def test_an_id_that_is_not_known_can_come_from_a_file(app, store):
    browser = signed_in(app, Role.COMMISSIONER)
    path = "/onboarding/?location=1-555000111"
    page = browser.get(path).get_data(as_text=True)
    assert "is not in the register" in page
    assert "/onboarding/by-hand?location=1-555000111" in page
    wrong = {"file": (io.BytesIO(b"{}"), "a.json")}
    assert browser.post(path, wrong).status_code == 422
    other = {"file": (io.BytesIO(json.dumps(RECORD | {"locationId": "1-9"}).encode()), "a.json")}
    answer = browser.post(path, other)
    assert "does not name the location" in answer.get_data(as_text=True)
    sent = {"file": (io.BytesIO(json.dumps(RECORD).encode()), "a.json")}
    answer = browser.post(path, sent)
    assert answer.location.startswith("/onboarding/services/")
    page = browser.get(answer.location).get_data(as_text=True)
    for words in ("The Quiet House", "1 High Street", "Dementia", "12"):
        assert words in page
    assert browser.get(path).location == answer.location
    told = {"telephone": "", "email": ""}
    assert browser.post(answer.location, told | {"organisation": " "}).status_code == 422
    assert browser.post(answer.location, told | {"organisation": "Quiet Homes"}).status_code == 302
    page = browser.get(answer.location).get_data(as_text=True)
    assert "Quiet Homes" in page
    assert 'name="organisation"' not in page, "a name that is known is not asked for"


def test_a_service_is_entered_by_hand(app, store):
    browser = signed_in(app, Role.ADMIN)
    told = {"organisation": "Quiet Homes", "name": "The attic", "service_type": "floating_support",
            "postcode": "CV1 5RR", "number": ""}  # fmt: skip
    for wrong in ({"postcode": "nowhere"}, {"service_type": ""}, {"number": "my house"}, {"name": " "}):
        assert browser.post("/onboarding/by-hand", told | wrong).status_code == 422
    answer = browser.post("/onboarding/by-hand", told)
    assert browser.get(answer.location).status_code == 200
    assert browser.post(answer.location, {"places": "", "telephone": "", "email": ""}).status_code == 422
    assert browser.post(answer.location, {"places": "3", "telephone": "", "email": ""}).status_code == 302


@pytest.mark.parametrize("typed", ["", "my house", "1-2'", "x" * 500, "1-2\u202e"])
def test_what_is_no_id_is_said_so_beside_the_question(app, typed):
    browser = signed_in(app, Role.COMMISSIONER)
    for path in ("/onboarding/", "/join"):
        answer = browser.get(path, query_string={"location": typed})
        assert answer.status_code == 422
        assert "govuk-error-message" in answer.get_data(as_text=True)


def asks(app, **told):
    given = JO | {"organisation": "Quiet Homes", "telephone": "024 7655 0100"} | told
    return Browser(app).post("/join?location=1-200200200", given)


def test_who_asks_from_outside_waits_for_a_persons_yes(app, store):
    service_id, provider_id = known(store)
    assert "The known house" in Browser(app).get("/join?location=1-200200200").get_data(as_text=True)
    for wrong in ({"email": "nobody"}, {"telephone": "x"}, {"organisation": ""}, {"name": ""}):
        assert asks(app, **wrong).status_code == 422
    assert asks(app).location == asks(app).location == "/join/asked"
    with store.reading() as session:
        assert session.query(Message).count() == session.query(User).count() == 0
        request_id = session.query(JoinRequest).one().id
    browser = signed_in(app, Role.COMMISSIONER)
    assert "Quiet Homes" in browser.get("/onboarding/").get_data(as_text=True)
    page = browser.get(f"/onboarding/requests/{request_id}").get_data(as_text=True)
    assert "The known house" in page
    led = browser.get(f"/onboarding/?location=1-200200200&request={request_id}").location
    assert led == f"/onboarding/services/{service_id}?request={request_id}"
    led = browser.post(led, {"places": "9", "telephone": "", "email": ""}).location
    assert led == f"/onboarding/providers/{provider_id}/invite?request={request_id}"
    assert 'value="jo@example.org"' in browser.get(led).get_data(as_text=True)
    assert browser.post(led, JO).location == "/onboarding/"
    assert browser.post(led, JO | {"email": "again@example.org"}).status_code == 409
    with store.reading() as session:
        assert session.query(JoinRequest).one().is_welcome
        assert [each.recipient for each in session.query(Message)] == ["jo@example.org"]


def test_a_no_is_told_by_mail_and_is_said_once(app, store):
    known(store)
    asks(app)
    browser = signed_in(app, Role.ADMIN)
    with store.reading() as session:
        request_id = session.query(JoinRequest).one().id
    path = f"/onboarding/requests/{request_id}"
    assert browser.post(f"{path}/decline", page=path).location == "/onboarding/"
    assert browser.post(f"{path}/decline", page="/onboarding/by-hand").status_code == 409
    assert "said no" in browser.get(path).get_data(as_text=True)
    with store.reading() as session:
        assert [(each.kind, each.path) for each in session.query(Message)] == [("join_declined", "")]


def test_whoever_asks_without_end_is_stopped(app, store):
    known(store)
    answers = [asks(app, email=f"jo{number}@example.org").status_code for number in range(12)]
    assert answers == [302] * 10 + [429] * 2


def test_nobody_else_brings_providers_to_the_market(app, store):
    service_id, _ = known(store)
    browser = signed_in(app, Role.BROKER)
    for path in ("/onboarding/", "/onboarding/by-hand", f"/onboarding/services/{service_id}"):
        assert browser.get(path).status_code == 403
        assert Browser(app).get(path).location.startswith("/sign-in?")
