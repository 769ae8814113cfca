"""The least that each need can stay in the city for, in points."""

from __future__ import annotations

from placement.matching.problem.facts import Price
from placement.matching.worth.cheapest import least_points
from tests.matching.builders import CITY, ELSEWHERE, a_need, a_unit, an_instance


def test_the_cheapest_place_is_that_of_the_best_start_in_the_city_and_ignores_the_limit():
    units = [a_unit("U1"), a_unit("U2", offers=frozenset({"pbs"})), a_unit("U3", authority=ELSEWHERE)]
    prices = (Price(unit="U1", start=0, end=4, points=9), Price(unit="U2", start=0, end=10, points=5))
    needs = [
        a_need("N1", nights=3, latest=3),
        a_need("N2", nights=3, hold_above=1),
        a_need("N3", nights=3, essential=frozenset({"pbs"})),
        a_need("N4", essential=frozenset({"hoist"})),
    ]
    instance = an_instance(units, needs, prices=prices)

    assert instance.city == CITY
    assert least_points(instance) == {"N1": 9, "N2": 15, "N3": 15}
