"""Who else wanted a place: just those whom a swap would let in, counted again from every explanation."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from placement.matching.explaining.explain import explain
from placement.matching.explaining.rivals import MOST_RIVALS, rivals_of
from placement.matching.tiers.solving import solve
from tests.exploring import tried
from tests.matching.builders import a_need, a_unit, an_instance
from tests.matching.explaining.test_swaps import a_crowded_day


@tried(20)
@given(st.integers(0, 10**9))
def test_the_rivals_of_a_match_are_those_whom_a_swap_would_let_in(seed):
    instance = a_crowded_day(seed)
    plan = solve(instance)
    found = rivals_of(instance, plan)
    wanted: dict[str, list[tuple[str, tuple]]] = {}
    for entry in plan.unmatched:
        for place in explain(instance, plan, entry.need).outbid:
            for holder in place.displaced:
                wanted.setdefault(holder, []).append((entry.need, place.swap))

    assert found.keys() == wanted.keys()
    for holder, rivals in found.items():
        assert len(rivals) == min(MOST_RIVALS, len(wanted[holder]))
        assert all((rival.need, rival.swap) in wanted[holder] for rival in rivals)
        assert holder in {match.need for match in plan.matches}


def test_the_rival_whose_coming_costs_least_is_told_first():
    needs = [a_need("N1", weight=300), a_need("N2", weight=100), a_need("N3", weight=200)]
    instance = an_instance([a_unit()], needs)
    told = rivals_of(instance, solve(instance))

    assert {holder: [rival.need for rival in rivals] for holder, rivals in told.items()} == {"N1": ["N3", "N2"]}


def test_whoever_has_a_place_in_the_city_is_nobodys_rival():
    instance = an_instance([a_unit("U1"), a_unit("U2")], [a_need("N1"), a_need("N2")])
    assert rivals_of(instance, solve(instance)) == {}
