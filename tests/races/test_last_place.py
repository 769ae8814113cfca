"""R1: the last place of a home, one person in two homes, one pool behind two units."""

from collections import Counter

import pytest
from sqlalchemy import text

from placement.brokerage.reservations import reserve
from placement.market.pools import add_shared_cap
from placement.records.providers import Unit
from placement.records.referrals import Referral
from tests.builders import a_service, a_unit
from tests.conftest import NOW
from tests.races.racing import DONE
from tests.races.stage import BROKER, STAY, at, last_places, people, referrals

LIVE = "state IN ('reserved', 'confirmed', 'active')"


def small_and_full(small, full):
    return pytest.mark.parametrize("size", [small, pytest.param(full, marks=pytest.mark.prove)], ids=["small", "full"])


def reserve_last_place(session, setting, number, racer):
    referral = session.get_one(Referral, setting["referrals"][number][racer])
    reserve(session, referral, session.get_one(Unit, at(setting, "units", number)), STAY, by=BROKER, now=NOW)


def reserve_own_unit(session, setting, number, racer):
    referral = session.get_one(Referral, setting["referrals"][number][racer])
    reserve(session, referral, session.get_one(Unit, setting["units"][number][racer]), STAY, by=BROKER, now=NOW)


def pairs(ids, size=2):
    return [ids[i : i + size] for i in range(0, len(ids), size)]


def stays_per(store, column):
    with store.reading() as session:
        rows = session.execute(text(f"SELECT {column}, count(*) FROM placement WHERE {LIVE} GROUP BY {column}"))
        return Counter(dict(tuple(row) for row in rows))


@small_and_full((6, 40), (20, 500))
def test_the_last_place_goes_to_exactly_one_of_many_brokers(store, database, racers, size, record_property):
    brokers, rounds = size
    with store.writing() as session:
        units = last_places(session, rounds)
        asked = pairs(referrals(session, people(session, rounds * brokers)), brokers)

    result = racers.race(
        database.url, [reserve_last_place] * brokers, rounds=rounds, setting={"units": units, "referrals": asked}
    )

    times = {f"p{share}": result.milliseconds(share / 100) for share in (50, 95, 99)}
    record_property(f"{database.engine} milliseconds", times)
    print(f"{database.engine}: {rounds} places × {brokers} brokers: {dict(result.counts())}, milliseconds {times}")
    assert result.unhandled == []
    assert result.counts() == {DONE: rounds, "NoLongerVacant": rounds * (brokers - 1)}
    assert stays_per(store, "unit_id") == dict.fromkeys(units, 1)
    with store.reading() as session:
        placed = "SELECT count(*) FROM referral WHERE state = 'placed'"
        told = "SELECT count(*) FROM audit_line WHERE event = 'place_reserved'"
        assert session.scalar(text(placed)) == session.scalar(text(told)) == rounds


@small_and_full(40, 1000)
def test_one_person_never_gets_two_homes_from_two_brokers(store, database, racers, size):
    with store.writing() as session:
        units = pairs(last_places(session, size * 2))
        persons = people(session, size)
        asked = list(zip(referrals(session, persons), referrals(session, persons), strict=True))

    result = racers.race(
        database.url, [reserve_own_unit] * 2, rounds=size, setting={"units": units, "referrals": asked}
    )

    assert result.unhandled == []
    assert result.counts() == {DONE: size, "AlreadyPlaced": size}
    assert stays_per(store, "person_id") == dict.fromkeys(persons, 1)


@small_and_full(40, 500)
def test_one_referral_never_gets_two_homes_from_two_brokers(store, database, racers, size):
    with store.writing() as session:
        units = pairs(last_places(session, size * 2))
        asked = [(referral, referral) for referral in referrals(session, people(session, size))]

    result = racers.race(
        database.url, [reserve_own_unit] * 2, rounds=size, setting={"units": units, "referrals": asked}
    )

    assert result.unhandled == []
    assert result.counts() == {DONE: size, "OutOfStep": size}
    assert set(stays_per(store, "referral_id").values()) == {1}


@small_and_full(30, 500)
def test_the_last_place_of_a_pool_behind_two_units_goes_to_one_of_them(store, database, racers, size):
    with store.writing() as session:
        units = []
        for number in range(size):
            service = a_service(session)
            both = [a_unit(session, service=service) for _ in range(2)]
            add_shared_cap(session, both, name=f"Staff {number}", places=1, by=BROKER, now=NOW)
            units.append([unit.id for unit in both])
        asked = pairs(referrals(session, people(session, size * 2)))

    result = racers.race(
        database.url, [reserve_own_unit] * 2, rounds=size, setting={"units": units, "referrals": asked}
    )

    assert result.unhandled == []
    assert result.counts() == {DONE: size, "NoLongerVacant": size}
    taken = stays_per(store, "unit_id")
    assert all(taken[first] + taken[second] == 1 for first, second in units)
