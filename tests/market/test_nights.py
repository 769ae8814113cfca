"""The night calendar of a unit: what is free, who is there as far as one may know, and what is not believed."""

from datetime import timedelta

from placement.domain.people import SYSTEM, Actor, Role
from placement.domain.states import PlacementState
from placement.market.nights import CALENDAR_NIGHTS, night_calendar
from placement.records.vacancies import Closure
from tests.builders import a_placement, a_provider, a_report, a_unit, night
from tests.conftest import NOW


def nights_of(session, unit, actor=SYSTEM, now=NOW):
    session.flush()
    return [each for week in night_calendar(session, unit, actor=actor, now=now).weeks for each in week]


def test_eight_weeks_from_tonight_say_what_is_free_and_who_is_there(session):
    unit = a_unit(session, capacity=3, accepting=2)
    stay = a_placement(session, unit, start=2, nights=2)
    found = nights_of(session, unit)
    assert [each.on for each in found] == [night(number) for number in range(CALENDAR_NIGHTS)]
    assert [each.free for each in found[:5]] == [2, 2, 1, 1, 2]
    assert [[there.stay.id for there in each.stays] for each in found[1:5]] == [[], [stay.id], [stay.id], []]
    assert [(there.arrives, there.leaves) for each in found for there in each.stays] == [(True, False), (False, True)]
    assert [each.others for each in found[:3]] == [1, 1, 1]  # one place that the provider does not offer


def test_somebody_who_should_have_left_is_there_until_a_departure_is_recorded(session):
    unit = a_unit(session, capacity=1)
    a_placement(session, unit, start=-5, nights=3, state=PlacementState.ACTIVE)
    assert all(each.stays for each in nights_of(session, unit))


def test_closed_places_are_told_and_a_closure_that_was_taken_back_is_not(session):
    unit = a_unit(session, capacity=2, accepting=2)
    for places, cancelled in ((1, None), (2, NOW)):
        session.add(
            Closure(unit_id=unit.id, start_on=night(3), end_on=night(5), places=places, reason="other",
                    created_at=NOW, created_by="S", cancelled_at=cancelled)
        )  # fmt: skip
    found = nights_of(session, unit)
    assert [(each.closed, each.free) for each in found[2:6]] == [(0, 2), (1, 1), (1, 1), (0, 2)]


def test_a_unit_that_never_reported_knows_nothing_and_one_that_is_old_says_so(session):
    silent, old = a_unit(session, accepting=None), a_unit(session)
    a_report(session, old, reported_at=NOW - timedelta(days=8))
    assert {each.free for each in nights_of(session, silent)} == {None}
    assert night_calendar(session, silent, actor=SYSTEM, now=NOW).is_due
    assert night_calendar(session, old, actor=SYSTEM, now=NOW + timedelta(days=8)).is_due


def test_another_provider_sees_nobody(session):
    unit = a_unit(session)
    a_placement(session, unit, start=0, nights=9)
    theirs = Actor(user_id=None, name="P", role=Role.PROVIDER, provider_id=unit.service.provider_id)
    others = Actor(user_id=None, name="O", role=Role.PROVIDER, provider_id=a_provider(session).id)
    assert nights_of(session, unit, theirs)[0].stays
    assert not any(each.stays for each in nights_of(session, unit, others))
