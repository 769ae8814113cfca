"""Ninety days: everybody is counted once, nobody is put out, and hindsight is never beaten."""

from __future__ import annotations

from random import Random

import pytest

from benchmarks.online import DAYS, HORIZON, NOTICE, Ninety, Policy, fewest_out
from benchmarks.streams import USUAL, a_city, a_stream, other_demand
from placement.matching.problem.facts import Price
from placement.matching.tiers.solving import solve
from placement.matching.worth.first_come import first_come
from placement.matching.worth.futures import Arrival
from tests.matching.builders import a_need, a_unit, an_instance

FIRST_COME = Policy(plan=first_come, at_once=True)


@pytest.fixture(scope="module")
def a_season():
    dice = Random("a season for tests")
    return a_city(dice, HORIZON), a_stream(other_demand(dice), DAYS, dice)


def test_everybody_is_counted_once_and_hindsight_is_never_beaten(a_season):
    city, stream = a_season
    tally = Ninety(city, stream, FIRST_COME).live()

    names = [need.id for need in (*tally.met, *tally.out)]
    assert sorted(names) == [arrival.need.id for arrival in stream]
    assert len(tally.out) >= fewest_out(city, stream) > 0
    told = tally.told()
    assert told["in_city"] + told["out_of_city"] == len(stream)
    assert sum(told["out_of_city_by_kind"].values()) == told["out_of_city"]


def test_the_same_seed_lives_the_same_days_and_another_asks_for_other_things():
    first, again = (a_stream(USUAL, 30, Random("one")) for _ in range(2))
    assert first == again
    assert first != a_stream(USUAL, 30, Random("two"))
    other = other_demand(Random("one"))
    assert {kind: asking.a_day for kind, asking in other.kinds.items()} != {
        kind: asking.a_day for kind, asking in USUAL.kinds.items()
    }
    assert other.features != USUAL.features


def one_place(*needs, policy=FIRST_COME):
    """A city of one place, and who asks for it on which day."""
    city = an_instance([a_unit(free=[(0, HORIZON, 1)])], [], nights=HORIZON)
    return Ninety(city, [Arrival(day=day, need=need) for day, need in needs], policy)


def test_a_person_in_crisis_goes_out_the_same_day_and_others_wait_while_their_window_lasts():
    stays = a_need("A", kind="move_on", nights=10)
    crisis = a_need("B", kind="crisis", nights=5)
    waits = a_need("C", kind="move_on", nights=5, latest=10 + NOTICE)
    tally = one_place((0, stays), (1, crisis), (1, waits)).live()

    assert [need.id for need in tally.met] == ["A", "C"]
    assert [need.id for need in tally.out] == ["B"]


def test_what_is_only_proposed_gives_way_and_what_is_for_good_does_not():
    """Respite is proposed for later; somebody in crisis asks on the last day before it is for good, or after."""
    respite = a_need("A", kind="respite", earliest=10, nights=5)
    crisis = a_need("B", kind="crisis", weight=400, nights=14)
    for day, out in ((10 - NOTICE, ["A"]), (11 - NOTICE, ["B"])):
        tally = one_place((0, respite), (day, crisis), policy=Policy(plan=solve)).live()
        assert [need.id for need in tally.out] == out


def test_prices_are_asked_for_every_other_week_and_counted_from_the_day_on_which_they_are_used():
    asked = []

    def prices(instance):
        asked.append(instance.nights)
        return (Price(unit="U1", start=0, end=10, points=7),)

    life = one_place(policy=Policy(plan=first_come, prices=prices))
    life.live()
    assert asked == [HORIZON - day for day in range(0, DAYS, 14)]
    assert [(price.start, price.end) for price in life._instance(86).prices] == [(0, 8)]
