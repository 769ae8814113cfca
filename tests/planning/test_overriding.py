"""A manager with the right decides otherwise than some rules, with a reason; nobody than the others."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from placement.brokerage.overriding import ask_manager, overridden, override, override_of, undo_override
from placement.brokerage.reservations import Decision
from placement.domain.errors import Invalid, NotAllowed
from placement.domain.features import Strength
from placement.domain.overriding import OVERRIDABLE, RESTRICTED
from placement.domain.people import SYSTEM, Role
from placement.domain.states import BARRED, Status, TaskState
from placement.planning.eligibility import refusals, stands_against
from placement.planning.series import accept_series, chosen_in, series_options
from placement.planning.shortlists import accept, shortlist
from placement.planning.transfers import transfer
from placement.records.accounts import add_user
from placement.records.providers import Standing
from placement.records.referrals import ReferralNeed
from placement.records.tasks import Task
from tests.brokerage.worlds import BROKER, story
from tests.builders import TODAY, a_placement, a_referral, a_series, a_service, a_unit, night
from tests.conftest import NOW

DOING = {"by": BROKER, "now": NOW}
NIGHTS = Decision(start_on=TODAY, end_on=night(14))


def a_broker(session, *, is_manager):
    user = add_user(
        session, email=f"{is_manager}@example.org", name="Mo Manager", role=Role.BROKER, password="long enough words",
        by=SYSTEM, now=NOW,
    )  # fmt: skip
    user.is_manager = is_manager
    session.flush()
    return user.actor()


@pytest.fixture
def manager(session):
    return a_broker(session, is_manager=True)


def stand(session, unit, status):
    session.add(
        Standing(
            provider_id=unit.service.provider_id, status=status, start_on=TODAY, reason="R", decided_by="C",
            created_at=NOW,
        )
    )  # fmt: skip
    session.flush()


def a_restricted(session, referral):
    unit = a_unit(session, accepting=2)
    stand(session, unit, Status.RESTRICTED)
    return unit


def slow(session, referral):
    return a_unit(session, accepting=2, reply_hours=48)


def without_what_is_needed(session, referral):
    return a_unit(session, accepting=2, offers=("dementia",))


CASES = {RESTRICTED: a_restricted, "notice": slow, "essential": without_what_is_needed}


@pytest.fixture(params=CASES)
def case(request, session):
    referral = a_referral(session, essential=("pbs",) if request.param == "essential" else ())
    unit = CASES[request.param](session, referral)
    session.flush()
    return request.param, referral, unit


def test_every_rule_that_can_be_overridden_is_tried_here():
    assert set(CASES) == set(OVERRIDABLE)


def test_a_broker_cannot_and_a_manager_can_and_then_anybody_reserves_it(session, case, manager):
    rule, referral, unit = case
    facts = stands_against(session, referral, unit, now=NOW)
    assert set(facts) == {rule}
    with pytest.raises(Invalid):
        accept(session, referral, unit, NIGHTS, **DOING)
    with pytest.raises(NotAllowed):
        override(session, referral, unit, facts, "I know them", **DOING)
    with pytest.raises(NotAllowed):
        override(session, referral, unit, facts, "So", by=a_broker(session, is_manager=False), now=NOW)
    with pytest.raises(Invalid) as refused:
        override(session, referral, unit, facts, "  ", by=manager, now=NOW)
    assert refused.value.field == "reason"
    override(session, referral, unit, facts, "The provider says yes", by=manager, now=NOW)
    assert "decided otherwise than the rules about a place" in story(session, referral)
    assert accept(session, referral, unit, NIGHTS, **DOING).unit is unit


def test_what_is_undone_stands_again(session, case, manager):
    _, referral, unit = case
    override(session, referral, unit, stands_against(session, referral, unit, now=NOW), "So", by=manager, now=NOW)
    undo_override(session, referral, unit.id, by=manager, now=NOW)
    with pytest.raises(Invalid):
        accept(session, referral, unit, NIGHTS, **DOING)


def test_a_decision_covers_the_fact_that_it_was_about_and_no_other(session, manager):
    referral = a_referral(session, essential=("pbs",))
    unit = without_what_is_needed(session, referral)
    override(session, referral, unit, stands_against(session, referral, unit, now=NOW), "So", by=manager, now=NOW)
    referral.needs.append(ReferralNeed(slug="hoist", strength=Strength.ESSENTIAL))
    session.flush()
    told = stands_against(session, referral, unit, now=NOW)
    assert overridden(override_of(session, referral, unit.id), told) == frozenset()


@pytest.mark.parametrize("status", sorted(BARRED))
def test_nobody_decides_otherwise_about_a_provider_that_may_take_no_one(session, manager, status):
    referral, unit = a_referral(session), a_unit(session)
    stand(session, unit, status)
    facts = stands_against(session, referral, unit, now=NOW)
    assert set(facts) == {"status"}
    with pytest.raises(Invalid, match="Nobody can decide otherwise"):
        override(session, referral, unit, facts, "So", by=manager, now=NOW)


def test_a_restricted_provider_is_ranked_and_its_residents_can_stay_and_move_within_it(session):
    referral = a_referral(session)
    unit = a_restricted(session, referral)
    assert shortlist(session, referral, now=NOW).of(unit.id) is not None
    assert refusals(session, referral, unit, now=NOW) == {}
    beside = a_unit(session, service=unit.service, name="Beside", accepting=2)
    stay = a_placement(session, unit, start=-5, nights=60, state="active")
    session.flush()
    assert transfer(session, stay, beside, on=TODAY + timedelta(days=1), reason="needs_changed", **DOING).unit is beside


def test_a_series_comes_to_a_restricted_provider_only_when_a_manager_has_decided_so(session, manager):
    referral = a_series(session, 3, 31)
    unit = a_restricted(session, referral)
    (option,) = series_options(session, referral, now=NOW)
    why = Decision(start_on=TODAY, end_on=night(1), reason="Because")
    with pytest.raises(Invalid, match="a manager decides"):
        accept_series(session, referral, chosen_in(option), why, **DOING)
    facts = stands_against(session, referral, unit, now=NOW)
    assert set(facts) == {RESTRICTED}
    override(session, referral, unit, facts, "So", by=manager, now=NOW)
    assert len(accept_series(session, referral, chosen_in(option), why, **DOING)) == 2


def test_a_broker_asks_a_manager_once_and_the_decision_ends_the_task(session, case, manager):
    _, referral, unit = case
    with pytest.raises(Invalid):
        ask_manager(session, referral, unit, None, **DOING)
    for _ in range(2):
        ask_manager(session, referral, unit, manager.user_id, **DOING)
    task = session.scalars(select(Task)).one()
    assert (task.assigned_to_id, task.state) == (manager.user_id, TaskState.OPEN)
    override(session, referral, unit, stands_against(session, referral, unit, now=NOW), "So", by=manager, now=NOW)
    assert task.state is TaskState.DONE


def test_another_service_is_not_covered(session, case, manager):
    _, referral, unit = case
    override(session, referral, unit, stands_against(session, referral, unit, now=NOW), "So", by=manager, now=NOW)
    assert override_of(session, referral, a_unit(session, service=a_service(session)).id) is None
