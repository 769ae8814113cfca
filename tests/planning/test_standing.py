from datetime import timedelta

import pytest
from sqlalchemy import select

from placement.brokerage.placements import end, release
from placement.domain.errors import OutOfStep
from placement.domain.events import EVENT
from placement.domain.people import SYSTEM
from placement.domain.states import PlacementState, ReferralState, TaskState
from placement.market.numbers import Numbers
from placement.market.vacancies import report_vacancies
from placement.planning.standing import OPENING, OPENS, ask_first, news, tell_news
from placement.records.tasks import Task, end_task
from tests.brokerage.worlds import BROKER, RUGBY
from tests.builders import TODAY, a_placement, a_referral, a_service, a_unit
from tests.conftest import NOW

LATER = NOW + timedelta(minutes=1)
DOING = {"by": BROKER, "now": NOW}


def look(session, at):
    session.flush()
    found = news(session, now=at)
    first = [each for each in found.first if ask_first(session, each, found.units, now=at)]
    tell_news(session, found, looked_at=at, now=at)
    return [*first, *found.referrals]


def reports(session, unit, accepting):
    numbers = Numbers(maximum=unit.capacity, occupied=unit.capacity - accepting, reserved=0, accepting=accepting)
    report_vacancies(session, unit.service, {unit.id: numbers}, **DOING)


def alerts(session):
    session.flush()
    return list(session.scalars(select(Task).where(Task.kind == "new_place", Task.state == TaskState.OPEN)))


def test_a_vacancy_that_suits_alerts_whoever_has_no_other_place_in_the_city_and_nobody_else(session):
    unit = a_unit(session, offers=("pbs",), accepting=0)
    a_unit(session, offers=("hoist",))
    a_unit(session, offers=("pbs",), service=a_service(session, authority=RUGBY))
    waits = a_referral(session, essential=("pbs",))
    a_referral(session, essential=("hoist",))
    a_referral(session, essential=("pbs",), wants_out_of_city=True)
    a_referral(session, essential=("pbs",), state=ReferralState.ON_HOLD)
    assert look(session, NOW) == [], "what was there before the first look is for a run to say"
    reports(session, unit, 1)

    assert look(session, LATER) == [waits.id]
    (alert,) = alerts(session)
    assert (alert.subject, alert.subject_id, alert.due_at) == ("referral", waits.id, LATER)
    assert look(session, LATER + timedelta(minutes=1)) == []
    assert alerts(session) == [alert]


def test_what_is_being_written_is_seen_by_the_next_look(session):
    unit = a_unit(session, offers=("pbs",), accepting=0)
    waits = a_referral(session, essential=("pbs",))
    look(session, NOW - timedelta(minutes=1))
    reports(session, unit, 1)
    assert look(session, NOW + timedelta(seconds=5)) == []
    assert look(session, LATER) == [waits.id]


@pytest.mark.parametrize("step", ["left", "released"])
def test_a_place_that_is_given_back_alerts(session, step):
    unit = a_unit(session, capacity=1, accepting=1)
    state = PlacementState.ACTIVE if step == "left" else PlacementState.CONFIRMED
    stay = a_placement(session, unit, start=-5 if step == "left" else 0, nights=60, state=state)
    waits = a_referral(session)
    look(session, NOW - timedelta(minutes=1))
    if step == "left":
        end(session, stay, on=TODAY, reason="moved_home", **DOING)
        reports(session, unit, 1)
    else:
        release(session, stay, reason="not_needed", **DOING)
    stay.referral.state = ReferralState.WITHDRAWN
    assert look(session, LATER) == [waits.id]


def test_an_alert_that_was_dealt_with_comes_again_only_with_another_change(session):
    unit = a_unit(session, offers=("pbs",), accepting=0)
    waits = a_referral(session, essential=("pbs",))
    look(session, NOW - timedelta(minutes=1))
    reports(session, unit, 1)
    look(session, LATER)
    end_task(session, alerts(session)[0], "dismiss", reason="not_needed", by=BROKER, now=LATER)
    assert look(session, LATER + timedelta(minutes=1)) == []
    with pytest.raises(OutOfStep):
        end_task(session, session.scalars(select(Task)).first(), "do", by=SYSTEM, now=LATER)
    assert waits.state is ReferralState.SEARCHING


def test_every_event_that_opens_a_place_leads_to_a_unit():
    assert {EVENT[slug].subject for slug in OPENING} == set(OPENS)
