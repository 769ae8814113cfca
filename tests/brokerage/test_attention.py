"""What stands on the work list beside the referrals, and how it leaves it."""

from datetime import timedelta

import pytest

from placement.brokerage.attention import concern, open_concerns, settle, stays_to_look_into, still_there
from placement.brokerage.placements import end
from placement.domain.errors import Invalid, NotFound, OutOfStep
from placement.domain.people import Actor, Role
from placement.domain.states import PlacementState
from placement.market.promises import put_at_risk
from tests.brokerage.worlds import BROKER, story
from tests.builders import TODAY, a_placement, a_provider, a_unit, night
from tests.conftest import NOW

DOING = {"by": BROKER, "now": NOW}


def listed(session, actor=BROKER):
    return [(each.why, each.placement) for each in stays_to_look_into(session, TODAY, actor=actor)]


def test_a_stay_past_its_planned_end_stands_there_until_the_departure_is_recorded(session):
    unit = a_unit(session, accepting=9)
    due = a_placement(session, unit, start=-7, nights=7, state=PlacementState.ACTIVE)
    late = a_placement(session, unit, start=-9, nights=3, state=PlacementState.ACTIVE)
    a_placement(session, unit, start=-7, nights=8, state=PlacementState.ACTIVE)
    a_placement(session, unit, start=-7, nights=2, state=PlacementState.ENDED)
    assert listed(session) == [("overdue", late.id), ("overdue", due.id)]

    end(session, late, on=night(-2), reason="as_planned", **DOING)
    assert listed(session) == [("overdue", due.id)]


def test_an_arrival_that_nobody_recorded_stands_there_from_the_day_after(session):
    unit = a_unit(session, accepting=9)
    late = a_placement(session, unit, start=-1)
    a_placement(session, unit, start=0)

    assert listed(session) == [("not_arrived", late.id)]


def test_a_provider_may_say_that_somebody_is_still_there_and_sees_its_own_only(session):
    unit = a_unit(session)
    stay = a_placement(session, unit, start=-7, nights=7, state=PlacementState.ACTIVE)
    mine = Actor(user_id=None, name="P", role=Role.PROVIDER, provider_id=unit.service.provider_id)
    other = Actor(user_id=None, name="O", role=Role.PROVIDER, provider_id=a_provider(session).id)
    still_there(session, stay, by=mine, now=NOW)

    assert stay.seen_there_on == TODAY
    assert story(session, stay) == ["said that the person is still there"]
    assert listed(session, mine) == [("overdue", stay.id)]
    assert listed(session, other) == []
    with pytest.raises(OutOfStep):
        still_there(session, stay, by=mine, now=NOW - timedelta(days=2))


def test_a_concern_is_settled_once_with_a_coded_outcome(session):
    stay = a_placement(session, a_unit(session))
    put_at_risk(session, [stay], "closure", **DOING)
    (found,) = open_concerns(session, actor=BROKER)
    assert listed(session) == [("closure", stay.id)]
    with pytest.raises(Invalid):
        settle(session, found, outcome="whatever", **DOING)
    settle(session, concern(session, found.id, actor=BROKER), outcome="stays", **DOING)

    assert listed(session) == []
    assert (found.settled_by, found.settled_at, found.outcome) == (BROKER.name, NOW, "stays")
    assert story(session, stay)[-1] == "dealt with a stay whose place had gone"
    with pytest.raises(OutOfStep):
        settle(session, found, outcome="stays", **DOING)
    stranger = Actor(user_id=None, name="O", role=Role.PROVIDER, provider_id=a_provider(session).id)
    with pytest.raises(NotFound):
        concern(session, found.id, actor=stranger)
