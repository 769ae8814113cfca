import re
from datetime import timedelta

import pytest

from placement.domain.people import SYSTEM, Role
from placement.matching.problem.facts import Price
from placement.planning.price_limits import CAN_WAIT
from placement.planning.prices import Computed, save_prices
from placement.records.events import AuditLine
from placement.records.prices import PriceLimit, price_limits
from tests.builders import TODAY, a_referral, a_unit
from tests.conftest import NOW
from tests.web_client import signed_in

PAGE = "/admin/holding"


def text_of(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.get_data(as_text=True)))


def a_priced_city(store):
    """One place at 10 points a night, and three who ask for respite of 3, 5 and 9 nights."""
    with store.writing() as session:
        unit = a_unit(session, accepting=3)
        for nights in (3, 5, 9):
            a_referral(session, kind="respite", nights=nights, latest_on=TODAY)
        computed = Computed(
            prices=[Price(unit=f"U{unit.id}", start=0, end=90, points=10)], first_night=TODAY, nights=90, seed=0,
            history_days=365, arrivals=700, seconds=20.0,
        )  # fmt: skip
        save_prices(session, computed, by=SYSTEM, now=NOW - timedelta(hours=6))


def limits(store):
    with store.reading() as session:
        return price_limits(session)


def test_nothing_is_held_back_until_somebody_says_so(app, store):
    browser = signed_in(app, Role.ADMIN)
    text = text_of(browser.get(PAGE))

    assert "There are no prices yet, so a limit holds nothing back." in text
    assert text.count("No open referral of this kind has a free place in the city.") == len(CAN_WAIT)
    assert limits(store) == {}
    assert 'href="/admin/holding"' in browser.get("/admin/").get_data(as_text=True)


def test_the_page_tells_what_stays_cost_now_and_whom_the_limit_holds_back(app, store):
    a_priced_city(store)
    browser = signed_in(app, Role.ADMIN)
    assert "worked out 6 hours ago from 700 referrals in 365 days" in text_of(browser.get(PAGE))
    answer = browser.post(PAGE, {"respite": "49"})

    assert answer.location == PAGE
    assert limits(store) == {"respite": 49}
    text = text_of(browser.get(PAGE))
    assert "The limits are saved and count from now on." in text
    assert "3 open referrals have a free place in the city." in text
    assert "Half of them find one for 50 points or less, all of them for 90." in text
    assert "Held back by the limit now: 2." in text


def test_an_empty_field_takes_a_limit_away_and_saving_the_same_again_changes_nothing(app, store):
    browser = signed_in(app, Role.ADMIN)
    browser.post(PAGE, {"respite": "0", "move_on": "1,200"})
    assert limits(store) == {"respite": 0, "move_on": 1200}
    browser.post(PAGE, {"respite": "0", "move_on": "1200"})
    assert "Nothing has changed." in text_of(browser.get(PAGE))
    browser.post(PAGE, {"respite": "", "move_on": "1200"})

    assert limits(store) == {"move_on": 1200}
    with store.reading() as session:
        lines = session.query(AuditLine).filter_by(subject="price_limit").order_by(AuditLine.id)
        told = [(line.actor_name, line.details["kind"], line.details["most_points"]) for line in lines]
    assert told == [
        ("A admin", "move_on", 1200), ("A admin", "respite", 0), ("A admin", "respite", None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("-1", "Enter a number of points from 0 to 100,000"),
        ("100001", "Enter a number of points from 0 to 100,000"),
        ("much", "Enter a whole number, for example 12"),
    ],
)
def test_what_is_no_number_of_points_is_refused_beside_its_field(app, store, typed, words):
    answer = signed_in(app, Role.ADMIN).post(PAGE, {"respite": typed, "move_on": "5"})

    assert answer.status_code == 422
    assert words in text_of(answer)
    assert limits(store) == {}


def test_people_in_crisis_are_never_held_back(app, store):
    browser = signed_in(app, Role.ADMIN)
    browser.post(PAGE, {"crisis": "1"})

    assert limits(store) == {}
    assert 'name="crisis"' not in browser.get(PAGE).get_data(as_text=True)


def test_of_two_who_save_the_first_limit_at_once_one_is_told_so(app, store, monkeypatch):
    def set_twice(session, *_, **__):
        session.add_all([PriceLimit(kind="respite", most_points=49), PriceLimit(kind="respite", most_points=50)])

    monkeypatch.setattr("placement.web.pages.admin.holding.set_price_limits", set_twice)
    answer = signed_in(app, Role.ADMIN).post(PAGE, {"respite": "49"})

    assert answer.status_code == 409
    assert "Somebody else changed this a moment ago" in text_of(answer)
    assert limits(store) == {}
