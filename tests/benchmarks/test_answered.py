"""Ninety days with answers: everybody is counted once, no place is given without a yes, and a no counts for good."""

from __future__ import annotations

from random import Random

import pytest

from benchmarks.answered import Answering, Providers, in_waves, one_at_a_time
from benchmarks.online import DAYS, HORIZON, Policy
from benchmarks.streams import a_city, a_stream, other_demand
from placement.matching.worth.first_come import first_come
from placement.matching.worth.futures import Arrival
from tests.matching.builders import a_need, a_unit, an_instance

FIRST_COME = Policy(plan=first_come, at_once=True)
ASKS = {"one at a time": one_at_a_time, "in waves": in_waves}


class Witness(Answering):
    """The days, with a note of who got which place."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.placed = []

    def _place(self, need, found):
        self.placed.append((need, found.unit))
        super()._place(need, found)


@pytest.mark.parametrize("asks", ASKS.values(), ids=ASKS)
def test_everybody_is_counted_once_and_only_a_yes_is_a_place(asks):
    dice = Random("a season with answers")
    city, stream = a_city(dice, HORIZON), a_stream(other_demand(dice), DAYS, dice)
    providers = Providers(city, "a season")
    lived = []
    for _ in range(2):
        world = Witness(city, stream, FIRST_COME, asks=asks, providers=providers)
        tally = world.live()
        names = [need.id for need in (*tally.met, *tally.out)]
        assert sorted(names) == [arrival.need.id for arrival in stream]
        assert all(providers.answer(need, unit)[0] for need, unit in world.placed)
        assert len(world.heard.waited) == len(stream)
        assert min(world.heard.waited) >= 0
        lived.append((tally.told() | {"seconds": 0}, world.heard))
    assert lived[0] == lived[1], "the same seed lives the same days"


class Said(Providers):
    """Providers that answer as a test says: yes or no, and after so many minutes, by unit."""

    def __init__(self, **answers):
        self.answers = answers

    def answer(self, need, unit):
        return self.answers[unit]


def two_houses(asks, need=None, **answers):
    """A city of two units, the first of which is the better one, and who asks for a place on the first day."""
    units = [a_unit(id=name, free=[(0, HORIZON, 1)], quality=3 - at) for at, name in enumerate(answers)]
    city = an_instance(units, [], nights=HORIZON)
    need = need or a_need("A", kind="crisis", nights=5)
    world = Answering(city, [Arrival(day=0, need=need)], FIRST_COME, asks=asks, providers=Said(**answers))
    world.live()
    return world


def test_a_no_is_followed_by_the_next_one_while_there_is_time():
    assert len(two_houses(one_at_a_time, U1=(False, 60), U2=(True, 60)).tally.met) == 1
    assert len(two_houses(one_at_a_time, U1=(False, 700), U2=(True, 60)).tally.out) == 1
    assert len(two_houses(one_at_a_time, U1=(False, 60), U2=(False, 60)).tally.out) == 1


def test_waves_hear_the_second_while_the_first_is_slow_and_count_the_yes_that_was_not_needed():
    world = two_houses(in_waves, U1=(False, 700), U2=(True, 60))
    assert len(world.tally.met) == 1
    both = two_houses(in_waves, U1=(True, 60), U2=(True, 60))
    assert (both.heard.asked, both.heard.needless) == (2, 1)


def test_who_takes_a_day_to_answer_is_heard_the_next_day():
    waits = a_need("A", kind="move_on", nights=5, latest=14)
    assert len(two_houses(one_at_a_time, waits, U1=(True, 700)).tally.met) == 1
