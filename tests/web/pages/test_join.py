"""Taking an invitation up: from the link to the first page, signed in, with or without a password."""

from __future__ import annotations

from placement.domain.people import SYSTEM, Rights, Role
from placement.records.invitations import invite
from placement.records.messages import Message
from placement.records.users import User
from tests.builders import a_service
from tests.conftest import NOW
from tests.web_client import Browser, add_person_who_signs_in, signed_in


def invited(store, rights=Rights.EDITOR):
    """Return where an invitation leads, to a provider with one service."""
    with store.writing() as session:
        service = a_service(session)
        invite(
            session, email="jo@example.org", name="Jo New", provider_id=service.provider_id, rights=rights, by=SYSTEM,
            now=NOW,
        )  # fmt: skip
        session.flush()
        return session.query(Message).one().path


def test_looking_does_nothing_and_the_button_lets_in_once(app, store):
    path = invited(store)
    for _ in range(5):
        page = Browser(app).get(path).get_data(as_text=True)
        assert "jo@example.org" in page
        assert 'value="Jo New"' in page
    jo = Browser(app)
    assert jo.post(path, {"name": "Jo Newman", "password": "seven quiet lanterns"}).location == "/"
    page = jo.get("/provider/").get_data(as_text=True)
    assert "Welcome, Jo Newman" in page
    assert Browser(app).get(path).status_code == 404
    assert Browser(app).post(path, {"name": "Eve"}, page="/sign-in").status_code == 404
    assert Browser(app).sign_in("jo@example.org", "seven quiet lanterns").status_code == 302


def test_what_is_wrong_is_said_and_the_link_goes_on_being_good(app, store):
    path = invited(store)
    for wrong, words in (
        ({"name": " "}, "Enter your name"),
        ({"password": "short"}, "at least 8"),
        ({"password": "Coventry1"}, "without your name"),
    ):
        answer = Browser(app).post(path, {"name": "Jo New"} | wrong)
        assert answer.status_code == 422
        assert words in answer.get_data(as_text=True)
    add_person_who_signs_in(app, Role.BROKER, email="jo@example.org")
    answer = Browser(app).post(path, {"name": "Jo New"})
    assert "already signs in" in answer.get_data(as_text=True)


def test_who_takes_it_up_without_a_password_signs_in_by_a_link_and_can_choose_one_later(app, store):
    jo = Browser(app)
    assert jo.post(invited(store), {"name": "Jo New"}).status_code == 302
    assert Browser(app).sign_in("jo@example.org", "").status_code == 422
    page = jo.get("/password").get_data(as_text=True)
    assert 'name="current"' not in page
    new = "seven quiet lanterns"
    assert jo.post("/password", {"password": new, "again": new}).status_code == 302
    assert Browser(app).sign_in("jo@example.org", new).status_code == 302
    assert jo.post("/password", {"password": new, "again": new}).status_code == 422, "from now on the old one is asked"


def test_whoever_was_signed_in_in_that_browser_is_not_any_more(app, store):
    path, browser = invited(store), signed_in(app, Role.ADMIN)
    assert "A admin is signed out" in browser.get(path).get_data(as_text=True)
    assert browser.post(path, {"name": "Jo New"}).status_code == 302
    assert browser.get("/admin/").status_code == 403
    with store.reading() as session:
        assert session.query(User).filter_by(email="jo@example.org").one().rights is Rights.EDITOR
