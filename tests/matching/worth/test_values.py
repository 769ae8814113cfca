"""What one more place is worth is what solving again says, and nothing else."""

from __future__ import annotations

import json
import random
import time

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from placement.matching.budget import Budget, Watch
from placement.matching.problem.documents import read_instance, write_instance
from placement.matching.tiers.solving import solve
from placement.matching.worth.estimates import estimates
from placement.matching.worth.values import values, with_places
from placement.web.commands.match import match
from tests.exploring import tried
from tests.matching.brute_force import best_plan
from tests.matching.builders import (
    a_day,
    a_long_horizon,
    a_small_instance,
    a_unit,
    an_instance,
)

seeds = st.integers(0, 10**9)
TIGHT = a_day(4, needs=15, units=20, nights=20, tight=0.3)


def difference(instance, more):
    before, after = solve(instance), solve(more)
    return {was.slug: now.value - was.value for was, now in zip(before.objectives, after.objectives, strict=True)}


@tried(4)
@given(seeds)
def test_every_value_is_the_difference_of_two_fresh_solves(seed):
    for instance in (a_small_instance(seed), a_day(seed, needs=12, units=15, nights=20, tight=0.4)):
        found = values(instance, top=4)
        assert found.places
        for place in found.places:
            assert [gain.places for gain in place.gains] == [1, 2, 5]
            for gain in place.gains:
                assert gain.status == "optimal"
                assert gain.adds == difference(instance, with_places(instance, place.unit, gain.places))


@tried(25)
@given(seeds)
def test_on_small_instances_it_is_the_difference_of_two_brute_forces(seed):
    instance = a_small_instance(seed)
    found = values(instance, top=1)
    before, _ = best_plan(instance)
    for place in found.places:
        after, _ = best_plan(with_places(instance, place.unit, 1))
        told = list(place.gains[0].adds.values())
        assert [*told[:3], -told[3], -told[4]] == [now - was for was, now in zip(before, after, strict=True)]


def test_without_time_for_a_relaxation_kinds_are_ordered_by_less_and_all_of_them():
    found = values(TIGHT, top=100)
    units = [place.unit for place in found.places]
    promised = estimates(TIGHT, found.base, units, watch=Watch(Budget(seconds=0)))

    assert len(promised) == len(units) == found.kinds
    assert promised != [place.estimate for place in found.places]


@pytest.mark.prove
def test_values_end_with_their_budget_however_long_a_relaxation_would_be():
    instance = a_long_horizon(random.Random(1), "plain")
    began = time.monotonic()
    values(instance, budget=Budget(seconds=8))

    assert time.monotonic() - began <= 1.25 * 8 + 2


def test_places_come_by_what_one_adds_tier_by_tier_and_more_never_meet_fewer():
    found = values(TIGHT, top=12)
    ranked = [tuple(place.gains[0].adds[slug] for slug in ("in_city", "placed", "fit")) for place in found.places]

    assert ranked == sorted(ranked, reverse=True)
    assert ranked[0][0] > 0
    for place in found.places:
        met = [gain.adds["in_city"] for gain in place.gains]
        assert met == sorted(met)


def test_what_the_time_does_not_reach_is_left_out():
    assert values(TIGHT, cancelled=lambda: True).places == ()


def test_a_market_without_needs_has_nothing_to_gain():
    (place,) = values(an_instance([a_unit()], [])).places

    assert {value for gain in place.gains for value in gain.adds.values()} == {0}


@pytest.fixture
def path(tmp_path):
    (tmp_path / "instance.json").write_text(write_instance(TIGHT), encoding="utf-8")
    return tmp_path / "instance.json"


def test_the_command_gives_each_place_as_a_unit_that_can_be_tried(path):
    result = CliRunner().invoke(match, ["value", str(path), "--top", "3"])
    told = json.loads(result.stdout)

    assert result.exit_code == 0
    assert (told["format"], told["status"], len(told["places"])) == ("placement-values/1", "optimal", 3)
    assert told["agreement"].keys() == {"in_city", "placed", "fit"}
    first = told["places"][0]
    document = json.loads(write_instance(TIGHT))
    more = read_instance(json.dumps({**document, "units": [*document["units"], first["unit"]]}))
    assert difference(TIGHT, more) == first["gains"][0]["adds"]


def test_the_table_has_a_line_a_kind(path):
    result = CliRunner().invoke(match, ["value", str(path), "--top", "2", "--table"])

    assert result.exit_code == 0
    assert sum("a week" in line for line in result.stdout.splitlines()) == 2
    assert CliRunner().invoke(match, ["value", str(path), "--top", "0"]).exit_code == 2
