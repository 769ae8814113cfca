"""A unit that is split, and a place that is kept for others, while a broker reserves the last place."""

from placement.brokerage.reservations import reserve
from placement.domain.people import Actor, Role
from placement.market.numbers import Numbers
from placement.market.others import keep_places
from placement.market.splitting import SplitOff, split_unit
from placement.records.providers import Unit
from placement.records.referrals import Referral
from tests.builders import TODAY, a_report, a_unit
from tests.conftest import NOW
from tests.races.racing import DONE
from tests.races.stage import BROKER, STAY, at, people, referrals
from tests.races.test_last_place import small_and_full, stays_per

PIA = Actor(user_id=None, name="Pia", role=Role.PROVIDER)


def reserve_last_place(session, setting, number, racer):
    referral = session.get_one(Referral, at(setting, "referrals", number))
    reserve(session, referral, session.get_one(Unit, at(setting, "units", number)), STAY, by=BROKER, now=NOW)


def split_it_off(session, setting, number, racer):
    share = SplitOff(name="New", numbers=Numbers(maximum=1, occupied=0, reserved=0, accepting=1))
    split_unit(session, session.get_one(Unit, at(setting, "units", number)), share, by=PIA, now=NOW)


def keep_it(session, setting, number, racer):
    unit = session.get_one(Unit, at(setting, "units", number))
    keep_places(session, unit, purpose="private_client", places=1, start_on=TODAY, by=PIA, now=NOW)


def half_taken(session, count):
    units = [a_unit(session, accepting=None, capacity=2) for _ in range(count)]
    for unit in units:
        a_report(session, unit, maximum=2, occupied=1, accepting=1)
    return [unit.id for unit in units]


def raced(store, database, racers, size, other):
    with store.writing() as session:
        units = half_taken(session, size)
        asked = referrals(session, people(session, size))

    result = racers.race(
        database.url, [reserve_last_place, other], rounds=size, setting={"units": units, "referrals": asked}
    )

    assert result.unhandled == []
    counts = result.counts()
    assert counts[DONE] == size, counts
    assert counts.get("NoLongerVacant", 0) + counts.get("Invalid", 0) == size, counts
    assert set(stays_per(store, "unit_id").values()) <= {1}


@small_and_full(20, 300)
def test_the_last_place_is_reserved_or_split_off_and_never_both(store, database, racers, size):
    raced(store, database, racers, size, split_it_off)


@small_and_full(20, 300)
def test_the_last_place_is_reserved_or_kept_for_others_and_never_both(store, database, racers, size):
    raced(store, database, racers, size, keep_it)
