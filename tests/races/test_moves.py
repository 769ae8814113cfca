"""A move holds two units, a report all units of a service: neither may wait for the other in a circle."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from placement.brokerage.placements import begin, confirm, decline, end, release, release_expired
from placement.brokerage.reservations import Decision, reserve
from placement.domain.people import SYSTEM
from placement.domain.reasons import DECLINE
from placement.domain.states import PlacementState, ReferralState
from placement.market.numbers import Numbers
from placement.market.vacancies import report_vacancies
from placement.planning.dates import change_dates
from placement.records.placements import Placement
from placement.records.providers import Service, Unit
from placement.records.referrals import Referral
from tests.builders import TODAY, a_placement, a_report, a_service, a_unit, night
from tests.conftest import NOW
from tests.races.racing import DONE
from tests.races.stage import BROKER, at, referrals
from tests.races.test_last_place import small_and_full

MOVE = Decision(start_on=night(1), end_on=night(15), ends_current=True)
FULL = Numbers(maximum=2, occupied=1, reserved=0, accepting=1)
EXPIRED = NOW + timedelta(days=30)


def move(session, setting, number, _racer=0):
    referral = session.get_one(Referral, at(setting, "referrals", number))
    unit = session.get_one(Unit, setting["units"][number][1])
    return reserve(session, referral, unit, MOVE, by=BROKER, now=NOW).id


def report_service(session, setting, number, _racer):
    service = session.get_one(Service, at(setting, "services", number))
    report_vacancies(session, service, dict.fromkeys(setting["units"][number], FULL), by=BROKER, now=NOW)


def decline_move(session, setting, number, _racer):
    moving = session.get_one(Placement, at(setting, "moves", number))
    decline(session, moving, reason=next(iter(DECLINE)), by=BROKER, now=NOW)


def let_moves_expire(session, _setting, number, _racer):
    return release_expired(session, by=SYSTEM, now=EXPIRED) if number % 10 == 9 else 0


def staged(store, size, *, moving):
    setting = {"units": [], "services": [], "referrals": [], "moves": []}
    with store.writing() as session:
        for number in range(size):
            service = a_service(session)
            first, second = (a_unit(session, service=service, accepting=2) for _ in range(2))
            living = a_placement(session, first, start=-5, nights=None)
            a_report(session, second, maximum=2, occupied=0, accepting=2)
            setting["units"].append((first.id, second.id))
            setting["services"].append(service.id)
            setting["referrals"] += referrals(session, [living.person_id])
            if moving:
                setting["moves"].append(move(session, setting, number))
    return setting


def count(store, *conditions):
    with store.reading() as session:
        return session.scalar(select(func.count()).select_from(Placement).where(*conditions))


@small_and_full(30, 500)
def test_a_move_within_a_service_and_a_report_of_it_both_succeed(store, database, racers, size):
    setting = staged(store, size, moving=False)

    result = racers.race(database.url, [move, report_service], rounds=size, setting=setting)

    assert result.unhandled == []
    assert result.counts() == {DONE: size * 2}
    assert count(store, Placement.end_on == MOVE.start_on) == size


@small_and_full(30, 500)
def test_a_move_that_is_declined_and_a_report_of_both_units_both_succeed(store, database, racers, size):
    setting = staged(store, size, moving=True)

    result = racers.race(database.url, [decline_move, report_service], rounds=size, setting=setting)

    assert result.unhandled == []
    assert result.counts() == {DONE: size * 2}
    assert count(store, Placement.state == PlacementState.RELEASED) == size


@small_and_full(30, 300)
def test_moves_that_run_out_together_and_reports_of_their_units_all_succeed(store, database, racers, size):
    setting = staged(store, size, moving=True)

    result = racers.race(database.url, [let_moves_expire, report_service], rounds=size, setting=setting)

    assert result.unhandled == []
    assert result.counts() == {DONE: size * 2}
    assert count(store, Placement.state == PlacementState.RELEASED) == size


def move_later(session, setting, number, _racer):
    """The person moves two nights later: the stay before it goes on, in a unit that a report of both locks first."""
    moving = session.get_one(Placement, at(setting, "moves", number))
    change_dates(session, moving, start_on=night(3), end_on=night(15), by=BROKER, now=NOW)


@small_and_full(10, 500)
def test_a_move_that_is_put_off_and_a_report_of_both_units_both_succeed(store, database, racers, size):
    setting = staged(store, size, moving=True)

    result = racers.race(database.url, [move_later, report_service], rounds=size, setting=setting)

    assert result.unhandled == []
    assert result.counts() == {DONE: size * 2}
    assert count(store, Placement.end_on == night(3)) == size


def decline_first(session, setting, number, _racer):
    decline(session, stay_at(session, setting, number), reason=next(iter(DECLINE)), by=BROKER, now=NOW)


def release_first(session, setting, number, _racer):
    release(session, stay_at(session, setting, number), reason="not_needed", by=BROKER, now=NOW)


def confirm_first(session, setting, number, _racer):
    confirm(session, stay_at(session, setting, number), by=BROKER, now=NOW)


def let_first_expire(session, _setting, number, _racer):
    release_expired(session, by=SYSTEM, now=runs_out(number))


def begin_first(session, setting, number, _racer):
    begin(session, stay_at(session, setting, number), by=BROKER, now=NOW)


def end_first(session, setting, number, _racer):
    end(session, stay_at(session, setting, number), on=TODAY, reason="other", by=BROKER, now=NOW)


def lengthen_first(session, setting, number, _racer):
    stay = stay_at(session, setting, number)
    change_dates(session, stay, start_on=stay.start_on, end_on=night(16), by=BROKER, now=NOW)


def runs_out(number):
    """When the first reservation of a round runs out: before any second one does."""
    return NOW - timedelta(days=1) + timedelta(minutes=number)


def stay_at(session, setting, number):
    return session.get_one(Placement, at(setting, "stays", number))


def reserve_second(session, setting, number, _racer):
    """The next stay of the same person in the same unit, after the first."""
    referral = session.get_one(Referral, at(setting, "referrals", number))
    unit = session.get_one(Unit, at(setting, "units", number))
    reserve(session, referral, unit, Decision(start_on=night(20), end_on=night(30)), by=BROKER, now=NOW)


STEPS = {
    decline_first: PlacementState.RESERVED,
    release_first: PlacementState.RESERVED,
    confirm_first: PlacementState.RESERVED,
    let_first_expire: PlacementState.RESERVED,
    begin_first: PlacementState.CONFIRMED,
    end_first: PlacementState.ACTIVE,
    lengthen_first: PlacementState.ACTIVE,
}
"""Every step of a stay, and the state from which it goes on."""


@pytest.mark.parametrize("step", STEPS, ids=lambda act: act.__name__)
@small_and_full(8, 500)
def test_a_step_of_a_stay_and_the_next_reservation_of_its_person_both_succeed(store, database, racers, size, step):
    """A row that is changed twice in a unit locks whoever it belongs to once more, and so as late as that."""
    setting = {"units": [], "stays": [], "referrals": []}
    with store.writing() as session:
        for number in range(size):
            unit = a_unit(session, accepting=3)
            stay = a_placement(session, unit, state=STEPS[step], expires_at=runs_out(number))
            stay.referral.state = ReferralState.PLACED
            setting["units"].append(unit.id)
            setting["stays"].append(stay.id)
            setting["referrals"] += referrals(session, [stay.person_id])

    result = racers.race(database.url, [step, reserve_second], rounds=size, setting=setting)

    assert result.unhandled == []
    assert result.counts() == {DONE: size * 2}
    assert count(store, Placement.start_on == night(20), Placement.state == PlacementState.RESERVED) == size


@pytest.mark.parametrize("step", STEPS, ids=lambda act: act.__name__)
@small_and_full(8, 500)
def test_a_step_of_a_stay_and_a_report_of_its_unit_both_succeed(store, database, racers, size, step):
    setting = {"units": [], "services": [], "stays": []}
    with store.writing() as session:
        for number in range(size):
            unit = a_unit(session, accepting=2)
            stay = a_placement(session, unit, state=STEPS[step], expires_at=runs_out(number))
            stay.referral.state = ReferralState.PLACED
            setting["units"].append([unit.id])
            setting["services"].append(unit.service_id)
            setting["stays"].append(stay.id)

    result = racers.race(database.url, [step, report_service], rounds=size, setting=setting)

    assert result.unhandled == []
    assert result.counts() == {DONE: size * 2}
