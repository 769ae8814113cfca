"""Each term of the fit by its own numbers, and the fit as their sum."""

import pytest

from placement.matching.judging.points import TERMS, fit
from placement.matching.judging.setting import Setting
from placement.matching.problem.facts import Current, Price
from tests.matching.builders import a_need, a_unit, an_instance

HOME = {"lat": 52.4, "lon": -1.5}


def term(slug, need, unit, start=0, **given):
    setting = Setting(an_instance([unit], [need], **given))
    found = {each.slug: each.points(need, unit, start, setting) for each in TERMS}
    assert sum(found.values()) == fit(need, unit, start, setting)
    return found[slug]


def test_twenty_points_for_each_wish_that_is_met_and_known():
    need = a_need(desirable=frozenset({"pbs", "hoist", "garden"}), unknown=frozenset({"hoist"}))

    assert term("desirable", need, a_unit(offers=frozenset({"pbs", "hoist"}))) == 20


@pytest.mark.parametrize(("north", "points"), [(0.0, 0), (0.0035, 0), (0.004, -1), (1.0, -200)])
def test_a_point_less_for_each_whole_quarter_of_a_mile_down_to_two_hundred(north, points):
    assert term("distance", a_need(**HOME), a_unit(lat=52.4 + north, lon=-1.5)) == points
    assert term("distance", a_need(), a_unit(**HOME)) == 0


@pytest.mark.parametrize(("quality", "points"), [(None, 10), (0, 0), (1, 10), (2, 20), (3, 30)])
def test_a_unit_that_is_not_rated_counts_as_one_that_requires_improvement(quality, points):
    assert term("quality", a_need(), a_unit(quality=quality)) == points


@pytest.mark.parametrize(("acceptance", "points"), [(None, 20), (0.0, 0), (1.0, 40), (0.0125, 0), (0.0375, 2)])
def test_acceptance_is_rounded_halves_to_even(acceptance, points):
    assert term("acceptance", a_need(), a_unit(acceptance=acceptance)) == points


@pytest.mark.parametrize(("hours", "points"), [(23.9, 0), (24, -1), (10_000, -30)])
def test_a_vacancy_loses_a_point_a_day_down_to_thirty(hours, points):
    assert term("age", a_need(), a_unit(age_hours=hours)) == points


@pytest.mark.parametrize(("kind", "points"), [("respite", -6), ("crisis", -30)])
def test_two_nights_of_delay_cost_less_in_respite(kind, points):
    assert term("delay", a_need(kind=kind, latest=5), a_unit(), start=2) == points


def test_something_scarce_that_the_person_neither_needs_nor_wants_is_wasted():
    unit = a_unit(offers=frozenset({"pbs", "hoist"}))

    assert term("scarce", a_need(), unit, scarce=frozenset({"pbs"})) == -5
    assert term("scarce", a_need(desirable=frozenset({"pbs"})), unit, scarce=frozenset({"pbs"})) == 0


def test_eighty_points_for_the_same_unit_from_the_same_night():
    need = a_need(latest=3, current=Current(unit="U1", start=2))

    assert term("current", need, a_unit(), start=2) == 80
    assert term("current", need, a_unit(), start=1) == 0


def test_the_prices_of_the_nights_stayed_are_taken_off_and_extra_points_added():
    need = a_need(nights=3, extra_points={"U1": -7})
    prices = (Price(unit="U1", start=2, end=9, points=11),)

    assert term("prices", need, a_unit(), prices=prices) == -11
    assert term("extra", need, a_unit(), prices=prices) == -7
