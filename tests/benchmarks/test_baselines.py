"""The baselines: sound, never better than the proof, and the exact ones equal to it."""

from __future__ import annotations

import json

import pytest

from benchmarks.audit import Audit
from benchmarks.baselines import best_first, naive, plan_of
from benchmarks.form import SideRules, write_form
from benchmarks.fresh import PieceFailed, fresh
from benchmarks.generator import day
from benchmarks.highs import climbs
from benchmarks.pieces import build
from placement.matching.budget import Budget
from placement.matching.judging.objectives import OBJECTIVES
from placement.matching.table.columns import columns_of
from placement.matching.tiers.solving import solve

SMALL = {"needs": 20, "services": 60, "nights": 20}


@pytest.mark.parametrize("dated", [False, True])
def test_naive_cp_sat_reaches_the_five_values_of_the_engine(dated):
    instance = day(3, dated=dated, **SMALL)
    _, tiers = naive(columns_of(instance), seconds=60)

    proven = solve(instance, budget=Budget(seconds=None)).objectives
    assert [tier["value"] for tier in tiers] == [o.sign * p.value for o, p in zip(OBJECTIVES, proven, strict=True)]


@pytest.mark.parametrize("dated", [False, True])
def test_highs_reaches_the_five_values_of_the_engine_in_a_process_of_its_own(dated, tmp_path):
    instance = day(3, dated=dated, **SMALL)
    write_form(instance, tmp_path / "form.npz")
    told = fresh(climbs, path=str(tmp_path / "form.npz"), whole=True, tiers=5, seconds=60).value
    plan = plan_of(instance, columns_of(instance), told["chosen"], "highs")
    proven = solve(instance, budget=Budget(seconds=None)).objectives

    assert [tier["status"] for tier in told["tiers"]] == ["Optimal"] * 5
    assert [outcome.value for outcome in plan.objectives] == [outcome.value for outcome in proven]


def test_the_linear_relaxation_is_no_less_than_the_plan(tmp_path):
    instance = day(4, **SMALL)
    write_form(instance, tmp_path / "form.npz")
    told = fresh(climbs, path=str(tmp_path / "form.npz"), whole=False, tiers=1, seconds=60).value

    assert told["tiers"][0]["value"] >= solve(instance).objectives[0].value - 1e-6


def test_best_first_is_sound_and_never_better_than_the_plan():
    audit = Audit()
    for seed in range(4):
        instance = day(seed, **SMALL)
        columns = columns_of(instance)
        plan = plan_of(instance, columns, best_first(columns), "best_first")
        audit.look_at(instance, plan)
        assert plan.objectives[0].value <= solve(instance).objectives[0].value

    assert audit == Audit(plans=4, violations=0, differing=0)


def test_an_audit_counts_what_is_wrong():
    instance, audit = day(1, **SMALL), Audit()
    other = day(2, **SMALL)
    audit.look_at(other, solve(instance))

    assert audit.violations > 0


def test_the_inventory_form_refuses_side_rules(tmp_path):
    with pytest.raises(SideRules):
        write_form(day(1, side_rules=True, **SMALL), tmp_path / "form.npz")


def test_a_piece_runs_by_itself_and_says_what_it_took():
    ran = fresh(sum_of, numbers=[1, 2, 3])

    assert ran.value == {"sum": 6}
    assert ran.cpu > 0
    assert ran.peak > 1


def test_a_piece_that_fails_is_an_error():
    with pytest.raises(PieceFailed):
        fresh(sum_of, numbers=["a"])


def test_a_market_is_named_by_its_builder():
    assert build({"builder": "day", "seed": 1, "needs": 5}) == day(1, needs=5)


def sum_of(numbers):
    return json.loads(json.dumps({"sum": sum(numbers)}))
