import re

import pytest

from placement.domain.people import Role
from placement.domain.states import Status
from placement.records.standings import standings_on
from tests.builders import TODAY, a_provider, a_service, night
from tests.web.pages.commissioner.test_gaps import text_of
from tests.web_client import signed_in

PATH = "/commissioner/standings"


@pytest.fixture
def provider(store):
    with store.writing() as session:
        found = a_provider(session, name="Harbour Care")
        a_service(session, provider=found)
        return found.id


@pytest.fixture
def browser(app, provider):
    return signed_in(app, Role.COMMISSIONER)


def form(provider, **values):
    given = {"provider": str(provider), "status": "suspended", "cause": "staffing", "reason": "Unsafe nights"}
    return given | day("start_on", TODAY) | values


def day(name, value):
    return {name: [str(value.day), str(value.month), str(value.year)]}


def held(store):
    with store.reading() as session:
        return {number: (each.status, each.end_on) for number, each in standings_on(session, TODAY).items()}


def test_an_embargo_is_set_and_ended_with_its_reason(browser, store, provider):
    answer = browser.post(f"{PATH}/new", data=form(provider), follow_redirects=True)
    page = text_of(answer)
    assert "Harbour Care: suspended from 23 November 2026." in page
    assert "Not enough staff. Unsafe nights" in page
    assert held(store) == {provider: (Status.SUSPENDED, None)}

    end = re.search(rf"{PATH}/\d+/end", answer.get_data(as_text=True))[0]
    assert "Unsafe nights" in text_of(browser.get(end))
    page = text_of(browser.post(end, data=day("end_on", night(7)), follow_redirects=True))
    assert "no longer holds from 30 November 2026" in page
    assert "Change the end" in page
    assert held(store) == {provider: (Status.SUSPENDED, night(7))}


def test_what_is_missing_or_cannot_be_is_said(browser, store, provider):
    page = browser.post(f"{PATH}/new", data={})
    assert page.status_code == 422
    for words in ("Choose a provider", "Choose what holds", "Choose what is behind it", "Enter the first day"):
        assert words in text_of(page)
    assert browser.post(f"{PATH}/new", data=form(987654)).status_code == 422
    assert browser.post(f"{PATH}/new", data=form(provider, reason="x" * 501)).status_code == 422

    answer = browser.post(f"{PATH}/new", data=form(provider), follow_redirects=True)
    end = re.search(rf"{PATH}/\d+/end", answer.get_data(as_text=True))[0]
    assert "after the one on which it began" in text_of(browser.post(end, data=day("end_on", TODAY)))
    assert held(store) == {provider: (Status.SUSPENDED, None)}


def test_what_is_over_stands_apart(browser, provider):
    browser.post(f"{PATH}/new", data=form(provider, **day("start_on", night(-20))))
    end = re.search(rf"{PATH}/\d+/end", browser.get(PATH).get_data(as_text=True))[0]
    page = text_of(browser.post(end, data=day("end_on", night(-3)), follow_redirects=True))

    assert "Nothing is said of any provider at present." in page
    assert "Over: 1 status" in page
