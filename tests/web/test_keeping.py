"""A sign-in that ends takes no typing with it, and warns before it does."""

from __future__ import annotations

import inspect
import io
import logging
import re
from datetime import timedelta
from html import unescape

import pytest

from placement.domain.people import Role
from placement.domain.states import PlacementState
from placement.jobs.queue import forget_kept
from placement.records.kept_forms import KEPT, MOST_CHARACTERS, KeptForm
from placement.records.placements import Placement
from placement.records.referrals import Referral
from placement.records.users import User
from placement.web.keeping import STANDS_ELSEWHERE
from tests.builders import a_placement, a_referral, a_service, a_unit
from tests.web.pages.broker.test_questions import NEW, PERSON, text
from tests.web_client import PASSWORD, add_person_who_signs_in, signed_in

HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')
IDLE = timedelta(minutes=31)
TYPED = PERSON | {"name": "Canary <Typed> & Co"}


@pytest.fixture
def broker(app):
    return signed_in(app, Role.BROKER)


def fields(page, path):
    """Return the hidden fields of the form of a page that is sent to a path."""
    form = next(inner for head, inner in re.findall(r"<form\b([^>]*)>(.*?)</form>", page, re.S) if path in head)
    found = {}
    for name, value in HIDDEN.findall(form):
        found.setdefault(name, []).append(unescape(value))
    return found


def rows(store, table):
    with store.reading() as session:
        return session.query(table).count()


def sent_too_late(browser, clock, path, data, **more):
    """Open a form, let the sign-in end, and send it."""
    token = browser.token("/nowhere")
    clock.now += IDLE
    return browser.client.post(path, data={"csrf_token": token} | data, **more)


def back_in(browser, answer, email):
    """Sign in where an answer leads; return where that leads."""
    assert answer.status_code == 302
    return browser.post(answer.location, {"email": email, "password": PASSWORD})


def test_what_was_typed_when_the_sign_in_had_ended_comes_back_in_the_same_form(broker, store, clock):
    late = sent_too_late(broker, clock, NEW, TYPED)
    assert late.location == "/sign-in?next=/kept", "nothing that was typed stands in the address"
    assert "What you typed is kept for an hour" in text(broker.get(late.location))
    assert rows(store, Referral) == 0

    led = back_in(broker, late, "broker@example.org")
    assert led.location == "/kept"
    page = broker.get("/kept").text
    again = broker.client.post(NEW, data=fields(page, NEW))
    assert again.status_code == 200
    assert 'value="Canary &lt;Typed&gt; &amp; Co"' in again.text
    assert "govuk-error-summary" not in again.text
    assert (rows(store, Referral), rows(store, KeptForm)) == (0, 0), "it is given back and nothing is done"

    done = broker.client.post(NEW, data=TYPED | {"csrf_token": broker.token(NEW)})
    assert done.status_code == 302
    assert rows(store, Referral) == 1
    assert broker.get("/kept").location == "/"


def test_nobody_else_is_given_what_somebody_typed(app, broker, store, clock):
    late = sent_too_late(broker, clock, NEW, TYPED)
    other = add_person_who_signs_in(app, Role.BROKER, email="other@example.org")
    led = back_in(broker, late, other.email)
    assert led.location == "/kept"
    assert broker.get("/kept").location == "/"
    assert rows(store, KeptForm) == 1


def test_it_is_kept_for_an_hour(broker, store, clock):
    late = sent_too_late(broker, clock, NEW, TYPED)
    clock.now += KEPT
    back_in(broker, late, "broker@example.org")
    assert broker.get("/kept").location == "/"
    forget_kept(store, clock=clock)
    assert rows(store, KeptForm) == 0


def test_after_signing_out_nothing_is_kept(broker, store, clock):
    token = broker.token("/nowhere")
    cookie = broker.client.get_cookie("placement").value
    broker.post("/sign-out", page="/broker/")
    broker.client.set_cookie("placement", cookie)
    answer = broker.client.post(NEW, data=TYPED | {"csrf_token": token})
    assert answer.location == "/sign-in"
    assert rows(store, KeptForm) == 0


def test_a_sign_in_that_has_lasted_its_longest_keeps_typing_too(broker, store, clock):
    token = broker.token("/nowhere")
    for _ in range(26):
        clock.now += timedelta(minutes=29)
        broker.get("/broker/")
    assert broker.client.post(NEW, data=TYPED | {"csrf_token": token}).location == "/sign-in?next=/kept"
    assert rows(store, KeptForm) == 1


def test_what_is_too_long_for_any_form_is_not_kept(broker, store, clock):
    late = sent_too_late(broker, clock, NEW, TYPED | {"name": "x" * MOST_CHARACTERS})
    assert late.location == "/sign-in"
    assert rows(store, KeptForm) == 0


def test_a_password_and_a_file_are_not_kept_and_the_file_is_told_of(app, store, clock):
    admin = signed_in(app, Role.ADMIN)
    sent_too_late(admin, clock, "/admin/users/new", {"name": "A N Other", "password": "a secret of somebody"})
    with store.reading() as session:
        assert session.query(KeptForm).one().fields == [["name", "A N Other"]]
    admin.sign_in("admin@example.org")
    late = sent_too_late(admin, clock, "/admin/wards", {"file": (io.BytesIO(b"{}"), "wards.geojson")})
    back_in(admin, late, "admin@example.org")
    page = admin.get("/kept").text
    assert "A file cannot be kept" in page
    assert "wards.geojson" not in page


def test_a_button_that_was_pressed_too_late_leads_back_to_its_page_and_says_that_nothing_was_done(broker, store, clock):
    with store.writing() as session:
        path = f"/broker/referrals/{a_referral(session).id}"
    referrer = {"Referer": f"http://localhost{path}?x=1"}
    late = sent_too_late(broker, clock, f"{path}/hold", {}, headers=referrer)
    assert late.location == f"/sign-in?next={path}?x%3D1"
    assert "nothing was done" in text(broker.get(late.location))
    assert back_in(broker, late, "broker@example.org").location == f"{path}?x=1"
    assert rows(store, KeptForm) == 0


def test_a_form_that_stands_on_the_page_of_another_address_comes_back_too(app, store, clock):
    with store.writing() as session:
        unit = a_unit(session, service=a_service(session))
        stay = a_placement(session, unit, state=PlacementState.RESERVED)
        stay_id, provider_id = stay.id, unit.service.provider_id
    provider = signed_in(app, Role.PROVIDER, provider_id=provider_id)
    path = f"/provider/placements/{stay_id}/decline"
    late = sent_too_late(provider, clock, path, {"reason": "staffing", "note": "We are two short <tonight>"})
    back_in(provider, late, "provider@example.org")
    again = provider.client.post(path, data=fields(provider.get("/kept").text, path))
    assert "We are two short &lt;tonight&gt;" in again.text
    assert "Error" not in again.text
    with store.reading() as session:
        assert session.get_one(Placement, stay_id).state is PlacementState.RESERVED


def test_signing_in_anew_in_another_window_does_not_lose_what_the_first_one_holds(broker, store, clock):
    old = broker.token(NEW)
    clock.now += IDLE
    broker.sign_in("broker@example.org")
    answer = broker.client.post(
        NEW,
        data=TYPED | {"csrf_token": old},
        headers={"Origin": "http://localhost", "Referer": f"http://localhost{NEW}"},
    )
    assert answer.status_code == 400
    again = broker.client.post(NEW, data=fields(answer.text, NEW))
    assert 'value="Canary &lt;Typed&gt; &amp; Co"' in again.text
    foreign = broker.client.post(NEW, data=TYPED | {"csrf_token": old}, headers={"Origin": "http://evil.example"})
    assert foreign.status_code == 400
    assert "Typed" not in foreign.text
    assert rows(store, Referral) == 0


def test_a_form_that_is_only_shown_again_does_nothing_anywhere(app, broker, store):
    with store.writing() as session:
        path = f"/broker/referrals/{a_referral(session).id}"
    assert broker.post(f"{path}/hold", {"shown_again": "1"}, page=path).status_code >= 400
    with store.reading() as session:
        assert session.query(Referral).one().state.value == "searching"


def test_every_form_that_is_sent_to_an_address_without_a_page_is_known(app):
    """Such a form comes back only if it is listed: a page that is added tomorrow is looked at too."""
    both = {}
    for rule in app.url_map.iter_rules():
        both.setdefault(rule.rule, set()).update(rule.methods)
    typed = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "POST" in rule.methods and "GET" not in both[rule.rule]
        and re.search(r"\b\w+Form\(", inspect.getsource(app.view_functions[rule.endpoint]))
    }  # fmt: skip
    assert typed == STANDS_ELSEWHERE


def test_nothing_that_was_typed_stands_in_a_log(broker, clock, caplog):
    with caplog.at_level(logging.DEBUG):
        back_in(broker, sent_too_late(broker, clock, NEW, TYPED), "broker@example.org")
        broker.get("/kept")
    assert "Canary" not in caplog.text


def test_a_page_says_how_long_the_sign_in_lasts_and_asking_for_it_keeps_it(broker, clock):
    assert 'data-seconds="1800"' in broker.get("/broker/").text
    clock.now += timedelta(minutes=20)
    assert broker.get("/stay", headers={"X-Polling": "1"}).json == {"seconds": 600}
    assert broker.get("/stay", headers={"X-Polling": "1"}).json == {"seconds": 600}, "to ask does not keep it"
    assert broker.get("/stay").json == {"seconds": 1800}
    clock.now += timedelta(minutes=29)
    assert broker.get("/broker/").status_code == 200
    clock.now += IDLE
    assert broker.get("/stay").json == {"seconds": 0}
    assert broker.get("/broker/").status_code == 302


def test_a_sign_in_that_has_little_of_its_longest_left_says_so(broker, clock):
    for _ in range(24):
        clock.now += timedelta(minutes=29)
        broker.get("/broker/")
    clock.now += timedelta(minutes=20)
    assert broker.get("/stay").json == {"seconds": 4 * 60}


def test_a_user_of_another_council_is_given_theirs(app, store, clock):
    user = add_person_who_signs_in(app, Role.BROKER, email="there@example.org")
    with store.writing() as session:
        session.get_one(User, user.id).council = "E08000029"
    from tests.web_client import Browser

    there = Browser(app)
    there.sign_in("there@example.org")
    late = sent_too_late(there, clock, NEW, TYPED)
    with store.reading() as session:
        assert session.query(KeptForm).one().council == "E08000029"
    back_in(there, late, "there@example.org")
    assert "Canary" in there.get("/kept").text
