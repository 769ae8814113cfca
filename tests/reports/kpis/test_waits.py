from datetime import timedelta

from sqlalchemy import text

from placement.domain.states import PlacementState, ReferralState
from placement.reports.kpis.waits import wait_tables
from tests.builders import a_person, a_placement, a_referral, a_unit
from tests.conftest import NOW
from tests.reports.kpis.worlds import asked_for, cells_of

FROM = "FROM placement p JOIN referral r ON r.id = p.referral_id WHERE p.state <> 'released'"
DAYS = {
    "sqlite": f"SELECT julianday(date(p.created_at)) - julianday(date(r.submitted_at)) AS days {FROM}",
    "postgresql": f"SELECT p.created_at::date - r.submitted_at::date AS days {FROM}",
}


def referred(session, *, days_ago, person=None, **values):
    at = NOW - timedelta(days=days_ago)
    person = person or a_person(session)
    return a_referral(session, person=person, submitted_at=at, **values)


def found(session, unit, *, days_ago, after, **values):
    referral = referred(session, days_ago=days_ago, state=ReferralState.PLACED, kind="planned")
    at = NOW - timedelta(days=days_ago - after)
    return a_placement(session, unit, person=referral.person, referral=referral, created_at=at, **values)


def told(store):
    with store.reading() as session:
        return cells_of(wait_tables(session, asked_for())[0])


def test_the_average_and_the_median_are_those_of_plain_sql(store):
    with store.writing() as session:
        unit = a_unit(session, accepting=90, capacity=90)
        for number in range(20):
            found(session, unit, days_ago=200, after=number)
        found(session, unit, days_ago=100, after=20, state=PlacementState.RELEASED)
        for _ in range(12):
            referred(session, days_ago=100, state=ReferralState.SEARCHING, kind="planned")
        for _ in range(9):
            at = NOW - timedelta(days=95)
            referred(session, days_ago=100, state=ReferralState.WITHDRAWN, kind="planned", closed_at=at)
        days = sorted(session.scalars(text(DAYS[session.get_bind().dialect.name])))
    cells = told(store)

    assert cells["Planned", "Days waited, average"] == round(sum(days) / len(days))
    assert cells["Planned", "Days waited, median"] == round((days[9] + days[10]) / 2)
    assert cells["Planned", "People referred"] == 40, "20, 12, 9 and the one whose place was given back"
    assert cells["Planned", "Place found"] == 20


def test_what_was_found_after_the_quarters_had_ended_counts_as_waiting(store):
    with store.writing() as session:
        unit = a_unit(session, accepting=90, capacity=90)
        for _ in range(10):
            found(session, unit, days_ago=60, after=50)
        for _ in range(10):
            referral = referred(session, days_ago=60, state=ReferralState.WITHDRAWN, kind="planned")
            referral.closed_at = NOW - timedelta(days=2)
    cells = told(store)

    assert (cells["Planned", "Still waiting at the end"], cells["Planned", "Place found"]) == (20, 0)
    assert cells["Planned", "Days waited, average"] is None


def test_somebody_counts_once_with_the_newest_referral(store):
    with store.writing() as session:
        for _ in range(10):
            person = a_person(session)
            referred(session, days_ago=200, person=person, kind="crisis", state=ReferralState.SEARCHING)
            referred(session, days_ago=100, person=person, kind="respite", state=ReferralState.SEARCHING)
    cells = told(store)

    assert cells["All", "People referred"] == cells["Respite", "People referred"] == 10
    assert ("Crisis", "People referred") not in cells
