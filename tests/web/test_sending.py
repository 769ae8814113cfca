"""Every form has a number; one that is sent twice is done once, and its sender is answered as the first time."""

from __future__ import annotations

import re
from collections import Counter
from datetime import timedelta
from io import BytesIO
from threading import Barrier, Thread

import pytest

from placement.domain.people import Role
from placement.jobs.queue import SCHEDULE, forget_kept
from placement.records.referrals import Referral
from placement.records.sent_forms import KEPT, SentForm
from placement.records.users import User
from placement.records.vacancies import Closure
from tests.builders import a_person, a_referral, a_service, a_unit
from tests.conftest import NOW
from tests.web.pages.broker.test_questions import NEW, PERSON
from tests.web.world import SIGNED_IN, looked, pushed
from tests.web_client import Browser, signed_in

FORM = re.compile(r"<form\b([^>]*)>(.*?)</form>", re.DOTALL)
NUMBER = re.compile(r'name="form_nonce" value="([^"]+)"')


def numbers(body):
    """Return the number of each form that changes something; none where a form has none."""
    posts = [inner for head, inner in FORM.findall(body) if 'method="post"' in head]
    return [(NUMBER.findall(inner) or [None])[0] for inner in posts]


def test_every_form_of_the_product_that_changes_something_has_a_number_of_its_own(world):
    """On every page that anybody can look at, and on every page that answers something that was sent."""
    count, wanting = 0, []
    for name in ("anonymous", *SIGNED_IN):
        for seen in (*looked(world, name), *pushed(world, name)):
            found = numbers(seen.body)
            count += len(found)
            wanting += [(seen.method, seen.path)] if None in found or len(set(found)) < len(found) else []
    assert wanting == []
    assert count > 300


@pytest.fixture
def broker(app):
    return signed_in(app, Role.BROKER)


@pytest.fixture
def provider(app, store):
    with store.writing() as session:
        unit = a_unit(session, service=a_service(session), accepting=3)
        ids = unit.service.provider_id, unit.service_id, unit.id
    return signed_in(app, Role.PROVIDER, provider_id=ids[0]), f"/provider/services/{ids[1]}/closures", str(ids[2])


def number_on(browser, page, action=""):
    """Return the number of the form of a page that is not the one for signing out."""
    forms = [(head, inner) for head, inner in FORM.findall(browser.get(page).text) if "sign-out" not in head]
    return next(NUMBER.search(inner)[1] for head, inner in forms if action in head and NUMBER.search(inner))


def rows(store, table):
    with store.reading() as session:
        return session.query(table).count()


def test_a_form_that_comes_again_is_answered_as_the_first_time_and_not_done_twice(broker, store):
    typed = PERSON | {"form_nonce": number_on(broker, NEW)}
    first = broker.post(NEW, typed)
    again = [broker.post(NEW, typed) for _ in range(3)]

    assert first.status_code == 302
    assert [(each.status_code, each.location) for each in again] == [(302, first.location)] * 3
    assert rows(store, Referral) == 1


def test_two_closures_need_two_forms(provider, store):
    browser, path, unit = provider
    typed = {"unit": unit, "places": "1", "start_on": ["24", "11", "2026"], "reason": "other"}
    number = number_on(browser, path)
    assert browser.post(path, typed | {"form_nonce": number}).location == path
    assert "These places are out of service." in browser.get(path).text
    assert browser.post(path, typed | {"form_nonce": number}).location == path
    assert "These places are out of service." in browser.get(path).text, "the notice is part of the answer"
    assert rows(store, Closure) == 1
    browser.post(path, typed | {"form_nonce": number_on(browser, path)})
    assert rows(store, Closure) == 2


def test_a_form_that_was_refused_can_be_mended_and_sent_again(broker, store):
    number = {"form_nonce": number_on(broker, NEW)}
    assert broker.post(NEW, PERSON | number | {"name": ""}).status_code == 422
    assert broker.post(NEW, PERSON | number | {"born_on": ["1", "1", "2020"]}).status_code == 422
    assert broker.post(NEW, PERSON | number).status_code == 302
    assert rows(store, Referral) == 1


def test_an_action_that_is_refused_leaves_its_form_to_be_sent_again(broker, store):
    with store.writing() as session:
        referral = a_referral(session, person=a_person(session)).id
    page = f"/broker/referrals/{referral}"
    number = {"form_nonce": number_on(broker, page, "/hold")}
    assert broker.post(f"{page}/resume", number, page=page).status_code == 409
    assert rows(store, SentForm) == 0
    assert broker.post(f"{page}/hold", number, page=page).status_code == 302


def test_a_form_that_says_something_else_the_second_time_is_told_so_and_can_be_sent_as_a_new_one(broker, store):
    number = {"form_nonce": number_on(broker, NEW)}
    first = broker.post(NEW, PERSON | number)
    other = broker.post(NEW, PERSON | number | {"case_number": "Z-9", "name": "Zed Quite Unlike"})
    assert other.status_code == 409
    assert "That" not in other.text or "has not been" in re.sub(r"\s+", " ", other.text)
    assert f'href="{first.location}"' in other.text
    assert 'name="name" value="Zed Quite Unlike"' in other.text
    assert rows(store, Referral) == 1

    fresh = {"form_nonce": numbers(other.text)[-1]}
    assert fresh != number
    answer = broker.post(NEW, PERSON | fresh | {"case_number": "Z-9", "name": "Zed Quite Unlike", "kind": "respite"})
    assert answer.status_code in (302, 409)


def test_a_number_is_its_senders_own(app, broker, store):
    typed = PERSON | {"form_nonce": number_on(broker, NEW)}
    broker.post(NEW, typed)
    other = signed_in(app, Role.BROKER, email="other.broker@example.org")
    assert other.post(NEW, typed).status_code == 409, "the other broker is asked whether it is the same person"


@pytest.mark.parametrize("odd", ["", "x", "x" * 65, "a b" * 9, "‮" * 20])
def test_a_form_without_a_number_or_with_an_odd_one_is_done(broker, store, odd):
    assert broker.post(NEW, PERSON | {"form_nonce": odd}).status_code == 302
    assert rows(store, SentForm) == 0


def test_two_that_are_sent_at_once_are_done_once_and_both_are_answered_alike(app, broker, store):
    typed = PERSON | {"form_nonce": number_on(broker, NEW), "csrf_token": broker.token(NEW)}
    cookie = broker.client.get_cookie("placement").value
    barrier, answers = Barrier(4), []

    def send():
        browser = Browser(app)
        browser.client.set_cookie("placement", cookie)
        barrier.wait()
        answers.append(browser.client.post(NEW, data=typed))

    threads = [Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    seen = Counter((answer.status_code, answer.location) for answer in answers)
    assert list(seen.values()) == [4], seen
    assert next(iter(seen))[0] == 302
    assert rows(store, Referral) == 1


def test_two_users_are_not_added_by_one_form(app, store):
    admin = signed_in(app, Role.ADMIN)
    typed = {
        "name": "A N Other", "email": "new@example.org", "role": "broker", "password": "correct horse battery",
        "form_nonce": number_on(admin, "/admin/users/new"),
    }  # fmt: skip
    assert [admin.post("/admin/users/new", typed).location for _ in range(2)] == ["/admin/users"] * 2
    with store.reading() as session:
        assert session.query(User).filter_by(email="new@example.org").count() == 1
        kept = session.query(SentForm).one()
        assert "correct horse" not in repr(vars(kept))


def test_another_file_under_the_same_name_is_another_form(app, store):
    admin = signed_in(app, Role.ADMIN)
    number = number_on(admin, "/admin/wards")
    with store.writing() as session:
        me = session.query(User).one().id
        session.add(SentForm(user_id=me, nonce=number, digest="another", sent_at=NOW, status=302, location="/admin/"))
    typed = {"form_nonce": number, "file": (BytesIO(b"{}"), "wards.geojson")}
    answer = admin.post("/admin/wards", typed)
    assert answer.status_code == 409
    assert 'href="/admin/"' in answer.text


def test_what_was_sent_is_forgotten_at_night(broker, store, clock):
    broker.post(NEW, PERSON | {"form_nonce": number_on(broker, NEW)})
    assert forget_kept in [row.do for row in SCHEDULE]
    forget_kept(store, clock=lambda: clock.now + KEPT - timedelta(minutes=1))
    assert rows(store, SentForm) == 1
    forget_kept(store, clock=lambda: clock.now + KEPT + timedelta(minutes=1))
    assert rows(store, SentForm) == 0
