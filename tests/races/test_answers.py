"""R5 and R13: the expiry job against a provider's answer, a report against a booking, two editors of one record."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, text

from placement.brokerage.placements import confirm, decline, release_expired
from placement.brokerage.reservations import reserve
from placement.domain.people import SYSTEM
from placement.domain.reasons import DECLINE
from placement.domain.states import PlacementState
from placement.market.numbers import Numbers
from placement.market.vacancies import report_unchanged, report_vacancies
from placement.records.availability import availability
from placement.records.placements import Placement
from placement.records.providers import Service, Unit
from placement.records.referrals import Referral
from placement.records.vacancies import VacancyReport
from tests.builders import TODAY, night
from tests.conftest import NOW
from tests.races.racing import DONE
from tests.races.stage import BROKER, STAY, at, last_places, people, referrals, reservations
from tests.races.test_last_place import small_and_full

FILLED = Numbers(maximum=1, occupied=1, reserved=0, accepting=0)


def expire(session, _setting, number, _racer):
    return release_expired(session, by=SYSTEM, now=NOW + timedelta(minutes=number))


def say_yes(session, setting, number, _racer):
    confirm(session, session.get_one(Placement, at(setting, "placements", number)), by=BROKER, now=NOW)


def say_no(session, setting, number, _racer):
    stay = session.get_one(Placement, at(setting, "placements", number))
    decline(session, stay, reason=next(iter(DECLINE)), by=BROKER, now=NOW)


def reserve_place(session, setting, number, _racer):
    referral = session.get_one(Referral, at(setting, "referrals", number))
    reserve(session, referral, session.get_one(Unit, at(setting, "units", number)), STAY, by=BROKER, now=NOW)


def report_filled(session, setting, number, _racer):
    unit = at(setting, "units", number)
    report_vacancies(
        session, session.get_one(Service, at(setting, "services", number)), {unit: FILLED},
        by=BROKER, now=NOW, seen={unit: at(setting, "reports", number)}, counted={unit: ()},
    )  # fmt: skip


def report_unseen(session, setting, number, _racer):
    """An import, or another programme: it saw no form, and counts in every stay there is."""
    service = session.get_one(Service, at(setting, "services", number))
    report_vacancies(session, service, {at(setting, "units", number): FILLED}, by=BROKER, now=NOW)


def confirm_unchanged(session, setting, number, _racer):
    report_unchanged(session, session.get_one(Service, at(setting, "services", number)), by=BROKER, now=NOW)


def staged(store, size):
    with store.writing() as session:
        units = last_places(session, size)
        reports = session.scalars(select(VacancyReport.id).order_by(VacancyReport.unit_id)).all()
        return {
            "units": units, "reports": list(reports),
            "services": list(session.scalars(select(Unit.service_id).order_by(Unit.id))),
            "referrals": referrals(session, people(session, size)),
        }  # fmt: skip


def count_lines(session, event):
    return session.scalar(text("SELECT count(*) FROM audit_line WHERE event = :event"), {"event": event})


@pytest.mark.parametrize("answer", [say_yes, say_no])
@small_and_full(40, 1000)
def test_a_reservation_either_runs_out_or_is_answered_and_never_both(store, database, racers, size, answer):
    with store.writing() as session:
        stays = reservations(session, last_places(session, size))

    result = racers.race(database.url, [expire, answer], rounds=size, setting={"placements": stays})

    assert result.unhandled == []
    kept = PlacementState.CONFIRMED if answer is say_yes else PlacementState.RELEASED
    with store.reading() as session:
        for number, (job, reply) in enumerate(result.outcomes):
            # A job that steps over a row that is being answered may find an earlier one instead, never this one too.
            stay = session.get_one(Placement, stays[number])
            assert job == DONE
            assert stay.state is (kept if reply == DONE else PlacementState.RELEASED)
            assert reply in (DONE, "OutOfStep")
            if kept is PlacementState.RELEASED:
                assert stay.ended_reason == ("declined" if reply == DONE else "expired")
        answered = sum(reply == DONE for _, reply in result.outcomes)
        assert sum(returned[0] for returned in result.returned) == size - answered
        assert count_lines(session, "place_released") == size - answered
        assert count_lines(session, "place_confirmed") + count_lines(session, "place_declined") == answered
        searching = "SELECT count(*) FROM referral WHERE state = 'searching'"
        assert session.scalar(text(searching)) == (size - answered if answer is say_yes else size)


@small_and_full(40, 500)
def test_a_form_that_fills_the_last_place_and_a_reservation_of_it_never_both_succeed(store, database, racers, size):
    setting = staged(store, size)

    result = racers.race(database.url, [reserve_place, report_filled], rounds=size, setting=setting)

    assert result.unhandled == []
    assert result.rounds_with(winners=1) == size
    assert {each[0] for each in result.outcomes} <= {DONE, "NoLongerVacant"}
    assert {each[1] for each in result.outcomes} <= {DONE, "EditedMeanwhile"}
    assert_never_over_capacity(store, setting["units"])


@small_and_full(30, 500)
def test_a_report_that_saw_no_form_counts_a_stay_in_or_comes_before_it(store, database, racers, size):
    setting = staged(store, size)

    result = racers.race(database.url, [reserve_place, report_unseen], rounds=size, setting=setting)

    assert result.unhandled == []
    assert {each[1] for each in result.outcomes} == {DONE}
    assert_never_over_capacity(store, setting["units"])


@small_and_full(30, 300)
def test_nothing_has_changed_never_hides_a_stay_that_is_being_booked(store, database, racers, size):
    setting = staged(store, size)

    result = racers.race(database.url, [reserve_place, confirm_unchanged], rounds=size, setting=setting)

    assert result.unhandled == []
    assert result.counts() == {DONE: size * 2}
    with store.reading() as session:
        free = availability(session, setting["units"], day=TODAY)
        assert [free.bookable(unit, TODAY, night(14)) for unit in setting["units"]] == [0] * size


@small_and_full(40, 500)
def test_two_reports_from_the_same_form_store_one_and_tell_the_other(store, database, racers, size):
    setting = staged(store, size)

    result = racers.race(database.url, [report_filled, report_filled], rounds=size, setting=setting)

    assert result.unhandled == []
    assert result.counts() == {DONE: size, "EditedMeanwhile": size}
    with store.reading() as session:
        assert session.scalar(select(func.count()).select_from(VacancyReport)) == size * 2


def assert_never_over_capacity(store, units):
    """A unit holds what its newest report says, and the live stays that the report has not counted."""
    with store.reading() as session:
        held = session.execute(
            text(
                "SELECT r.unit_id, r.maximum, r.occupied + r.reserved + (SELECT count(*) FROM placement p "
                "WHERE p.unit_id = r.unit_id AND p.state IN ('reserved', 'confirmed', 'active') "
                "AND p.counted_in_id IS DISTINCT FROM r.id) "
                "FROM vacancy_report r WHERE r.id IN (SELECT max(id) FROM vacancy_report GROUP BY unit_id)"
            )
        ).all()
    assert {unit for unit, _, _ in held} == set(units)
    assert [row for row in held if row[2] > row[1]] == []
