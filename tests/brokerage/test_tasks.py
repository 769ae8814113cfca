"""Tasks: once at a time, given to somebody, done or dismissed once, counted truly, and seen by brokerage alone."""

from __future__ import annotations

from datetime import timedelta

import pytest

from placement.brokerage.offers.sending import Asking, send_offers
from placement.brokerage.referrals import put_on_hold
from placement.brokerage.tasks import (
    dismiss,
    do,
    follow_up,
    give,
    reopen,
    task,
    task_counts,
    tasks_about,
    tasks_page,
)
from placement.domain.errors import Invalid, NotFound, OutOfStep
from placement.domain.people import SYSTEM, Actor, Role
from placement.domain.reasons import DISMISSALS
from placement.domain.states import TaskState
from placement.domain.tasks import SUBJECTS, TASK, TASKS
from placement.records.accounts import add_user
from placement.records.tables import Base
from placement.records.tasks import ask_for, settle_task
from tests.brokerage.worlds import BROKER, story
from tests.builders import a_placement, a_referral, a_unit, night
from tests.conftest import NOW

SOON = NOW + timedelta(hours=1)


@pytest.fixture
def broker(session):
    user = add_user(
        session, email="bo@example.org", name="Bo", role=Role.BROKER, password="a long enough one", by=SYSTEM, now=NOW
    )
    session.flush()
    return user


def test_every_kind_is_about_a_table_that_there_is():
    assert set(SUBJECTS) <= set(Base.metadata.tables)
    assert {kind.subject for kind in TASKS} <= {"", *SUBJECTS}


def test_what_a_record_has_once_is_brought_forward_and_not_doubled(session):
    referral = a_referral(session)
    one = ask_for(session, "nobody_left", referral, due_at=SOON, by=SYSTEM, now=NOW)
    again = ask_for(session, "nobody_left", referral, due_at=NOW, by=SYSTEM, now=NOW)
    assert again is one
    assert one.due_at == NOW
    settle_task(session, "nobody_left", referral, by=BROKER, now=NOW)
    session.flush()
    assert ask_for(session, "nobody_left", referral, due_at=SOON, by=SYSTEM, now=NOW) is not one


def test_a_task_is_about_what_its_kind_is_about(session):
    with pytest.raises(ValueError, match="a referral has no task answer_question"):
        ask_for(session, "answer_question", a_referral(session), due_at=SOON, by=SYSTEM, now=NOW)
    with pytest.raises(ValueError, match="a unit has no task follow_up"):
        ask_for(session, "follow_up", a_unit(session), due_at=SOON, by=SYSTEM, now=NOW)


def test_a_follow_up_needs_words_and_a_day_and_there_may_be_several(session, broker):
    stay = a_placement(session, a_unit(session))
    for on, words, field in ((night(1), " \u00a0", "words"), (None, "Ring", "on"), (night(-1), "Ring", "on")):
        with pytest.raises(Invalid) as error:
            follow_up(session, stay, on=on, words=words, by=broker.actor(), now=NOW)
        assert error.value.field == field
    with pytest.raises(Invalid, match="at most 200"):
        follow_up(session, stay, on=night(1), words="x" * 201, by=broker.actor(), now=NOW)
    for words in ("Ring the ward", "Ask about the hoist"):
        follow_up(session, stay, on=night(2), words=words, by=broker.actor(), now=NOW)
    session.flush()

    found = tasks_about(session, stay, actor=broker.actor())
    assert [each.words for each in found] == ["Ring the ward", "Ask about the hoist"]
    assert {each.assigned_to for each in found} == {broker}
    assert story(session, found[0]) == ["noted something to do"]


def test_a_task_is_given_to_brokers_who_work_here(session, broker):
    one = ask_for(session, "nobody_left", a_referral(session), due_at=SOON, by=SYSTEM, now=NOW)
    session.flush()
    give(session, one, broker, by=broker.actor(), now=NOW)
    give(session, one, broker, by=broker.actor(), now=NOW)
    give(session, one, None, by=broker.actor(), now=NOW)
    assert story(session, one)[1:] == ["gave a task to somebody"] * 2
    broker.is_active = False
    with pytest.raises(Invalid, match="works in brokerage"):
        give(session, one, broker, by=broker.actor(), now=NOW)


def test_a_task_ends_once_and_can_be_taken_back(session):
    one = ask_for(session, "nobody_left", a_referral(session), due_at=SOON, by=SYSTEM, now=NOW)
    session.flush()
    with pytest.raises(Invalid, match="why it need not"):
        dismiss(session, one, reason="", by=BROKER, now=NOW)
    dismiss(session, one, reason=DISMISSALS[0].slug, by=BROKER, now=NOW)
    session.flush()
    with pytest.raises(OutOfStep, match="dismissed already"):
        do(session, one, by=BROKER, now=NOW)
    reopen(session, one, by=BROKER, now=NOW)
    session.flush()
    do(session, one, by=BROKER, now=NOW)
    assert (one.ended_by, one.reason) == (BROKER.name, None)


@pytest.mark.parametrize("kind", ["decide_offers", "nobody_left", "answer_question", "ring"])
def test_what_nobody_has_to_do_any_more_cannot_be_taken_back(session, kind):
    """Whatever it asked for: the search has ended, and with it what was asked about it."""
    referral, unit = a_referral(session), a_unit(session)
    asking = Asking(unit=unit, rank=1, start_on=night(0), end_on=night(7))
    (offer,) = send_offers(session, referral, [asking], reply_by=SOON, by=BROKER, now=NOW)
    for about in (referral, offer):
        if TASK[kind].subject == about.__tablename__:
            one = ask_for(session, kind, about, due_at=SOON, by=SYSTEM, now=NOW)
    do(session, one, by=BROKER, now=NOW)
    put_on_hold(session, referral, by=BROKER, now=NOW)
    session.flush()

    with pytest.raises(OutOfStep, match="nothing to do here any more"):
        reopen(session, one, by=BROKER, now=NOW)
    assert one.state is TaskState.DONE


def test_a_task_is_not_taken_back_beside_a_newer_one_that_asks_for_the_same(session):
    referral = a_referral(session)
    older = ask_for(session, "nobody_left", referral, due_at=SOON, by=SYSTEM, now=NOW)
    do(session, older, by=BROKER, now=NOW)
    newer = ask_for(session, "nobody_left", referral, due_at=SOON, by=SYSTEM, now=NOW)
    session.flush()

    with pytest.raises(OutOfStep, match="newer task"):
        reopen(session, older, by=BROKER, now=NOW)
    do(session, newer, by=BROKER, now=NOW)
    session.flush()
    reopen(session, older, by=BROKER, now=NOW)
    assert older.state is TaskState.OPEN


def test_lists_count_what_they_hold(session, broker):
    mine = follow_up(session, a_referral(session), on=night(0), words="Ring", by=broker.actor(), now=NOW)
    ask_for(session, "nobody_left", a_referral(session), due_at=NOW - timedelta(hours=1), by=SYSTEM, now=NOW)
    session.flush()
    actor = broker.actor()
    counts = task_counts(session, actor=actor, now=NOW)

    assert (counts.every, counts.mine, counts.unassigned, counts.overdue, counts.unseen) == (2, 1, 1, 1, 1)
    assert [
        len(tasks_page(session, whose, actor=actor).rows) for whose in ("", "mine", "unassigned", "alerts", "team")
    ] == [2, 1, 1, 1, 0]
    assert task(session, mine.id, actor=actor) is mine
    for role in (Role.COMMISSIONER, Role.PROVIDER):
        other = Actor(user_id=None, name="Other", role=role)
        assert task_counts(session, actor=other, now=NOW).every == 0
        with pytest.raises(NotFound):
            task(session, mine.id, actor=other)
