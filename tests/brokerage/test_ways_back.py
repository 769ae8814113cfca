"""Who lives outside the city and did not choose to is looked for a way back, without anybody having to ask for it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from placement.brokerage.placements import begin, end
from placement.brokerage.referrals import withdraw_referral
from placement.brokerage.ways_back import (
    NOT_OUTSIDE,
    begin_way_back,
    end_ways_back,
    look_for_way_back,
    return_list,
    without_way_back,
)
from placement.domain.errors import OutOfStep
from placement.domain.kinds import RETURN
from placement.domain.states import PlacementState, ReferralState
from placement.planning.shortlists import shortlist
from placement.planning.snapshot import open_instance
from placement.records.referrals import Referral
from tests.brokerage.worlds import BROKER, RUGBY, story
from tests.builders import TODAY, a_placement, a_service, a_unit
from tests.conftest import NOW

DOING = {"by": BROKER, "now": NOW}


def away(session, reason="no_vacancy", start=-90, **values):
    unit = a_unit(session, service=a_service(session, authority=RUGBY), capacity=5)
    given = {"state": PlacementState.ACTIVE, "is_in_city": False, "out_of_city_reason": reason, "nights": None}
    stay = a_placement(session, unit, start=start, **given | values)
    stay.referral.state = ReferralState.CLOSED
    session.flush()
    return stay


def test_the_return_list_holds_who_is_away_and_did_not_choose_to(session):
    longer, shorter = away(session, start=-400), away(session, "cost")
    away(session, "persons_choice")
    away(session, state=PlacementState.ENDED, nights=5)
    page = return_list(session, actor=BROKER)
    assert [each.stay for each in page.rows] == [longer, shorter]
    assert {each.way_back for each in page.rows} == {None}


def test_a_way_back_asks_for_what_was_asked_for_and_is_searched_for_once(session):
    stay = away(session)
    was = stay.referral
    was.budget_weekly_pence, was.max_miles = 123_000, 4.5
    there = a_unit(session, accepting=1, weekly_pence=100_000)
    session.flush()
    back = look_for_way_back(session, stay, **DOING)
    assert (back.kind, back.state, back.person) == (RETURN.slug, ReferralState.SEARCHING, stay.person)
    assert (back.budget_weekly_pence, back.max_miles) == (123_000, 4.5)
    assert [need.slug for need in back.needs] == [need.slug for need in was.needs]
    assert story(session, back) == ["began a referral", "submitted a referral"]
    assert [each.unit for each in shortlist(session, back, now=NOW).listed if each.is_in_city] == [there]
    (row,) = return_list(session, actor=BROKER).rows
    assert row.way_back is back
    with pytest.raises(OutOfStep):
        look_for_way_back(session, stay, **DOING)
    with pytest.raises(OutOfStep):
        look_for_way_back(session, a_placement(session, a_unit(session)), **DOING)


def keep(session, now=NOW):
    """Do what the schedule does of the return list; return the references that began."""
    session.flush()
    end_ways_back(session, now=now)
    before = set(session.scalars(select(Referral.id)))
    for stay_id in without_way_back(session):
        begin_way_back(session, stay_id, now=now)
    session.flush()
    return [each for each in session.scalars(select(Referral).order_by(Referral.id)) if each.id not in before]


def test_everybody_on_the_list_is_a_need_in_every_run_once_and_nobody_else(session):
    there, other = away(session), away(session, "cost")
    for stay in (away(session, "persons_choice"), away(session, state=PlacementState.CONFIRMED)):
        assert stay.id not in without_way_back(session)
    begun = keep(session)
    assert [(each.person_id, each.kind, each.state) for each in begun] == [
        (stay.person_id, RETURN.slug, ReferralState.SEARCHING) for stay in (there, other)
    ]
    assert keep(session) == []
    assert {need.id for need in open_instance(session, now=NOW).needs} >= {each.reference for each in begun}


def test_it_begins_with_the_arrival_and_nobody_is_late(session):
    stay = away(session, state=PlacementState.CONFIRMED, start=0)
    stay.referral.assigned_to_id = None
    assert keep(session) == []
    begin(session, stay, **DOING)
    (back,) = keep(session)
    assert (back.reply_by, back.place_by) == (None, None)


def test_a_broker_who_ends_the_search_has_the_last_word(session):
    away(session)
    (back,) = keep(session)
    withdraw_referral(session, back, reason="persons_wish", **DOING)
    assert keep(session, NOW + timedelta(days=1)) == []


def test_the_search_ends_with_the_stay_outside_and_not_before(session):
    stay = away(session)
    (back,) = keep(session)
    assert back.state is ReferralState.SEARCHING
    end(session, stay, on=TODAY, reason="died", **DOING)
    keep(session)
    assert (back.state, back.closed_reason) == (ReferralState.WITHDRAWN, NOT_OUTSIDE)


def test_who_moves_from_one_place_outside_to_another_is_still_looked_for(session):
    stay = away(session)
    (back,) = keep(session)
    end(session, stay, on=TODAY, reason="moved_on", **DOING)
    away(session, start=0, person=stay.person, referral=stay.referral, created_at=NOW + timedelta(hours=1))
    assert without_way_back(session) == [], "what is under way already is not asked for again, minute by minute"
    keep(session)
    assert back.state is ReferralState.SEARCHING


def test_a_way_back_that_somebody_asked_for_where_no_stay_is_known_stays(session):
    stay = away(session)
    back = look_for_way_back(session, stay, **DOING)
    stay.is_in_city, stay.out_of_city_reason = True, None
    keep(session)
    assert back.state is ReferralState.SEARCHING
