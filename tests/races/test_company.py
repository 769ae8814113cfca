"""Two people who must not live together are given places at the same moment: one of them gets a place there."""

from placement.brokerage.holding import hold_place
from placement.brokerage.reservations import reserve
from placement.records.placements import Placement
from placement.records.providers import Unit
from placement.records.referrals import Referral
from tests.builders import a_placement, a_report, a_service, a_unit
from tests.conftest import NOW
from tests.races.racing import DONE
from tests.races.stage import BROKER, STAY, at, people, referrals
from tests.races.test_last_place import small_and_full


def staged(store, size):
    """Store services of two units with room for three, and a pair of people for each who are kept apart."""
    setting = {"ones": [], "others": [], "referrals": [], "rivals": []}
    with store.writing() as session:
        ids = people(session, 2 * size)
        setting["referrals"], setting["rivals"] = referrals(session, ids[:size]), referrals(session, ids[size:])
        for number in range(size):
            service = a_service(session)
            setting["ones"].append(a_unit(session, service=service, accepting=3).id)
            setting["others"].append(a_unit(session, service=service, accepting=3).id)
            rival = session.get_one(Referral, setting["rivals"][number])
            session.get_one(Referral, setting["referrals"][number]).apart = [rival.person]
    return setting


def reserve_one(session, setting, number, _racer):
    referral = session.get_one(Referral, at(setting, "referrals", number))
    reserve(session, referral, session.get_one(Unit, at(setting, "ones", number)), STAY, by=BROKER, now=NOW)


def reserve_other(session, setting, number, _racer):
    referral = session.get_one(Referral, at(setting, "rivals", number))
    reserve(session, referral, session.get_one(Unit, at(setting, "others", number)), STAY, by=BROKER, now=NOW)


def hold_other(session, setting, number, _racer):
    referral = session.get_one(Referral, at(setting, "rivals", number))
    unit = session.get_one(Unit, at(setting, "others", number))
    hold_place(session, referral, unit, STAY, length="half_hour", by=BROKER, now=NOW)


@small_and_full(20, 500)
def test_of_two_who_are_kept_apart_one_is_placed_in_a_service(store, database, racers, size):
    result = racers.race(database.url, [reserve_one, reserve_other], rounds=size, setting=staged(store, size))

    assert result.unhandled == []
    assert result.counts() == {DONE: size, "NoLongerVacant": size}
    assert result.rounds_with(winners=1) == size


@small_and_full(20, 500)
def test_a_place_that_is_held_for_one_of_them_counts_as_taken(store, database, racers, size):
    result = racers.race(database.url, [reserve_one, hold_other], rounds=size, setting=staged(store, size))

    assert result.unhandled == []
    assert result.rounds_with(winners=1) == size


def widen(session, setting, number, _racer):
    """The provider says that the place for one has room for two."""
    unit = session.get_one(Unit, at(setting, "ones", number), with_for_update=True)
    unit.capacity = 2
    a_report(session, unit, maximum=2, accepting=2)


@small_and_full(20, 500)
def test_nobody_joins_who_must_live_alone_whatever_the_provider_says_meanwhile(store, database, racers, size):
    setting = staged(store, size)
    with store.writing() as session:
        for number in range(size):
            unit = session.get_one(Unit, at(setting, "ones", number))
            unit.capacity = 1
            a_placement(session, unit).referral.lives_alone = True

    result = racers.race(database.url, [reserve_one, widen], rounds=size, setting=setting)

    assert result.unhandled == []
    assert [each[0] for each in result.outcomes] == ["NoLongerVacant"] * size
    with store.reading() as session:
        assert session.query(Placement).count() == size
