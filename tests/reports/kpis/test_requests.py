from datetime import timedelta

from placement.domain.states import OfferState
from placement.records.offers import Offer
from placement.records.referrals import Decline
from placement.reports.kpis.requests import request_tables
from tests.builders import a_person, a_referral, a_unit, night
from tests.conftest import NOW
from tests.reports.kpis.test_stays import held, plainly
from tests.reports.kpis.worlds import a_year, asked_for, cells_of


def an_offer(session, unit, state, *, days_ago=100, hours=None, person=None):
    referral = a_referral(session, person=person or a_person(session), kind="planned")
    at = NOW - timedelta(days=days_ago)
    session.add(
        Offer(
            referral_id=referral.id,
            unit_id=unit.id,
            state=state,
            rank=1,
            start_on=night(0),
            made_at=at,
            due_at=at,
            reply_by=at,
            sent_at=at,
            answered_at=None if hours is None else at + timedelta(hours=hours),
            decline_reason="risk" if state == OfferState.DECLINED else None,
        )
    )


def a_no(session, unit, reason, *, days_ago=100, person=None):
    referral = a_referral(session, person=person or a_person(session))
    at = NOW - timedelta(days=days_ago)
    session.add(Decline(referral_id=referral.id, unit_id=unit.id, reason=reason, declined_by="Home", declined_at=at))


def told(store):
    with store.reading() as session:
        return [cells_of(table) for table in request_tables(session, asked_for())]


def test_answers_are_counted_as_they_stood_when_the_quarters_ended(store):
    with store.writing() as session:
        unit = a_unit(session)
        for hours in range(10):
            an_offer(session, unit, OfferState.OFFERED, hours=hours)
            an_offer(session, unit, OfferState.DECLINED, hours=20 + hours)
            an_offer(session, unit, OfferState.EXPIRED)
            an_offer(session, unit, OfferState.SELECTED, days_ago=60, hours=24 * 30)
            an_offer(session, unit, OfferState.SENT, days_ago=500)
    answers, _, _ = told(store)

    assert answers["Planned", "People asked about"] == 40
    assert (answers["Planned", "Provider said yes"], answers["Planned", "Said no"]) == (10, 10)
    assert answers["Planned", "Did not answer"] == 20, "half of them answered after the end"
    assert answers["Planned", "Hours to an answer, median"] == 14, "between 9 and 20, to the even hour"


def test_a_person_who_was_declined_twice_counts_with_the_newest_reason(store):
    with store.writing() as session:
        unit, other = a_unit(session), a_unit(session)
        for _ in range(12):
            person = a_person(session)
            a_no(session, unit, "staffing", days_ago=150, person=person)
            a_no(session, other, "risk", person=person)
        for _ in range(24):
            a_no(session, unit, "price")
    _, noes, _ = told(store)

    assert (noes["Risk", "People"], noes["Price", "People"], noes["All", "People"]) == (10, 25, 35)
    assert ("Staffing", "People") not in noes
    assert noes["Price", "Of a hundred"] == 71


def test_how_often_another_than_the_first_was_taken_is_what_sql_counts(store):
    with store.writing() as session:
        a_year(session, 3, people=150)
    with store.reading() as session:
        ranked = [row for row in plainly(session) if row["rank"] is not None]
    _, _, ranks = told(store)

    assert held(ranks["All", "People placed from a ranked list"], len(ranked))
    assert held(ranks["All", "First in the list taken"], sum(row["rank"] == 1 for row in ranked))
    assert held(ranks["All", "Another taken"], sum(row["rank"] > 1 for row in ranked))
    assert ranks["All", "Another taken"]


def test_where_nobody_was_asked_it_says_so(store):
    with store.reading() as session:
        answers = request_tables(session, asked_for())[0]
    assert not answers.rows
    assert answers.if_empty.startswith("No request")
