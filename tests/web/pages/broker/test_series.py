"""A respite referral for several stays, through the pages: asked, shown one by one, matched and reserved together."""

import re

import pytest
from sqlalchemy import select

from placement.domain.states import PlacementState, ReferralState
from placement.records.placements import Placement
from placement.records.referrals import Referral
from tests.builders import a_placement, a_referral, a_series, a_unit, night
from tests.planning.test_runs import published
from tests.web.pages.broker.test_questions import answer_all, begin, text

LINE = "8 1 2027, 8 1 2027, 2"
PATTERN = {
    "often": "pattern", "earliest_on": ["1", "12", "2026"], "every": "1", "unit": "month", "weekday": "4",
    "until_on": ["28", "2", "2027"], "nights": "2", "take": "most",
}  # fmt: skip


def stays(store, referral):
    with store.reading() as session:
        rows = select(Placement).where(Placement.referral_id == referral).order_by(Placement.start_on)
        return [(each.number, each.start_on, each.state) for each in session.scalars(rows)]


def ticked(page):
    return re.findall(r'name="stays"[^>]*value="([^"]+)"', page) or re.findall(r'value="(\d+-\d+-[\d-]+)"', page)


def test_the_stays_of_a_pattern_are_shown_one_by_one_before_they_are_submitted(broker, store):
    base = begin(broker, kind="respite")
    check = text(broker.get(answer_all(broker, base, **PATTERN)))
    assert "3 stays, on the first Friday of every month" in check
    for said in ("Fri 4 Dec 2026, 2 nights", "Fri 1 Jan 2027, 2 nights", "Fri 5 Feb 2027, 2 nights"):
        assert said in check
    assert broker.post(f"{base}/submit", page=f"{base}/check").status_code == 302
    with store.reading() as session:
        assert len(session.scalars(select(Referral)).one().windows) == 3


def test_stays_are_listed_a_line_each_and_come_back_as_they_were_listed(broker):
    base = begin(broker, kind="respite")
    lines = "4 12 2026, 6 12 2026, 3\n8 1 2027, 8 1 2027, 2"
    check = text(broker.get(answer_all(broker, base, often="listed", listed=lines, nights="2", weekday="0")))
    assert "2 stays, as listed" in check
    assert "beginning between Fri 4 Dec and Sun 6 Dec 2026, 3 nights" in check
    assert "4 12 2026, 6 12 2026, 3" in broker.get(f"{base}/questions/dates").get_data(as_text=True)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"until_on": ["", "", ""]}, "Enter the last day of the pattern"),
        ({"every": ""}, "Enter every how many weeks or months"),
        ({"until_on": ["10", "12", "2026"]}, "fewer than two stays"),
        ({"unit": "week", "nights": "9"}, "before stay 1 is over"),
        ({"often": "listed"}, "Enter the stays, one a line"),
        ({"often": "listed", "listed": f"4 12 2026, 3\n{LINE}"}, "Line 1: Enter two dates and the nights"),
        ({"often": "listed", "listed": f"40 12 2026, 1 1 2027, 3\n{LINE}"}, "Line 1: Enter dates such as"),
        ({"often": "once", "latest_on": ["", "", ""]}, "Enter the latest possible start"),
    ],
    ids=["no end", "no step", "one stay", "too long", "no list", "half a line", "no date", "once without a window"],
)  # fmt: skip
def test_what_makes_no_series_is_said_at_its_question_and_nothing_typed_is_lost(broker, changes, words):
    base = begin(broker, kind="respite")
    answer = broker.post(f"{base}/questions/dates", PATTERN | {"urgency_note": "The carer rests"} | changes)
    assert answer.status_code == 422
    assert words in text(answer)
    assert "The carer rests" in text(answer)


@pytest.fixture
def proposed(store):
    """A series of three stays, of which the newest run gives two a place; the ids of referral and run."""
    with store.writing() as session:
        unit = a_unit(session, accepting=1)
        other = a_referral(session, state=ReferralState.PLACED)
        a_placement(session, unit, start=31, nights=5, referral=other)
        referral = a_series(session, 3, 31, 59)
        run, _ = published(session)
        return referral.id, run.id


def test_a_run_shows_a_series_as_one_row_with_its_stays(broker, proposed):
    referral, run = proposed
    row = text(broker.get(f"/broker/runs/{run}"))
    assert "2 of 3 stays, same house" in row
    page = text(broker.get(f"/broker/runs/{run}/people/{referral}"))
    assert page.count("No place") == 1
    assert "Hold the place" not in page


def test_accepting_a_series_reserves_its_stays_together_and_says_what_is_left(broker, store, proposed):
    referral, run = proposed
    path = f"/broker/referrals/{referral}/series/accept?run={run}"
    page = broker.get(path).get_data(as_text=True)
    assert "1 stay would be left without a place" in re.sub(r"\s+", " ", page)
    answer = broker.post(path, {"stays": ticked(page), "why": "best"})
    assert answer.status_code == 302
    assert stays(store, referral) == [
        (1, night(3), PlacementState.RESERVED), (3, night(59), PlacementState.RESERVED),
    ]  # fmt: skip
    shown = text(broker.get(f"/broker/referrals/{referral}"))
    assert shown.count("No place yet") == 1


def test_the_whole_is_refused_on_its_page_when_one_place_has_just_gone(broker, store, proposed):
    referral, run = proposed
    path = f"/broker/referrals/{referral}/series/accept?run={run}"
    chosen = ticked(broker.get(path).get_data(as_text=True))
    with store.writing() as session:
        unit = session.scalars(select(Placement)).first().unit
        a_placement(session, unit, start=60, nights=1, referral=a_referral(session, state=ReferralState.PLACED))
    answer = broker.post(path, {"stays": chosen, "why": "best", "note": "Knows the house"})
    assert answer.status_code == 422
    assert "so none of the stays was reserved" in text(answer)
    assert "Knows the house" in text(answer)
    assert stays(store, referral) == []


def test_services_are_told_by_the_stays_that_they_can_take(broker, store, proposed):
    referral, _ = proposed
    page = text(broker.get(f"/broker/referrals/{referral}/series"))
    assert "2 of 3" in page
    with store.reading() as session:
        unit = session.scalars(select(Placement)).first().unit_id
    path = f"/broker/referrals/{referral}/series/accept?unit={unit}"
    first = ticked(broker.get(path).get_data(as_text=True))[:1]
    assert broker.post(path, {"stays": first, "why": "known"}).status_code == 302
    assert len(stays(store, referral)) == 1


@pytest.mark.parametrize("door", ["matches", "compare", "ask", "options", "accept/1"])
def test_no_page_offers_one_stay_of_a_series_as_if_it_were_all(broker, proposed, door):
    referral, _ = proposed
    answer = broker.get(f"/broker/referrals/{referral}/{door}")
    assert (answer.status_code, answer.location) == (302, f"/broker/referrals/{referral}/series")


def test_a_proposal_that_a_newer_run_has_replaced_is_not_accepted(broker, proposed):
    referral, run = proposed
    assert broker.get(f"/broker/referrals/{referral}/series/accept?run={run + 1}").status_code == 409


def test_a_referral_for_one_stay_has_no_series(broker, store):
    with store.writing() as session:
        referral = a_referral(session).id
    assert broker.get(f"/broker/referrals/{referral}/series").status_code == 404
