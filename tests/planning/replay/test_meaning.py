"""What somebody would change is about one unit, or about the places of a kind in a part of the city."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from placement.domain.errors import Invalid
from placement.domain.scenarios import Verb
from placement.matching.problem.facts import Span
from placement.planning.replay.living_through import LivedDays
from placement.planning.replay.meaning import MarketWish, market_changes
from placement.planning.replay.supply import PastSupply
from tests.matching.builders import ELSEWHERE, a_unit
from tests.planning.replay.histories import a_case, a_history, a_report

PBS = frozenset({"pbs"})


def units(*sizes, **given):
    return [a_unit(f"U{number}", places=size, offers=PBS, **given) for number, size in enumerate(sizes, start=1)]


def meant(wish, known, localities=None):
    changes = market_changes([wish], a_history(units=known), localities or {})
    return [(each.unit, each.places) for each in changes]


def test_the_largest_units_of_the_kind_in_the_locality_are_taken_first():
    known, parts = units(2, 5, 3, 9), {"U1": "north", "U2": "north", "U3": "north", "U4": "west"}
    close = MarketWish(verb=Verb.CLOSE, night=0, locality="north", kind_of=PBS)
    assert meant(replace(close, places=6), known, parts) == [(2, 5), (3, 1)]
    assert meant(close, known, parts) == [(2, None), (3, None), (1, None)]
    assert meant(replace(close, verb=Verb.OPEN, places=6), known, parts) == [(2, 6)]
    priced = replace(close, verb=Verb.REPRICE, weekly_pence=1)
    assert meant(priced, known, parts) == [(2, None), (3, None), (1, None)]


@given(sizes=st.lists(st.integers(1, 6), min_size=1, max_size=5), places=st.integers(1, 30))
def test_so_many_places_are_closed_as_were_asked_for_or_it_is_said_how_many_there_are(sizes, places):
    wish = MarketWish(verb=Verb.CLOSE, night=0, kind_of=PBS, places=places)
    if places > sum(sizes):
        with pytest.raises(Invalid, match=f"Change 1: there are only {sum(sizes)} such places"):
            meant(wish, units(*sizes))
    else:
        found = meant(wish, units(*sizes))
        assert sum(count for _, count in found) == places
        assert all(count <= sizes[unit - 1] for unit, count in found)


def test_places_are_opened_like_those_elsewhere_in_the_city_where_the_locality_has_none():
    known = [*units(2), a_unit("U9", places=50, offers=PBS, authority=ELSEWHERE)]
    wish = MarketWish(verb=Verb.OPEN, night=0, locality="north", kind_of=PBS, places=4)
    assert meant(wish, known, {"U1": "west"}) == [(1, 4)]
    for nowhere in (replace(wish, kind_of=frozenset({"bsl"})), replace(wish, verb=Verb.CLOSE)):
        with pytest.raises(Invalid, match="no unit there offers that"):
            meant(nowhere, known, {"U1": "west"})


def test_one_unit_is_meant_by_its_number_and_may_lie_outside():
    known = [*units(2), a_unit("U9", places=50, authority=ELSEWHERE)]
    assert meant(MarketWish(verb=Verb.CLOSE, night=0, unit=9), known) == [(9, None)]
    with pytest.raises(Invalid, match="not in the register"):
        meant(MarketWish(verb=Verb.CLOSE, night=0, unit=5), known)


def test_converted_places_are_taken_from_the_unit_and_offer_something_else_beside_it():
    known = units(3)
    history = a_history([a_case(essential=frozenset({"autism"}))], known, {"U1": (a_report(ours=3),)})
    wish = MarketWish(verb=Verb.CONVERT, night=2, unit=1, places=2, becomes=frozenset({"autism"}), weekly_pence=90_000)
    made = market_changes([wish], history, {})
    supply = PastSupply(history, made)
    supply.learn(0)
    old, new = supply.facts(0, 20)
    assert (old.free, old.offers) == ((Span(0, 2, 3), Span(2, 20, 1)), known[0].offers)
    assert (new.free, new.offers, new.weekly_pence) == ((Span(2, 20, 2),), frozenset({"autism"}), 90_000)
    assert [bool(each.stay) for each in LivedDays(history).live()] == [False]
    assert {each.stay.unit for each in LivedDays(history, made).live()} == {"U1+1"}
