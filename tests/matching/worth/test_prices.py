"""Prices of places: what is wanted costs what the next person would lose; a price steers which place, never whether."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from placement.matching.problem.facts import CapFacts, Price
from placement.matching.problem.instance import Instance
from placement.matching.tiers.solving import solve
from placement.matching.worth.duals import FOR_A_WEIGHT
from placement.matching.worth.futures import Arrival, History
from placement.matching.worth.prices import place_prices
from tests.exploring import tried
from tests.matching.builders import ELSEWHERE, a_day, a_need, a_small_instance, a_unit, an_instance

IN_TOWN = {"lat": 52.4, "lon": -1.5}
# Weight 100, and a unit of which nothing is known: quality not rated, acceptance not known.
LOST = 100 * FOR_A_WEIGHT + 10 + 20


def asked_for_daily(people: int, **need: object) -> History:
    """A history in which so many people a day ask for a stay of one night."""
    given = {"kind": "crisis", "nights": 1, **need}
    return History(days=1, arrivals=tuple(Arrival(day=0, need=a_need(f"H{n}", **given)) for n in range(people)))


def nightly(instance: Instance, prices: tuple[Price, ...], unit: str) -> list[int]:
    found = np.zeros(instance.nights, int)
    for price in prices:
        if price.unit == unit:
            found[price.start : price.end] += price.points
    return found.tolist()


def test_a_place_that_somebody_always_goes_without_costs_what_that_person_loses():
    instance = an_instance([a_unit()], [])
    (price,) = place_prices(instance, asked_for_daily(40))

    assert (price.unit, price.start, price.end) == ("U1", 0, 10)
    assert price.points == LOST


def test_a_place_that_nobody_wants_costs_nothing():
    pbs, plain = a_unit("U1", offers=frozenset({"pbs"})), a_unit("U2")
    prices = place_prices(an_instance([pbs, plain], []), asked_for_daily(40, essential=frozenset({"pbs"})))

    assert {price.unit for price in prices} == {"U1"}
    assert place_prices(an_instance([pbs, plain], []), History(days=9, arrivals=())) == ()


def test_those_who_are_open_now_compete_too():
    nobody = History(days=1, arrivals=())
    open_now = [a_need(f"N{n}", nights=1, earliest=10) for n in range(2)]
    instance = an_instance([a_unit(free=[(0, 20, 1)])], open_now, nights=20)

    week = [round(LOST / 7)] * 7
    assert nightly(instance, place_prices(instance, nobody), "U1") == [0] * 7 + week + [0] * 6


def test_who_would_rather_be_elsewhere_is_in_nobodys_way_and_places_elsewhere_have_no_price():
    outside = a_unit("U2", authority=ELSEWHERE)
    away = asked_for_daily(40, wants_out_of_city=True)
    assert place_prices(an_instance([a_unit(), outside], [a_need(wants_out_of_city=True)]), away) == ()
    assert {price.unit for price in place_prices(an_instance([a_unit(), outside], []), asked_for_daily(40))} == {"U1"}


def test_a_shared_cap_makes_all_its_units_dear():
    units = [
        a_unit("U1", shared=frozenset({"C1"})),
        a_unit("U2", shared=frozenset({"C1"})),
        a_unit("U3", free=[(0, 10, 99)]),
    ]
    instance = an_instance(units, [], shared_caps=(CapFacts(id="C1", places=1),))
    prices = place_prices(instance, asked_for_daily(9, essential=frozenset({"x"})))
    assert prices == ()

    wanted = [replace(unit, offers=frozenset({"x"})) if unit.id != "U3" else unit for unit in units]
    prices = place_prices(replace(instance, units=tuple(wanted)), asked_for_daily(40, essential=frozenset({"x"})))
    assert {price.unit: price.points for price in prices} == {"U1": LOST, "U2": LOST}


def test_only_the_nights_asked_for_have_prices_and_the_instances_own_count_for_nothing():
    instance = an_instance([a_unit(free=[(0, 30, 1)])], [a_need("N1", earliest=25, hold_above=0)], nights=30)
    history = asked_for_daily(40)
    prices = place_prices(instance, history, nights=20)

    assert max(price.end for price in prices) == 20
    full = replace(instance, prices=(Price(unit="U1", start=0, end=30, points=500),))
    assert place_prices(full, history, nights=20) == prices


@tried(25)
@given(st.integers(0, 10**6))
def test_prices_are_sound_and_the_same_in_any_order(seed):
    instance = a_small_instance(seed)
    past = [replace(need, latest=need.latest - need.earliest, earliest=0) for need in instance.needs]
    history = History(days=1, arrivals=tuple(Arrival(day=0, need=need) for need in past))
    prices = place_prices(instance, history, seed=seed)

    assert all(price.points > 0 for price in prices)
    replace(instance, prices=prices)  # an instance refuses prices that overlap or lie outside
    dice = random.Random(seed)
    turned = replace(
        instance,
        units=tuple(dice.sample(instance.units, len(instance.units))),
        needs=tuple(dice.sample(instance.needs, len(instance.needs))),
        shared_caps=tuple(reversed(instance.shared_caps)),
    )
    assert place_prices(turned, replace(history, arrivals=tuple(reversed(history.arrivals))), seed=seed) == prices


def test_a_price_steers_who_gets_which_place_and_keeps_the_dear_one_free():
    """The near place would suit, but people still to come need what it offers."""
    units = [a_unit("U1", offers=frozenset({"pbs"}), **IN_TOWN), a_unit("U2", lat=52.45, lon=-1.5)]
    instance = an_instance(units, [a_need(kind="crisis", nights=5, **IN_TOWN)])
    coming = asked_for_daily(3, essential=frozenset({"pbs"}), **IN_TOWN)
    priced = replace(instance, prices=place_prices(instance, coming))

    assert [match.unit for match in solve(instance).matches] == ["U1"]
    assert [match.unit for match in solve(priced).matches] == ["U2"]


def test_prices_change_neither_how_many_are_met_in_the_city_nor_how_many_are_placed():
    for seed in range(3):
        instance = a_day(seed, needs=30, units=60, nights=30)
        dice = random.Random(seed)
        prices = tuple(Price(unit=unit.id, start=0, end=30, points=dice.randint(1, 99)) for unit in instance.units)
        plain, priced = solve(instance), solve(replace(instance, prices=prices))
        assert plain.status == priced.status == "optimal"
        assert [tier.value for tier in plain.objectives[:2]] == [tier.value for tier in priced.objectives[:2]]
        assert plain.objectives[2].value > priced.objectives[2].value
