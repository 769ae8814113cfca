"""The second step in the browser: set up, asked for after either first step, throttled, removed."""

from __future__ import annotations

import re
from datetime import timedelta

import pyotp
from sqlalchemy import select

from placement.domain.people import SYSTEM, Role
from placement.records.accounts import add_user, has_password
from placement.records.messages import Message
from placement.records.second_steps import has_second_step
from placement.records.users import SignIn
from tests.web_client import PASSWORD, Browser, add_person_who_signs_in

EMAIL = "broker@example.org"


def set_up(app, clock):
    """Return a browser that has just turned the step on, the secret, and the codes on paper."""
    add_person_who_signs_in(app, Role.BROKER)
    browser = Browser(app)
    browser.sign_in(EMAIL)
    assert browser.post("/second-step").location == "/second-step/set-up"
    page = browser.get("/second-step/set-up").get_data(as_text=True)
    secret = "".join(re.search(r'<strong class="app-break">([A-Z2-7 ]+)</strong>', page).group(1).split())
    answer = browser.post("/second-step/set-up", {"code": pyotp.TOTP(secret).at(clock.now)})
    assert answer.status_code == 200
    codes = re.findall(r"<li>([a-z0-9]{4}(?:-[a-z0-9]{4}){3})</li>", answer.get_data(as_text=True))
    assert len(codes) == 10
    clock.now += timedelta(minutes=1)
    return browser, secret, codes


def first_step(app, browser=None, query=""):
    """Return a browser in which the password was right, and where it is led."""
    browser = browser or Browser(app)
    answer = browser.post(f"/sign-in{query}", {"email": EMAIL, "password": "correct horse battery"})
    assert answer.status_code == 302
    return browser, answer.location


def test_is_asked_for_after_the_password_and_opens_nothing_before(app, clock):
    _, secret, _ = set_up(app, clock)
    browser, led = first_step(app, query="?next=/broker/services")
    assert led == "/sign-in/code?next=/broker/services"
    assert browser.get("/broker/").location.startswith("/sign-in?")
    assert browser.post(led, {"code": "000000"}).status_code == 422
    assert browser.get("/broker/").location.startswith("/sign-in?")
    assert browser.post(led, {"code": pyotp.TOTP(secret).at(clock.now)}).location == "/broker/services"
    assert browser.get("/broker/").status_code == 200


def test_is_asked_for_after_a_link_too(app, store, clock):
    _, _, codes = set_up(app, clock)
    browser = Browser(app)
    browser.post("/sign-in/link", {"email": EMAIL})
    with store.reading() as session:
        path = session.query(Message).one().path
    assert browser.post(path).location == "/sign-in/code"
    assert browser.get("/broker/").location.startswith("/sign-in?")
    assert browser.post("/sign-in/code", {"code": codes[0]}).location == "/"
    assert browser.get("/broker/").status_code == 200


def test_turning_it_on_and_off_ends_every_other_sign_in(app, store, clock):
    here, secret, _ = set_up(app, clock)
    assert here.get("/broker/").status_code == 200
    elsewhere, led = first_step(app)
    elsewhere.post(led, {"code": pyotp.TOTP(secret).at(clock.now)})
    clock.now += timedelta(minutes=1)
    assert here.post("/second-step/remove", {"code": "123"}).status_code == 422
    assert here.post("/second-step/remove", {"code": pyotp.TOTP(secret).at(clock.now)}).location == "/second-step"
    assert here.get("/broker/").status_code == 200
    assert elsewhere.get("/broker/").location.startswith("/sign-in")
    assert first_step(app)[1] == "/"
    with store.reading() as session:
        assert not has_second_step(session, 1)


def test_the_key_is_shown_only_while_it_is_set_up_and_the_codes_once(app, clock):
    here, secret, codes = set_up(app, clock)
    assert here.get("/second-step/set-up").location == "/second-step"
    page = here.get("/second-step").get_data(as_text=True)
    assert "10 of your codes" in page
    assert secret not in page
    assert not any(code in page for code in codes)


def test_five_wrong_codes_are_enough_for_five_minutes_and_fifty_for_a_day(app, clock):
    _, secret, _ = set_up(app, clock)
    tried = []
    for _ in range(14):
        browser, led = first_step(app)
        tried += [browser.post(led, {"code": "000000"}).status_code for _ in range(5)]
        clock.now += timedelta(minutes=16)
    assert tried == [422] * 50 + [429] * 20
    browser, led = first_step(app)
    answer = browser.post(led, {"code": pyotp.TOTP(secret).at(clock.now)})
    assert answer.status_code == 429
    assert "codes that were not right" in answer.get_data(as_text=True)
    clock.now += timedelta(days=1)
    browser, led = first_step(app)
    assert [browser.post(led, {"code": "000000"}).status_code for _ in range(6)] == [422] * 5 + [429]
    clock.now += timedelta(minutes=6)
    assert browser.post(led, {"code": pyotp.TOTP(secret).at(clock.now)}).status_code == 302


def test_half_a_sign_in_ends_after_ten_minutes_and_when_it_is_used(app, clock, store):
    _, secret, _ = set_up(app, clock)
    browser, led = first_step(app)
    half = browser.client.get_cookie("placement").value
    assert browser.post(led, {"code": pyotp.TOTP(secret).at(clock.now)}).status_code == 302
    thief = Browser(app)
    thief.client.set_cookie("placement", half)
    assert thief.get("/sign-in/code").location == "/sign-in"
    browser, led = first_step(app)
    clock.now += timedelta(minutes=11)
    assert browser.get(led).location == "/sign-in"
    with store.reading() as session:
        assert session.query(SignIn).filter(~SignIn.waits_for_code).count() == 2


def test_the_pages_ask_to_sign_in_first(app):
    for path in ("/second-step", "/second-step/set-up", "/second-step/remove"):
        assert Browser(app).get(path).location == "/sign-in?next=/second-step"
    assert Browser(app).get("/sign-in/code").location == "/sign-in"


def test_whoever_finds_a_page_open_on_a_desk_sets_nothing_up(app, clock):
    add_person_who_signs_in(app, Role.BROKER)
    browser = Browser(app)
    browser.sign_in(EMAIL)
    browser.post("/second-step")
    clock.now += timedelta(minutes=16)
    assert browser.get("/second-step/set-up").location == "/second-step", "the key is not shown again"
    assert browser.post("/second-step").status_code == 422
    wrong = browser.post("/second-step", {"password": "guessed"})
    assert (wrong.status_code, "This is not your password" in wrong.get_data(as_text=True)) == (422, True)
    assert browser.get("/second-step/set-up").location == "/second-step"
    assert browser.post("/second-step", {"password": PASSWORD}).location == "/second-step/set-up"
    assert browser.get("/second-step/set-up").status_code == 200


def test_who_has_no_password_shows_by_a_new_link_who_they_are(app, store, clock):
    with store.writing() as session:
        add_user(session, email=EMAIL, name="Bo", role=Role.BROKER, password=None, by=SYSTEM, now=clock.now)
    browser = Browser(app)
    by_link(browser, store)
    clock.now += timedelta(minutes=16)
    for path in ("/second-step", "/password"):
        page = browser.get(path).get_data(as_text=True).partition("<main")[2]
        assert f"/sign-in/link?next={path}" in page
        assert 'method="post"' not in page
    new = {"password": "three odd words here", "again": "three odd words here"}
    assert browser.post("/password", new).status_code == 200, "no first password from an open page either"
    with store.reading() as session:
        assert not has_password(session, 1)

    by_link(browser, store)
    assert browser.post("/second-step").location == "/second-step/set-up"


def by_link(browser, store):
    """Sign in by a link that is e-mailed."""
    browser.post("/sign-in/link", {"email": EMAIL})
    with store.reading() as session:
        path = session.scalars(select(Message.path).order_by(Message.id.desc())).first()
    assert browser.post(path).status_code == 302


def test_the_picture_is_drawn_here_and_says_what_the_key_says(app, clock):
    add_person_who_signs_in(app, Role.ADMIN)
    browser = Browser(app)
    browser.sign_in("admin@example.org")
    browser.post("/second-step")
    answer = browser.get("/second-step/set-up")
    page = answer.get_data(as_text=True)
    assert "<svg" in page
    assert "style=" not in page.partition("<svg")[2].partition("</svg>")[0], "the policy takes no style in a line"
    assert "otpauth" not in page
