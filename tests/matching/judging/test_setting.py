"""Looking a pair up: nights are cut at the horizon, starts are those with a place on every night, prices add up."""

from hypothesis import given
from hypothesis import strategies as st

from placement.matching.judging.nights import places_on
from placement.matching.judging.setting import Setting
from placement.matching.problem.facts import Price
from tests.exploring import tried
from tests.matching.builders import ELSEWHERE, a_need, a_small_instance, a_unit, an_instance


@tried(60)
@given(st.integers(0, 10**9))
def test_a_place_and_a_pool_are_there_where_they_are_on_every_night(seed):
    instance = a_small_instance(seed)
    setting = Setting(instance)
    for need in instance.needs:
        for unit in instance.units:
            for start in range(need.earliest, need.latest + 1):
                nights = range(start, setting.end(need, start))
                caps = [cap.spans(instance.nights) for cap in instance.shared_caps if cap.id in unit.shared]
                has_pool = all(places_on(free, night) > 0 for free in caps for night in nights)
                assert setting.has_pool(unit, start, nights.stop) == has_pool
                has_place = all(places_on(unit.free, night) > 0 for night in nights)
                assert setting.has_place(unit, start, nights.stop) == has_place


def test_an_open_ended_stay_and_one_that_would_run_over_end_with_the_horizon():
    setting = Setting(an_instance([], []))

    assert setting.end(a_need(nights=None), 4) == 10
    assert setting.end(a_need(nights=30), 4) == 10
    assert setting.end(a_need(nights=3), 4) == 7


def test_the_price_of_a_stay_counts_the_nights_that_have_one():
    prices = (Price(unit="U1", start=0, end=3, points=2), Price(unit="U1", start=5, end=9, points=10))
    unit, setting = a_unit(), Setting(an_instance([a_unit()], [], prices=prices))

    assert setting.price(unit, 1, 7) == 2 * 2 + 2 * 10
    assert setting.held_back(a_need(nights=6, hold_above=23), unit, 1)
    assert not setting.held_back(a_need(nights=6, hold_above=24), unit, 1)
    assert not setting.held_back(a_need(nights=6), unit, 1)


def test_there_are_no_miles_where_a_point_is_missing():
    setting = Setting(an_instance([], []))

    assert setting.miles(a_need(lat=52.4, lon=-1.5), a_unit()) is None
    assert setting.miles(a_need(lat=52.4, lon=-1.5), a_unit(lat=52.4, lon=-1.5)) == 0


def test_the_city_is_told_by_the_authority_and_who_wants_to_be_elsewhere_is_met_anywhere():
    setting = Setting(an_instance([], []))

    assert not setting.met_in_city(a_need(), a_unit(authority=ELSEWHERE))
    assert setting.met_in_city(a_need(wants_out_of_city=True), a_unit(authority=ELSEWHERE))
