"""Updating numbers by the link of an e-mail: opened by anybody's look, used up only by what stores something."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from placement.domain.people import Role
from placement.domain.states import PlacementState
from placement.market.update_links import LINK_LASTS, link_path
from placement.records.availability import newest_reports
from placement.records.events import AuditLine
from placement.records.links import MailLink
from placement.records.messages import Message
from placement.records.providers import Unit
from placement.records.tries import MOST_TRIES
from placement.records.users import User
from tests.builders import a_report
from tests.conftest import NOW
from tests.web.pages.provider.conftest import boxes, fields, read, stays, works_at
from tests.web_client import TOKEN, Browser, add_person_who_signs_in


class Mailed:
    """A provider with one service, somebody who works there, their link, and a browser that is signed in nowhere."""

    def __init__(self, app, store):
        self.app, self.store = app, store
        self.works = works_at(app, store)
        self.user = add_person_who_signs_in(
            app, Role.PROVIDER, provider_id=self.works.provider, email="pat@example.org"
        )
        self.browser = Browser(app)
        self.path = self.new_link()

    def new_link(self, now=NOW):
        with self.store.writing() as session:
            return link_path(session, self.works.provider, session.get_one(User, self.user.id), now=now)

    def right(self, browser=None):
        browser = browser or self.browser
        form = fields(browser.get(self.path))
        return browser.client.post(self.path, data=marked(form, "step", "seen"))

    def reports(self):
        with self.store.reading() as session:
            found = newest_reports(session, [self.works.unit, self.works.other_unit]).values()
            return [(each.occupied, each.accepting, each.reporter) for each in found]

    def used(self):
        with self.store.reading() as session:
            return session.scalars(select(MailLink.used_at)).one() is not None

    def mailed(self):
        with self.store.reading() as session:
            return session.scalars(select(Message.recipient).where(Message.kind == "update_link")).all()


def marked(form, *names):
    return {name: value for name, value in form.items() if name in ("csrf_token", "form_nonce", *names)}


@pytest.fixture
def mailed(app, store):
    return Mailed(app, store)


OLD = [(2, 2, "Somebody"), (2, 0, "Somebody")]
RIGHT = [(2, 2, "A provider (by link)"), (2, 0, "A provider (by link)")]


def test_the_link_shows_the_numbers_themselves_and_one_tap_says_that_they_are_right(mailed):
    page = read(mailed.browser.get(mailed.path))
    assert "Are these numbers right?" in page
    assert "Ground floor : 4 places: 2 occupied, 0 reserved, 2 vacant" in page
    answer = mailed.right()
    assert answer.location == "/update"
    assert mailed.reports() == RIGHT
    done = read(mailed.browser.get("/update"))
    assert "is up to date: nothing has changed." in done
    assert "Thank you: these are your numbers now" in done


def test_who_did_it_stands_in_the_trail(mailed, store):
    mailed.right()
    with store.reading() as session:
        lines = session.scalars(select(AuditLine).where(AuditLine.event == "vacancies_reported")).all()
        assert {(line.actor_id, line.actor_name) for line in lines} == {(mailed.user.id, "A provider (by link)")}


# Whoever looks at mail before its reader


def test_five_ways_of_looking_use_no_link_up(mailed):
    def looked(path=mailed.path, method="GET", **headers):
        return Browser(mailed.app).client.open(path, method=method, headers=headers, buffered=True).status_code

    page = Browser(mailed.app).get(mailed.path).get_data(as_text=True)
    with ThreadPoolExecutor(5) as scanners:
        parallel = list(scanners.map(lambda _: looked(), range(20)))
    looks = {
        "GET": [looked()],
        "HEAD": [looked(method="HEAD")],
        "repeated": [looked() for _ in range(20)],
        "parallel": parallel,
        "prefetch": [looked(Purpose="prefetch"), looked(**{"Sec-Purpose": "prefetch;prerender"})],
        "every link of the page": [looked(href) for href in re.findall(r'href="(/[^"#]*)"', page)],
    }
    assert all(status in (200, 302) for found in looks.values() for status in found), looks
    assert not mailed.used()
    assert mailed.reports() == OLD
    assert mailed.right().location == "/update"


def test_a_scanner_that_presses_buttons_without_what_the_page_carries_does_nothing(mailed):
    assert Browser(mailed.app).client.post(mailed.path, data={"step": "right"}).status_code == 400
    assert not mailed.used()


def test_an_answer_with_faults_questions_or_a_clash_uses_no_link_up(mailed, store):
    opened = mailed.browser.get(mailed.path)
    form, unit = boxes(opened), mailed.works.unit
    for typed, status in (
        ({f"occupied-{unit}": "9"}, 422),  # it does not add up
        ({f"occupied-{unit}": "1"}, 422),  # is that place free?
        ({f"maximum-{unit}": "90"}, 422),  # is that right?
    ):
        assert mailed.browser.client.post(mailed.path, data=form | typed).status_code == status
    with store.writing() as session:
        a_report(session, session.get_one(Unit, unit), occupied=1, accepting=3, reporter="Priya Shah")
    answer = mailed.browser.client.post(mailed.path, data=form | {f"occupied-{unit}": "3", f"accepting-{unit}": "1"})
    assert answer.status_code == 409
    assert "Priya" not in read(answer), "by a link nobody is named"
    assert "Somebody else changed this while you were writing" in read(answer)
    seen = marked(form, "seen") | {"step": "right"}
    assert mailed.browser.client.post(mailed.path, data=seen).status_code == 409
    assert not mailed.used()
    assert mailed.right().location == "/update"


# What the link shows


def test_nobody_is_named_behind_a_link(mailed, store):
    stay = stays(store, mailed.works, PlacementState.ACTIVE, start=-3, nights=30)
    page = mailed.browser.get(mailed.path).get_data(as_text=True)
    assert f"/provider/placements/{stay}" not in page
    assert not re.search(r"RF-\d", page)
    assert "Somebody" not in page, "not who reported either"
    assert "1 stay has begun or ended" in " ".join(page.split())


def test_a_link_shows_its_own_organisation_and_reaches_no_other_page(mailed, app, store):
    elsewhere = works_at(app, store, email="elsewhere@example.org")
    form = boxes(mailed.browser.get(mailed.path))
    assert f"maximum-{elsewhere.unit}" not in form
    foreign = {f"{name}-{elsewhere.unit}": "0" for name in ("maximum", "occupied", "reserved", "accepting")}
    answer = mailed.browser.client.post(mailed.path, data=form | foreign)
    assert answer.location == "/update"
    with store.reading() as session:
        assert newest_reports(session, [elsewhere.unit])[elsewhere.unit].occupied == 2
    for path in ("/provider/", "/provider/numbers", f"/provider/services/{elsewhere.service}/vacancies"):
        assert mailed.browser.get(path).location.startswith("/sign-in")


# After it


def test_the_same_browser_can_put_right_what_was_stored_for_an_hour(mailed, clock):
    mailed.right()
    assert mailed.browser.get(mailed.path).location == "/update", "the link of the mail leads on as well"
    form = boxes(mailed.browser.get("/update")) | {f"accepting-{mailed.works.unit}": "1"}
    assert mailed.browser.client.post("/update", data=form).location == "/update"
    assert mailed.reports()[0] == (2, 1, "A provider (by link)")
    assert "vacant and accepting from 2 to 1." in read(mailed.browser.get("/update"))
    clock.now = NOW + timedelta(hours=1)
    assert mailed.browser.get("/update").location == "/update/over"
    assert mailed.browser.client.post("/update", data=form).location == "/update/over"


def test_who_leaves_meanwhile_stores_nothing_more(mailed, store):
    mailed.right()
    with store.writing() as session:
        session.get_one(User, mailed.user.id).is_active = False
    assert mailed.browser.get("/update").location == "/update/over"


def test_a_button_that_is_pressed_twice_is_answered_alike(mailed):
    form = marked(fields(mailed.browser.get(mailed.path)), "step", "seen")
    first = mailed.browser.client.post(mailed.path, data=form)
    mailed.browser.client.delete_cookie("placement")  # the first answer never came
    again = Browser(mailed.app)
    token = TOKEN.search(again.get("/sign-in").get_data(as_text=True))[1]
    second = again.client.post(mailed.path, data=form | {"csrf_token": token})
    assert (first.status_code, first.location) == (second.status_code, second.location) == (302, "/update")
    assert "is up to date" in read(again.get("/update"))
    assert len(mailed.reports()) == 2
    other = again.client.post(mailed.path, data=form | {"csrf_token": token, "form_nonce": "x" * 24})
    assert other.location == "/update", "this browser has it open"
    assert Browser(mailed.app).get("/update").location == "/update/over"


# Links that open nothing any more


def over(mailed, browser=None):
    answer = (browser or Browser(mailed.app)).get(mailed.path)
    assert answer.status_code == 404
    assert "This link is over" in read(answer)
    return answer.get_data(as_text=True)


def test_a_used_link_offers_a_new_one_that_goes_to_the_same_reader(mailed):
    mailed.right()
    stranger = Browser(mailed.app)
    page = over(mailed, stranger)
    assert "Your e-mail address" not in page
    assert "pat@" not in page
    assert stranger.post(f"{mailed.path}/new", page=mailed.path).location == "/update/sent"
    assert mailed.mailed() == ["pat@example.org"]
    with mailed.store.reading() as session:
        path = session.scalars(select(Message.path).where(Message.kind == "update_link")).one()
    assert "Are these numbers right?" in read(Browser(mailed.app).get(path))


def test_a_link_after_its_week_offers_a_new_one(mailed, clock):
    clock.now = NOW + LINK_LASTS
    assert f'action="{mailed.path}/new"' in over(mailed)


@pytest.mark.parametrize("kind", ["replaced", "foreign", "nonsense"])
def test_a_link_whose_reader_is_not_known_asks_for_the_address(mailed, store, kind):
    if kind == "replaced":
        mailed.new_link()
    elif kind == "foreign":
        with store.writing() as session:
            session.get_one(User, mailed.user.id).is_active = False
    else:
        mailed.path = "/update/" + "n" * 43
    stranger = Browser(mailed.app)
    assert "Your e-mail address" in over(mailed, stranger)
    answers = [
        stranger.post("/update/new", {"email": email}, page=mailed.path)
        for email in ("pat@example.org", "nobody@example.org", " PAT@example.org ")
    ]
    assert {(each.status_code, each.location) for each in answers} == {(302, "/update/sent")}
    assert mailed.mailed() == ([] if kind == "foreign" else ["pat@example.org"] * 2)


@pytest.mark.parametrize("email", ["", " ", "pat", "pat@", "@example.org", "x" * 300, "\a"])
def test_what_is_no_address_is_refused_with_a_sentence(mailed, email):
    answer = mailed.browser.post("/update/new", {"email": email})
    assert answer.status_code == 422
    assert "There is a problem" in read(answer)
    assert mailed.mailed() == []


def test_so_many_new_links_are_sent_and_no_more_whether_the_address_is_known_or_not(mailed):
    for email in ("pat@example.org", "nobody@example.org"):
        answers = [mailed.browser.post("/update/new", {"email": email}) for _ in range(MOST_TRIES + 1)]
        assert [each.status_code for each in answers] == [302] * MOST_TRIES + [429]
        assert "too many requests for a link" in read(answers[-1])
        assert "Of the links that were sent, the newest one works." in read(answers[-1])
    assert len(mailed.mailed()) == MOST_TRIES
    assert mailed.browser.sign_in("pat@example.org").status_code == 302, "signing in is counted apart"


def test_the_mail_names_nobody(mailed):
    mailed.browser.post("/update/new", {"email": "pat@example.org"})
    with mailed.store.reading() as session:
        message = session.scalars(select(Message).where(Message.kind == "update_link")).one()
        assert (message.reference, message.path.startswith("/update/")) == ("Coventry", True)
