"""The demo city with prices of places: they steer which place people get, and leave nobody without one."""

from __future__ import annotations

from collections.abc import Callable

from placement.domain.people import SYSTEM
from placement.matching.budget import Budget
from placement.matching.tiers.solving import solve
from placement.matching.worth.prices import place_prices
from placement.planning.demand import demand
from placement.planning.prices import Computed, save_prices
from placement.planning.snapshot import open_instance
from tests.conftest import NOW
from tests.demo.conftest import City


def test_prices_from_the_demos_year_change_which_places_are_proposed_and_not_how_many(cities: Callable[[str], City]):
    with cities("sqlite").store.write() as session:  # rolled back: the city is everybody's
        asked = demand(session, now=NOW)
        prices = place_prices(asked.instance, asked.history)
        computed = Computed(
            prices=prices, first_night=asked.instance.first_night, nights=45, seed=0,
            history_days=asked.history.days, arrivals=len(asked.history.arrivals), seconds=1.0,
        )  # fmt: skip
        save_prices(session, computed, by=SYSTEM, now=NOW)
        priced = open_instance(session, now=NOW)
        session.rollback()

    assert asked.history.days == 365
    assert len(asked.history.arrivals) > 300
    assert priced.prices == prices
    without, steered = (solve(instance, budget=Budget(seconds=30)) for instance in (asked.instance, priced))
    assert without.status == steered.status == "optimal"
    assert [tier.value for tier in without.objectives[:2]] == [tier.value for tier in steered.objectives[:2]]
    assert {(match.need, match.unit) for match in without.matches} != {
        (match.need, match.unit) for match in steered.matches
    }
