"""Two crises are given the one place that a unit has for them at the same moment: one of them gets it."""

import pytest

from placement.brokerage.holding import hold_place
from placement.brokerage.reservations import reserve
from placement.domain.errors import NoLongerVacant
from placement.records.providers import Unit
from placement.records.referrals import Referral
from tests.builders import a_service, a_unit
from tests.conftest import NOW
from tests.races.racing import DONE
from tests.races.stage import BROKER, STAY, at, people, referrals
from tests.races.test_last_place import small_and_full


def staged(store, size):
    """Store units with room for three, one of them in a crisis, and two people in a crisis for each."""
    with store.writing() as session:
        ids = referrals(session, people(session, 2 * size))
        service = a_service(session)
        units = [a_unit(session, service=service, accepting=3, crisis_places=1).id for _ in range(size)]
    return {"units": units, "ones": ids[:size], "others": ids[size:]}


def reserve_one(session, setting, number, _racer):
    referral = session.get_one(Referral, at(setting, "ones", number))
    reserve(session, referral, session.get_one(Unit, at(setting, "units", number)), STAY, by=BROKER, now=NOW)


def reserve_other(session, setting, number, _racer):
    referral = session.get_one(Referral, at(setting, "others", number))
    reserve(session, referral, session.get_one(Unit, at(setting, "units", number)), STAY, by=BROKER, now=NOW)


def hold_other(session, setting, number, _racer):
    referral = session.get_one(Referral, at(setting, "others", number))
    unit = session.get_one(Unit, at(setting, "units", number))
    hold_place(session, referral, unit, STAY, length="half_hour", by=BROKER, now=NOW)


@small_and_full(20, 500)
def test_the_last_place_for_a_crisis_goes_to_one_of_two(store, database, racers, size):
    result = racers.race(database.url, [reserve_one, reserve_other], rounds=size, setting=staged(store, size))

    assert result.unhandled == []
    assert result.counts() == {DONE: size, "NoLongerVacant": size}
    assert result.rounds_with(winners=1) == size


@small_and_full(20, 500)
def test_a_place_held_for_one_crisis_is_not_given_to_another(store, database, racers, size):
    result = racers.race(database.url, [reserve_one, hold_other], rounds=size, setting=staged(store, size))

    assert result.unhandled == []
    assert result.rounds_with(winners=1) == size


def protect(session, setting, number, _racer):
    """The provider keeps every place for planned breaks."""
    session.get_one(Unit, at(setting, "units", number), with_for_update=True).crisis_places = 0


@small_and_full(20, 500)
def test_a_unit_protected_at_the_same_moment_takes_the_crisis_before_it_or_not_at_all(store, database, racers, size):
    setting = staged(store, size)
    result = racers.race(database.url, [reserve_one, protect], rounds=size, setting=setting)

    assert result.unhandled == []
    assert set(result.counts()) <= {DONE, "NoLongerVacant"}
    with store.writing() as session:
        for number in range(size):
            with pytest.raises(NoLongerVacant):
                reserve_other(session, setting, number, 0)
