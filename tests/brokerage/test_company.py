"""Who must not live with whom, and who must live alone, where a place is taken past every rule."""

import pytest

from placement.brokerage.company import may_read_company
from placement.brokerage.reservations import Decision, reserve
from placement.domain.errors import NoLongerVacant
from placement.domain.people import Actor, Role
from placement.domain.states import ReferralState
from placement.records.company import kept_apart
from tests.brokerage.worlds import BROKER
from tests.builders import a_person, a_placement, a_referral, a_service, a_unit, night
from tests.conftest import NOW


def reserved(session, referral, unit, start=0, nights=14):
    return reserve(
        session, referral, unit, Decision(start_on=night(start), end_on=night(start + nights)), by=BROKER, now=NOW
    )


def alone(referral):
    referral.lives_alone = True
    return referral


def test_nobody_is_placed_in_a_service_with_whom_they_are_kept_apart_from_whoever_said_so(session):
    service = a_service(session)
    there = a_placement(session, a_unit(session, service=service, accepting=2, capacity=3))
    other = a_unit(session, service=service, accepting=2)
    one, two = a_referral(session), a_referral(session)
    one.apart = [there.person]
    there.referral.apart = [two.person]
    session.flush()
    for referral in (one, two):
        with pytest.raises(NoLongerVacant, match="kept apart"):
            reserved(session, referral, other)
    assert reserved(session, one, other, start=14)
    assert reserved(session, two, a_unit(session))


def test_a_draft_keeps_nobody_apart(session):
    draft = a_referral(session, state=ReferralState.DRAFT, submitted_at=None)
    draft.apart = [a_person(session)]
    session.flush()
    assert kept_apart(session, [draft.person_id]) == {}


def test_who_must_live_alone_is_placed_only_where_there_is_one_place(session):
    referral = alone(a_referral(session))
    with pytest.raises(NoLongerVacant, match="must live alone"):
        reserved(session, referral, a_unit(session, accepting=2))
    assert reserved(session, referral, a_unit(session, accepting=1))


def test_nobody_joins_who_must_live_alone(session):
    unit = a_unit(session, accepting=2, capacity=2)
    alone(a_placement(session, unit, nights=5).referral)
    session.flush()
    with pytest.raises(NoLongerVacant, match="does not take anybody else"):
        reserved(session, a_referral(session), unit)
    assert reserved(session, a_referral(session), unit, start=5)


def actor(number, *, team=None, is_manager=False):
    return Actor(user_id=number, name="B", role=Role.BROKER, team_id=team, is_manager=is_manager)


@pytest.mark.parametrize(
    ("referral", "who", "may"),
    [
        ({"assigned_to_id": 1}, actor(1), True),
        ({"assigned_to_id": 1}, actor(2), False),
        ({"assigned_to_id": 1}, actor(2, is_manager=True), True),
        ({"assigned_to_id": 1, "created_by_id": 2}, actor(2), True),
        ({"team_id": 5}, actor(2, team=5), True),
        ({"team_id": 5}, actor(2, team=6), False),
        ({}, actor(2), True),
        ({"state": ReferralState.DRAFT, "created_by_id": 1}, actor(2), False),
    ],
)
def test_whom_a_person_is_kept_apart_from_is_for_whoever_has_the_referral(session, referral, who, may):
    found = a_referral(session)
    with session.no_autoflush:
        for name, value in referral.items():
            setattr(found, name, value)
        assert may_read_company(found, who) is may
        session.expire(found)
