from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from placement.brokerage import outside
from placement.brokerage.assigning import notes_of
from placement.brokerage.placements import begin, confirm, decline, end, release
from placement.brokerage.reservations import Decision, reserve
from placement.brokerage.tasks import reopen
from placement.domain.errors import Invalid, NotAllowed, OutOfStep
from placement.domain.states import TaskState
from placement.planning.shortlists import shortlist, tried_in_city
from placement.records.tasks import Task
from tests.brokerage.test_work import a_broker
from tests.brokerage.worlds import BROKER, RUGBY, story
from tests.builders import TODAY, a_placement, a_referral, a_service, a_unit, night
from tests.conftest import NOW

DOING = {"by": BROKER, "now": NOW}


def a_place_outside(session, manager=None, *, by=BROKER, reason="no_vacancy", **referral):
    unit = a_unit(session, service=a_service(session, authority=RUGBY))
    choice = Decision(
        start_on=TODAY, end_on=night(14), out_of_city_reason=reason, manager_id=manager.id if manager else None
    )
    return reserve(session, a_referral(session, **referral), unit, choice, by=by, now=NOW)


def open_tasks(session):
    session.flush()
    rows = select(Task).where(Task.state == TaskState.OPEN, Task.subject == "placement").order_by(Task.id)
    return {task.kind: task for task in session.scalars(rows)}


def test_a_manager_with_the_right_is_named_and_gets_the_task(session):
    manager, broker = a_broker(session, "manager", is_manager=True), a_broker(session, "broker")
    for wrong in (None, broker):
        with pytest.raises(Invalid) as refusal:
            a_place_outside(session, wrong)
        assert refusal.value.field == "manager_id"
    stay = a_place_outside(session, manager)
    tasks = open_tasks(session)
    assert set(tasks) == {"sign_off", "notify_host"}
    assert tasks["sign_off"].assigned_to_id == manager.id
    assert (stay.approved_by, stay.signed_off_at) == ("", None)
    with pytest.raises(NotAllowed):
        outside.sign_off(session, stay, by=broker.actor(), now=NOW)
    outside.sign_off(session, stay, by=manager.actor(), now=NOW)
    assert (stay.approved_by, stay.signed_off_at) == ("manager", NOW)
    assert set(open_tasks(session)) == {"notify_host"}
    with pytest.raises(OutOfStep):
        outside.sign_off(session, stay, by=manager.actor(), now=NOW)
    assert story(session, stay) == ["reserved a place", "signed off a place outside the city"]


def test_a_manager_who_decides_signs_off_with_it_and_a_choice_needs_nobody(session):
    manager = a_broker(session, "manager", is_manager=True)
    own = a_place_outside(session, manager, by=manager.actor())
    assert (own.approved_by, own.signed_off_at) == ("manager", NOW)
    chosen = a_place_outside(session, reason="close_to_family")
    assert (chosen.manager_id, chosen.approved_by) == (None, "")
    assert {task.kind for task in session.scalars(select(Task)) if task.subject == "placement"} == {"notify_host"}


def test_what_is_sent_back_says_why_and_asks_brokerage_again(session):
    manager = a_broker(session, "manager", is_manager=True)
    stay = a_place_outside(session, manager)
    with pytest.raises(Invalid):
        outside.send_back(session, stay, "  ", by=manager.actor(), now=NOW)
    outside.send_back(session, stay, "Ask Near House first", by=manager.actor(), now=NOW)
    assert [note.words for note in notes_of(session, stay.referral)] == ["Ask Near House first"]
    assert set(open_tasks(session)) == {"notify_host", "sent_back"}
    outside.sign_off(session, stay, by=manager.actor(), now=NOW)


@pytest.mark.parametrize("over", ["declined", "released", "ended"])
def test_what_a_stay_asks_for_goes_with_it(session, over):
    stay = a_place_outside(session, a_broker(session, "manager", is_manager=True), kind="crisis")
    if over == "declined":
        decline(session, stay, reason="staffing", **DOING)
    elif over == "released":
        release(session, stay, reason="not_needed", **DOING)
    else:
        confirm(session, stay, **DOING)
        begin(session, stay, **DOING)
        tasks = open_tasks(session)
        assert set(tasks) == {"sign_off", "notify_host", "release_pack", "review_out_of_city", "exit_review"}
        assert tasks["exit_review"].due_at == datetime(2026, 12, 4, 9, tzinfo=UTC)
        assert tasks["review_out_of_city"].due_at == datetime(2027, 1, 4, 9, tzinfo=UTC)
        end(session, stay, on=TODAY, reason="moved_home", **DOING)
    assert open_tasks(session) == {}
    assert {task.state for task in session.scalars(select(Task)) if task.subject == "placement"} == {
        TaskState.DISMISSED
    }


def test_a_task_about_what_is_signed_off_or_over_is_not_opened_again(session):
    manager = a_broker(session, "manager", is_manager=True)
    stay = a_place_outside(session, manager)
    outside.sign_off(session, stay, by=manager.actor(), now=NOW)
    task = session.scalars(select(Task).where(Task.kind == "sign_off")).one()
    with pytest.raises(OutOfStep):
        reopen(session, task, **DOING)
    other = a_place_outside(session, manager)
    release(session, other, reason="not_needed", **DOING)
    for task in session.scalars(select(Task).where(Task.kind == "sign_off")):
        with pytest.raises(OutOfStep):
            reopen(session, task, **DOING)


def test_the_host_council_is_told_once(session):
    stay = a_place_outside(session, reason="close_to_family")
    outside.host_notified(session, stay, **DOING)
    assert stay.host_notified_at == NOW
    assert open_tasks(session) == {}
    with pytest.raises(OutOfStep):
        outside.host_notified(session, stay, **DOING)
    inside = a_placement(session, a_unit(session))
    with pytest.raises(OutOfStep):
        outside.host_notified(session, inside, **DOING)


def test_what_was_tried_is_told_from_the_facts(session):
    a_unit(session, offers=("hoist",), weekly_pence=90_000)
    a_unit(session, offers=("pbs",), accepting=0)
    a_unit(session, offers=("pbs",), service=a_service(session, authority=RUGBY))
    words = tried_in_city(shortlist(session, a_referral(session, essential=("pbs",)), now=NOW), TODAY)
    assert words.startswith(f"On {TODAY.day} November 2026 2 places in the city were looked at; 0 fit.")
    assert "1 place lacks an essential need." in words
    assert "no positive behaviour support (PBS) recorded" in words
