"""What a run proposes otherwise than the one before it, person by person."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from placement.domain.people import SYSTEM
from placement.domain.states import ReferralState, RunState
from placement.planning.comparing import Change, PlaceSaid, _change, compared, run_before
from placement.planning.run_table import run_page
from placement.records.outcomes import UnmetNeed
from placement.records.runs import MatchRun, Proposal
from tests.brokerage.worlds import RUGBY
from tests.builders import TODAY, a_referral, a_service, a_unit
from tests.conftest import NOW


def a_run(session, proposed, unmet=()):
    """Return a finished run that proposes these units to these referrals."""
    run = MatchRun(requested_at=NOW, requester="Somebody", state=RunState.FINISHED, finished_at=NOW, progress=[])
    session.add(run)
    session.flush()
    for referral, unit in proposed.items():
        session.add(Proposal(run_id=run.id, referral=referral, unit=unit, start_on=TODAY))
    for referral in unmet:
        session.add(UnmetNeed(run_id=run.id, referral=referral, is_met_out_of_city=referral in proposed))
    session.flush()
    return run


def test_everybody_is_told_once_under_what_has_changed_and_nobody_of_whom_nothing_has(session):
    here, there = a_unit(session), a_unit(session)
    outside = a_unit(session, service=a_service(session, authority=RUGBY))
    same, gains, loses, moves, comes, goes, far = (a_referral(session) for _ in range(7))
    before = a_run(session, {same: here, loses: here, moves: here, gains: outside, goes: here, far: outside}, [gains])
    after = a_run(session, {same: here, gains: here, moves: there, comes: here, far: outside}, [loses])

    assert run_before(session, after) is before
    assert run_before(session, before) is None
    told = [(row.change, row.referral, row.was, row.now) for row in compared(session, after, before)]
    assert told == [
        (Change.GAINED, gains, outside, here),
        (Change.LOST, loses, here, None),
        (Change.OTHER, moves, here, there),
        (Change.NEW, comes, None, here),
        (Change.GONE, goes, here, None),
    ]
    goes.state = ReferralState.WITHDRAWN
    assert run_page(session, after, "", actor=SYSTEM).rows is not None


SAID = st.none() | st.builds(PlaceSaid, unit_id=st.none() | st.integers(1, 3), is_in_city=st.booleans())


@given(was=SAID, later=SAID)
def test_two_runs_differ_by_the_same_people_whichever_way_they_are_compared(was, later):
    one, other = ({1: said} if said else {} for said in (was, later))
    opposite = {Change.GAINED: Change.LOST, Change.NEW: Change.GONE, Change.OTHER: Change.OTHER, None: None}
    opposite |= {after: before for before, after in opposite.items()}
    if one or other:
        assert _change(one, other, 1) == opposite[_change(other, one, 1)]


@pytest.mark.parametrize("state", [each for each in RunState if each is not RunState.FINISHED])
def test_only_a_finished_run_is_compared_with(session, state):
    first = a_run(session, {})
    second = a_run(session, {})
    second.state = state
    session.flush()
    assert run_before(session, a_run(session, {})) is first
