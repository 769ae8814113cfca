"""A place in the city that opens is held for who waits outside it, longest away first, and for nobody twice."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from placement.brokerage.reservations import Decision, reserve
from placement.brokerage.ways_back import look_for_way_back, return_list
from placement.domain.errors import NoLongerVacant, OutOfStep
from placement.domain.features import Strength
from placement.domain.holds import FIRST_REFUSAL
from placement.domain.states import HoldState, ProposalState, ReferralState
from placement.matching.tiers.solving import solve
from placement.planning import runs
from placement.planning.deciding import end_holds, let_go
from placement.planning.run_table import run_page
from placement.planning.shortlists import shortlist
from placement.records.holds import PlaceHold
from placement.records.referrals import ReferralNeed
from placement.records.settings import set_numbers
from tests.brokerage.test_ways_back import away
from tests.brokerage.worlds import BROKER
from tests.builders import a_referral, a_unit
from tests.conftest import NOW
from tests.planning.test_standing import LATER, alerts, look, reports

DOING = {"by": BROKER, "now": NOW}


def waits_outside(session, start=-90):
    """Return the way back of somebody who has been outside since `start` and needs PBS."""
    stay = away(session, start=start)
    stay.referral.needs = [ReferralNeed(slug="pbs", strength=Strength.ESSENTIAL)]
    session.flush()
    return look_for_way_back(session, stay, **DOING)


@pytest.fixture
def opening(session):
    """A unit with PBS that has no place until `reports` says so, and the first look."""
    unit = a_unit(session, offers=("pbs",), accepting=0, capacity=2)
    session.flush()
    return unit


def held(session):
    session.flush()
    rows = select(PlaceHold).where(PlaceHold.state == HoldState.HELD)
    return {each.referral_id: each for each in session.scalars(rows)}


def test_whoever_has_been_away_longest_is_held_the_place_for_a_day_and_told(session, opening):
    shorter, longer = waits_outside(session, -90), waits_outside(session, -400)
    look(session, NOW - timedelta(minutes=1))
    reports(session, opening, 1)
    assert look(session, LATER) == [longer.id]
    hold = held(session)[longer.id]
    assert (hold.unit_id, hold.held_by, hold.held_until) == (opening.id, FIRST_REFUSAL, LATER + timedelta(hours=24))
    assert [each.subject_id for each in alerts(session)] == [longer.id]
    assert shorter.id not in held(session)
    shown = {each.way_back.id: each.first_refusal for each in return_list(session, actor=BROKER).rows}
    assert shown == {longer.id: hold, shorter.id: None}


def test_nobody_else_is_offered_or_given_the_place_meanwhile_and_then_they_are(session, opening):
    back, other = waits_outside(session), a_referral(session, kind="planned", essential=("pbs",))
    look(session, NOW - timedelta(minutes=1))
    reports(session, opening, 1)
    look(session, LATER)
    assert shortlist(session, other, now=LATER).of(opening.id) is None
    start = held(session)[back.id].start_on
    with pytest.raises(NoLongerVacant):
        reserve(session, other, opening, Decision(start_on=start, end_on=None), by=BROKER, now=LATER)
    over = LATER + timedelta(hours=24)
    assert end_holds(session, now=over) == 1
    assert shortlist(session, other, now=over).of(opening.id) is not None


def test_what_was_let_go_or_ran_out_goes_to_the_next_one_and_never_to_the_same_again(session, opening):
    first, second = waits_outside(session, -400), waits_outside(session, -90)
    look(session, NOW - timedelta(minutes=1))
    reports(session, opening, 1)
    look(session, LATER)
    let_go(session, first, by=BROKER, now=LATER)
    after = LATER + timedelta(minutes=1)
    assert look(session, after) == [second.id]
    assert set(held(session)) == {second.id}
    end_holds(session, now=after + timedelta(hours=24))
    assert look(session, after + timedelta(hours=24, minutes=1)) == []
    assert held(session) == {}
    with pytest.raises(OutOfStep):
        let_go(session, first, by=BROKER, now=LATER)


def test_two_places_are_held_for_two_people(session, opening):
    ways = {waits_outside(session, -400).id, waits_outside(session, -90).id, waits_outside(session, -10).id}
    look(session, NOW - timedelta(minutes=1))
    reports(session, opening, 2)
    assert set(look(session, LATER)) == set(held(session)) < ways
    assert len(held(session)) == 2


def test_set_to_nothing_it_only_tells(session, opening):
    back = waits_outside(session)
    set_numbers(session, {"first_refusal_hours": 0}, by=BROKER, now=NOW)
    look(session, NOW - timedelta(minutes=1))
    reports(session, opening, 1)
    assert look(session, LATER) == [back.id]
    assert held(session) == {}


def test_a_place_beside_others_that_fit_is_told_to_who_waits_outside(session, opening):
    """For anybody else one more place among many is no news."""
    a_unit(session, offers=("pbs",), accepting=1)
    back, other = waits_outside(session), a_referral(session, kind="planned", essential=("pbs",))
    look(session, NOW - timedelta(minutes=1))
    reports(session, opening, 1)
    assert look(session, LATER) == [back.id]
    assert other.state is ReferralState.SEARCHING


def test_a_run_shows_what_is_held_as_put_off(session, opening):
    back = waits_outside(session)
    look(session, NOW - timedelta(minutes=1))
    reports(session, opening, 1)
    look(session, LATER)
    run = runs.request_run(session, by=BROKER, now=LATER)
    session.flush()
    token = runs.claim_run(session, run.id, now=LATER)
    instance = runs.snapshot_run(session, run.id, token, now=LATER)
    runs.publish_run(session, run.id, token, instance, solve(instance), now=LATER)
    session.flush()
    (proposal,) = [each for each in run.proposals if each.referral_id == back.id]
    assert (proposal.unit_id, proposal.state) == (opening.id, ProposalState.DEFERRED)
    (row,) = [each for each in run_page(session, run, "", actor=BROKER).rows if each.referral.id == back.id]
    assert row.is_held
