"""Signing in by a link: one answer for everybody, one use, a new session, and no way round the second step."""

from __future__ import annotations

from datetime import timedelta

import pytest

from placement.domain.people import SYSTEM, Role
from placement.records.accounts import deactivate_user
from placement.records.messages import Message
from placement.records.users import SignIn, User
from tests.conftest import NOW
from tests.web_client import Browser, add_person_who_signs_in, signed_in


def asked(app, email="broker@example.org", browser=None, query=""):
    """Ask for a link; return where it leads, if one was written."""
    answer = (browser or Browser(app)).post(f"/sign-in/link{query}", {"email": email})
    assert (answer.status_code, answer.location) == (302, "/sign-in/link/sent")
    with app.extensions["placement_store"].reading() as session:
        newest = session.query(Message).order_by(Message.id.desc()).first()
        return newest.path if newest else None


def test_a_link_signs_in_by_its_button_and_looking_at_it_changes_nothing(app, store):
    add_person_who_signs_in(app, Role.BROKER)
    path = asked(app)
    for _ in range(5):
        page = Browser(app).get(path).get_data(as_text=True)
        assert "broker@example.org" in page
    phone = Browser(app)
    assert phone.post(path).location == "/"
    assert phone.get("/broker/").status_code == 200
    again = Browser(app).post(path, page="/sign-in")
    assert again.status_code == 404
    assert "Ask for another link" in again.get_data(as_text=True)
    assert Browser(app).get(path).status_code == 404
    with store.reading() as session:
        assert session.query(SignIn).count() == 1


def test_whether_an_address_has_an_account_is_told_by_nothing(app, store):
    user = add_person_who_signs_in(app, Role.BROKER)
    left = add_person_who_signs_in(app, Role.COMMISSIONER)
    with store.writing() as session:
        deactivate_user(session, left.id, by=SYSTEM, now=NOW)
    answers = set()
    for email in (user.email, left.email, "nobody@example.org"):
        browser = Browser(app)
        answer = browser.post("/sign-in/link", {"email": email})
        page = browser.get(answer.location).get_data(as_text=True)
        answers.add((answer.status_code, answer.location, "is on its way" in page, email in page))
    assert answers == {(302, "/sign-in/link/sent", True, False)}
    with store.reading() as session:
        assert [each.recipient for each in session.query(Message)] == [user.email]


def test_the_page_that_was_wanted_is_shown_after_the_link_and_never_another_host(app):
    add_person_who_signs_in(app, Role.BROKER)
    for wanted, shown in (("/broker/services", "/broker/services"), ("//evil.example", "/"), ("/%5Cevil.example", "/")):
        browser = Browser(app)
        path = asked(app, browser=browser, query=f"?next={wanted}")
        assert browser.post(path).location == shown
        app.extensions["placement_config"].clock.now += timedelta(minutes=16)


def test_three_links_in_a_quarter_of_an_hour_are_written_and_the_last_goes_on_being_good(app, store, clock):
    add_person_who_signs_in(app, Role.BROKER)
    paths = [asked(app) for _ in range(5)]
    assert len(set(paths)) == 3
    assert paths[2] == paths[4]
    assert Browser(app).post(paths[4]).status_code == 302
    clock.now += timedelta(minutes=16)
    assert asked(app) not in paths


def test_who_asks_without_end_is_stopped_the_same_for_every_address(app):
    add_person_who_signs_in(app, Role.BROKER)
    for email in ("broker@example.org", "nobody@example.org"):
        answers = [Browser(app).post("/sign-in/link", {"email": email}).status_code for _ in range(11)]
        assert answers == [302] * 10 + [429]
    assert Browser(app).sign_in("broker@example.org").status_code == 302, "signing in is counted apart"


def test_the_session_after_it_is_a_new_one_and_whoever_was_signed_in_there_is_out(app, store):
    add_person_who_signs_in(app, Role.BROKER)
    browser = signed_in(app, Role.ADMIN)
    before = browser.client.get_cookie("placement").value
    token = browser.token("/nowhere")
    path = asked(app)
    assert "A admin is signed out" in browser.get(path).get_data(as_text=True)
    assert browser.post(path).status_code == 302
    assert browser.get("/admin/").status_code == 403
    assert browser.client.post("/sign-out", data={"csrf_token": token}).status_code == 400
    thief = Browser(app)
    thief.client.set_cookie("placement", before)
    assert thief.get("/admin/").location.startswith("/sign-in")


def test_a_leavers_link_opens_nothing(app, store):
    user = add_person_who_signs_in(app, Role.BROKER)
    path = asked(app)
    with store.writing() as session:
        session.get(User, user.id).is_active = False
    assert Browser(app).get(path).status_code == 404
    assert Browser(app).post(path, page="/sign-in").status_code == 404


@pytest.mark.parametrize("email", ["", "x" * 300, "a\u202eb@example.org", "a b"])
def test_what_is_no_address_is_answered_with_a_page(app, email):
    assert Browser(app).post("/sign-in/link", {"email": email}).status_code in {302, 422}


def test_without_its_token_the_button_does_nothing(app):
    add_person_who_signs_in(app, Role.BROKER)
    path = asked(app)
    assert Browser(app).client.post(path).status_code == 400
    assert Browser(app).post(path).status_code == 302


def test_a_link_tells_no_other_site_where_it_is(app):
    add_person_who_signs_in(app, Role.BROKER)
    answer = Browser(app).get(asked(app))
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Cache-Control"] == "no-store"
