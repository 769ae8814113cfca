"""Whom to ring about numbers: stale or in doubt, and nothing but them between somebody and a place."""

from datetime import timedelta

import pytest

from placement.planning.shortlists import shortlist
from placement.planning.to_confirm import to_confirm
from placement.records.referrals import Decline
from tests.builders import a_referral, a_report, a_series, a_unit
from tests.conftest import NOW

WEEK, HOUR = timedelta(days=7), timedelta(hours=1)


@pytest.fixture
def session(store):
    with store.writing() as session:
        yield session


def named(session, now=NOW):
    session.flush()
    return [(row.known.service.id, [each.id for each in row.referrals]) for row in to_confirm(session, now=now)]


def said_no(session, unit, referral, at=NOW + HOUR):
    given = {"reason": "no_vacancy", "declined_by": "Somebody", "declined_at": at}
    session.add(Decline(referral=referral, unit=unit, **given))
    session.flush()


def test_only_what_is_stale_and_would_take_somebody_but_for_its_numbers_is_rung(session):
    """Full by its old numbers, or never reported: yes. Fresh, or refused by another rule: no."""
    full, again, other, fresh = (a_unit(session, accepting=0, capacity=1, offers=("hoist",)) for _ in range(4))
    never = a_unit(session, accepting=None, offers=("hoist",))
    other.features = []
    for unit in (full, again, other):
        a_report(session, unit, reported_at=NOW - WEEK)
    for unit in (fresh, again):
        a_report(session, unit, reported_at=NOW)
    referral = a_referral(session, essential=("hoist",))

    assert sorted(named(session)) == sorted([(full.service_id, [referral.id]), (never.service_id, [referral.id])])


def test_numbers_in_doubt_are_rung_about_for_others_than_who_was_declined(session):
    unit = a_unit(session)
    declined, other = a_referral(session), a_referral(session)
    said_no(session, unit, declined)

    assert named(session, NOW + HOUR) == [(unit.service_id, [other.id])]
    a_report(session, unit, reported_at=NOW + 2 * HOUR, accepting=1)
    assert named(session, NOW + 2 * HOUR) == []


def test_whoever_matters_soonest_comes_first_and_nobody_is_rung_for_nobody(session):
    far, near = a_unit(session, accepting=None, kinds="respite"), a_unit(session, accepting=None)
    assert named(session) == []
    later = a_series(session, 20, place_by=NOW + timedelta(days=9))
    soon = a_referral(session, place_by=NOW + HOUR)

    assert named(session) == [(near.service_id, [soon.id, later.id]), (far.service_id, [later.id])]


def test_a_stale_or_doubtful_unit_stands_lower_in_the_list_and_is_never_hidden(session):
    """The same places but for their numbers: fresh, a week old, in doubt. All are listed, in this order."""
    fresh, old, doubtful = (a_unit(session) for _ in range(3))
    for unit, at in ((fresh, NOW + WEEK), (old, NOW), (doubtful, NOW + WEEK - HOUR)):
        a_report(session, unit, reported_at=at, accepting=1)
    said_no(session, doubtful, a_referral(session), NOW + WEEK)
    referral = a_referral(
        session, earliest_on=(NOW + WEEK).date(), latest_on=(NOW + WEEK).date() + timedelta(days=1), submitted_at=NOW
    )
    found = shortlist(session, referral, now=NOW + WEEK)

    listed = [row.unit.id for row in found.listed]
    assert listed[0] == fresh.id
    assert set(listed) == {fresh.id, old.id, doubtful.id}
    points = {row.unit.id: row.points for row in found.listed}
    assert points[fresh.id] > points[old.id] >= points[doubtful.id]
