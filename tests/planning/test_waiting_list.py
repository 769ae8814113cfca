"""Who waits for a place in a unit, in a stated order, and the alert when a stay there is cancelled."""

from datetime import timedelta

from sqlalchemy import select

from placement.brokerage.placements import release
from placement.domain.people import SYSTEM
from placement.domain.states import PlacementState, ReferralState
from placement.planning.standing import news, tell_news
from placement.planning.waiting_list import in_line
from placement.records.tasks import Task
from placement.records.watermarks import advance
from tests.brokerage.worlds import BROKER
from tests.builders import a_placement, a_referral, a_series, a_unit, night
from tests.conftest import NOW


def respite(session, *, first=3, **values):
    return a_referral(session, kind="respite", nights=2, earliest_on=night(first), latest_on=night(first), **values)


def told(session, unit):
    session.flush()
    rows = in_line(session, unit, actor=SYSTEM, now=NOW)
    return [(row.referral.id, len(row.room), len(row.waits)) for row in rows]


def full_from(session, unit, start):
    other = a_referral(session, kind="respite", state=ReferralState.PLACED)
    return a_placement(
        session, unit, referral=other, person=other.person, start=start, nights=5, state=PlacementState.CONFIRMED
    )


def test_who_would_fit_waits_where_there_is_no_room_and_nobody_else_does(session):
    unit = a_unit(session, accepting=1, kinds="respite")
    full_from(session, unit, 2)
    waits = respite(session)
    respite(session, essential=("hoist",))
    respite(session, state=ReferralState.ON_HOLD)
    a_referral(session)
    comes = respite(session, first=20)
    assert told(session, unit) == [(waits.id, 0, 1), (comes.id, 1, 0)]


def test_the_soonest_deadline_stands_first_and_of_two_the_longer_waiting(session):
    unit = a_unit(session, accepting=1)
    late = respite(session, place_by=NOW + timedelta(days=9))
    second = respite(session, place_by=NOW + timedelta(days=2), submitted_at=NOW)
    first = respite(session, place_by=NOW + timedelta(days=2), submitted_at=NOW - timedelta(days=3))
    never = respite(session)
    assert [number for number, *_ in told(session, unit)] == [first.id, second.id, late.id, never.id]


def test_of_a_series_each_stay_has_room_or_waits(session):
    unit = a_unit(session, accepting=1)
    full_from(session, unit, 31)
    series = a_series(session, 3, 31, 59)
    assert told(session, unit) == [(series.id, 2, 1)]


def test_a_stay_that_is_cancelled_alerts_the_broker_of_who_waits(session):
    unit = a_unit(session, accepting=1, kinds="respite")
    stay = full_from(session, unit, 2)
    waits = respite(session)
    advance(session, "standing_match E08000026", to=NOW - timedelta(hours=1))
    release(session, stay, reason="not_needed", by=BROKER, now=NOW)
    session.flush()
    later = NOW + timedelta(minutes=1)
    found = news(session, now=later)
    assert waits.id in found.referrals
    assert stay.is_counted  # three days before, and confirmed
    tell_news(session, found, looked_at=later, now=later)
    session.flush()
    about = session.scalars(select(Task.subject_id).where(Task.kind == "new_place", Task.subject == "referral")).all()
    assert waits.id in about
