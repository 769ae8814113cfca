"""The synthetic markets: the same from the same seed, of the size asked for, and with the shape that they are for."""

from __future__ import annotations

from functools import partial

import pytest

from benchmarks.country import NOWHERE, Country, border, left_over
from benchmarks.generator import day, quarter, region
from placement.matching.problem.documents import fingerprint
from placement.matching.table.columns import columns_of
from placement.matching.tiers.solving import solve
from placement.matching.worth.first_come import first_come, tally


@pytest.mark.parametrize("build", [day, quarter, partial(region, units=50)])
def test_a_market_comes_from_its_seed_alone(build):
    assert fingerprint(build(1, needs=20)) == fingerprint(build(1, needs=20))
    assert fingerprint(build(1, needs=20)) != fingerprint(build(2, needs=20))


def test_a_day_has_the_size_that_is_asked_for():
    instance = day(1, needs=7, services=30, nights=12)

    assert (len(instance.needs), len(instance.units), instance.nights) == (7, 30, 12)


def test_an_undated_day_starts_tonight_and_knows_no_dates():
    instance = day(1, dated=False)

    assert instance.nights == 1
    assert {(need.earliest, need.latest, need.nights) for need in instance.needs} == {(0, 0, None)}


def test_side_rules_are_there_only_where_asked_for():
    plain, crowded = day(1), day(1, side_rules=True)

    assert not plain.shared_caps
    assert "same" not in {unit.gender for unit in plain.units}
    assert not any(need.apart for need in plain.needs)
    assert any(unit.shared for unit in crowded.units)
    assert "same" in {unit.gender for unit in crowded.units}
    assert any(need.apart for need in crowded.needs)


def test_places_in_the_city_run_short_so_that_planning_matters():
    instance = day(2, dated=False)
    served, planned = (tally(instance, plan) for plan in (first_come(instance), solve(instance)))

    assert planned.out_of_city + planned.unplaced < served.out_of_city + served.unplaced


def test_a_quarter_is_dated_and_its_places_change_on_the_way():
    instance = quarter(1, needs=60, services=20)

    assert len({need.earliest for need in instance.needs}) > 20
    assert any(len(unit.free) > 1 for unit in instance.units)


def test_most_pairs_of_a_region_are_refused_but_few_people_have_none():
    instance = region(1, needs=300, units=400)
    columns = columns_of(instance)

    assert len(columns) < 0.1 * 300 * 400
    assert len(set(columns.need.tolist())) > 0.8 * 300


def test_councils_share_no_name_and_are_alike_whoever_builds_them():
    country = Country(seed=1, needs=300, units=60, councils=4)
    councils = [country.council(index) for index in range(4)]
    names = [thing.id for council in councils for thing in (*council.needs, *council.units)]

    assert len(names) == len(set(names))
    assert fingerprint(country.council(2)) == fingerprint(councils[2])
    assert len({council.city for council in councils}) == 4


def test_the_border_has_everybody_left_and_only_what_is_left():
    country = Country(seed=1, needs=200, units=40, councils=2)
    councils = [country.council(index) for index in range(2)]
    plans = [solve(council) for council in councils]
    unplaced, left = set(), {}
    for council, plan in zip(councils, plans, strict=True):
        names, places = left_over(council, plan)
        unplaced |= set(names)
        left |= places
    rest = border(councils, unplaced, left)

    matched = {match.need for plan in plans for match in plan.matches}
    assert {need.id for need in rest.needs} == {need.id for c in councils for need in c.needs} - matched
    everything = sum(unit.free[0].places for council in councils for unit in council.units)
    assert sum(unit.free[0].places for unit in rest.units) == everything - len(matched)
    assert NOWHERE not in {unit.authority for unit in rest.units}
