"""A series between the records and the engine: what a run reads, proposes and tells, and accepting it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from placement.brokerage.reservations import Decision
from placement.domain.errors import Invalid, OutOfStep
from placement.domain.states import ProposalState, ReferralState
from placement.planning.deciding import hold_proposal, reject_proposal, reopen_proposal
from placement.planning.run_table import run_page
from placement.planning.series import accept_series, chosen_in, chosen_of, left_without, series_options
from placement.planning.snapshot import open_instance
from placement.planning.standing import newly_placeable
from placement.records.placements import Placement
from placement.records.runs import Proposal
from tests.brokerage.worlds import BROKER
from tests.builders import a_placement, a_referral, a_series, a_service, a_unit, night
from tests.conftest import NOW
from tests.planning.test_runs import published

DOING = {"by": BROKER, "now": NOW}
WHY = Decision(start_on=night(0), end_on=night(1), reason="It is the best match for the person")


def taken(session, unit, start):
    """Somebody else is there for five nights."""
    a_placement(session, unit, start=start, nights=5, referral=a_referral(session, state=ReferralState.PLACED))


def proposal_of(session, referral):
    rows = select(Proposal).where(Proposal.referral_id == referral.id).order_by(Proposal.id.desc())
    return session.scalars(rows).first()


def row_of(session, run, referral):
    page = run_page(session, run, "", actor=BROKER)
    (row,) = [each for each in page.rows if each.referral.id == referral.id]
    return row


def test_the_engine_reads_a_series_as_linked_stays(session):
    a_series(session, 3, 31, 59, take="all", wait=4)
    (need,) = open_instance(session, now=NOW).needs
    assert (need.earliest, need.latest, need.nights) == (3, 7, 2)
    assert need.series.take == "all"
    assert [(stay.earliest, stay.latest, stay.nights) for stay in need.series.stays] == [(31, 35, 2), (59, 63, 2)]


def test_the_engine_looks_as_far_as_the_last_stay(session):
    a_series(session, 3, 300)
    assert open_instance(session, now=NOW).nights > 302


def test_only_stays_without_a_place_whose_window_has_not_passed_are_planned(session):
    referral, unit = a_series(session, 3, 31, 59, 87), a_unit(session)
    a_placement(session, unit, referral=referral, person=referral.person, start=31, nights=2, number=2)
    instance = open_instance(session, now=NOW + timedelta(days=10))
    (need,) = instance.needs
    assert (need.earliest, [stay.earliest for stay in need.series.stays]) == (49, [77])


def test_the_last_stay_stays_on_the_list_when_its_window_has_passed(session):
    a_series(session, 3, 31)
    (need,) = open_instance(session, now=NOW + timedelta(days=40)).needs
    assert (need.earliest, need.latest, need.series) == (0, 1, None)


def test_a_run_proposes_a_place_for_each_stay_and_says_which_has_none(session):
    unit = a_unit(session, accepting=1)
    taken(session, unit, 31)
    referral = a_series(session, 3, 31, 59)
    run, _ = published(session)
    row = row_of(session, run, referral)
    assert row.series == "2 of 3 stays, same house"
    assert [(stay.number, stay.start_on) for stay in row.proposal.stays] == [(1, night(3)), (2, None), (3, night(59))]
    assert row.unmet is None  # part of it has a place in the city: nobody waits as they do who have none
    assert (run.answer.asked, run.answer.in_city, run.answer.unplaced) == (1, 1, 0)


def test_a_series_wanted_whole_has_no_proposal_where_one_stay_has_no_place(session):
    unit = a_unit(session, accepting=1)
    taken(session, unit, 31)
    referral = a_series(session, 3, 31, 59, take="all")
    run, _ = published(session)
    assert row_of(session, run, referral).proposal is None
    assert (run.answer.in_city, run.answer.unplaced) == (0, 1)


def test_accepting_what_a_run_proposes_reserves_every_stay(session):
    a_unit(session)
    referral = a_series(session, 3, 31, 59)
    published(session)
    proposal = proposal_of(session, referral)
    taken = accept_series(session, referral, chosen_of(proposal), WHY, proposal=proposal, **DOING)
    assert [(each.number, each.start_on) for each in taken] == [(1, night(3)), (2, night(31)), (3, night(59))]
    assert (proposal.state, referral.state) == (ProposalState.ACCEPTED, ReferralState.PLACED)


def test_a_stay_that_a_rule_refuses_by_now_refuses_the_whole(session):
    unit = a_unit(session)
    referral = a_series(session, 3, 31)
    published(session)
    proposal = proposal_of(session, referral)
    unit.max_age = 20
    session.flush()
    with pytest.raises(Invalid, match="cannot be at"):
        accept_series(session, referral, chosen_of(proposal), WHY, proposal=proposal, **DOING)
    assert session.scalars(select(Placement)).all() == []


def test_a_series_is_accepted_once(session):
    a_unit(session, accepting=2)
    referral = a_series(session, 3, 31)
    published(session)
    proposal = proposal_of(session, referral)
    accept_series(session, referral, chosen_of(proposal)[:1], WHY, proposal=proposal, **DOING)
    with pytest.raises(OutOfStep, match="decided already"):
        accept_series(session, referral, chosen_of(proposal)[1:], WHY, proposal=proposal, **DOING)


def test_rejecting_a_series_rules_out_every_unit_of_it_until_it_is_undone(session):
    one, other = a_unit(session, accepting=1), a_unit(session, accepting=1)
    taken(session, one, 31)
    taken(session, other, 3)
    referral = a_series(session, 3, 31)
    published(session)
    proposal = proposal_of(session, referral)
    assert set(proposal.unit_ids) == {one.id, other.id}
    reject_proposal(session, proposal, reason="risk", **DOING)
    session.flush()
    assert series_options(session, referral, now=NOW) == ()
    reopen_proposal(session, proposal, **DOING)
    session.flush()
    assert len(series_options(session, referral, now=NOW)) == 2


def test_the_places_of_a_series_are_not_held(session):
    a_unit(session)
    referral = a_series(session, 3, 31)
    published(session)
    with pytest.raises(OutOfStep, match="not held"):
        hold_proposal(session, proposal_of(session, referral), length="day", **DOING)


def test_each_service_is_told_with_the_stays_that_it_can_take_most_first(session):
    both = a_unit(session, service=a_service(session, lat=52.42, lon=-1.52), accepting=1)
    near = a_unit(session, accepting=1)
    taken(session, near, 31)
    referral = a_series(session, 3, 31)
    found = series_options(session, referral, now=NOW)
    assert [(each.unit.id, len(each.taken)) for each in found] == [(both.id, 2), (near.id, 1)]
    assert found[1].stays[1].start_on is None
    assert found[1].stays[1].short
    stays = chosen_in(found[1])
    assert [each.number for each in left_without(session, referral, stays)] == [2]
    accept_series(session, referral, stays, WHY, **DOING)
    assert referral.state is ReferralState.SEARCHING


def test_a_place_for_one_stay_of_a_series_is_news(session):
    unit = a_unit(session, accepting=1)
    referral = a_series(session, 3, 31)
    assert [each.id for each in newly_placeable(session, {unit.id}, now=NOW)] == [referral.id]
