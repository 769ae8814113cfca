import pytest

from placement.domain.errors import NotAllowed, OutOfStep
from placement.domain.people import SYSTEM, Actor, Role
from placement.domain.states import PlacementState, ReferralState
from placement.records.events import timeline
from placement.records.lifecycles import move, require
from tests.builders import a_placement, a_referral, a_unit
from tests.conftest import NOW

COMMISSIONER = Actor(user_id=None, name="C", role=Role.COMMISSIONER)


def test_a_move_changes_the_state_and_leaves_its_line(store):
    with store.writing() as session:
        stay = a_placement(session, a_unit(session), state=PlacementState.RESERVED)
        move(session, stay, "decline", by=SYSTEM, now=NOW, reason="staffing")

        assert stay.state is PlacementState.RELEASED
        (line,) = timeline(session, stay, actor=SYSTEM)
        assert (line.event, line.details, line.happened_at) == ("place_declined", {"reason": "staffing"}, NOW)


def test_a_move_that_cannot_be_made_changes_nothing_and_leaves_nothing(store):
    with store.writing() as session:
        referral = a_referral(session, state=ReferralState.ON_HOLD)
        for verb, by, refused in (("place", SYSTEM, OutOfStep), ("resume", COMMISSIONER, NotAllowed)):
            with pytest.raises(refused):
                move(session, referral, verb, by=by, now=NOW)
        with pytest.raises(KeyError):
            move(session, referral, "vanish", by=SYSTEM, now=NOW)
        with pytest.raises(ValueError, match="no details colour"):
            move(session, referral, "resume", by=SYSTEM, now=NOW, colour="red")
        session.expire(referral)
        assert referral.state is ReferralState.ON_HOLD
        assert timeline(session, referral, actor=SYSTEM) == []


def test_what_is_required_before_a_move_is_what_the_move_requires(store):
    with store.writing() as session:
        referral = a_referral(session)
        require(referral, "place", by=SYSTEM)
        assert referral.state is ReferralState.SEARCHING
        with pytest.raises(OutOfStep):
            require(referral, "resume", by=SYSTEM)
