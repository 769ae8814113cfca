"""The relaxation: looking at few columns first changes how long it takes and nothing else."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from placement.matching.judging.objectives import OBJECTIVES
from placement.matching.parameters import GenerationParameters
from placement.matching.solvers import glop
from placement.matching.solvers.certificate import certify
from placement.matching.solvers.glop import relax
from placement.matching.solvers.inventory import inventory, solver_of
from placement.matching.solvers.program import NOBODY, EarlierTier, Program
from placement.matching.table.rows import Rows
from tests.exploring import tried
from tests.matching.builders import a_day, a_need, a_small_instance, a_unit, an_instance
from tests.matching.programs import subproblem_of

seeds = st.integers(0, 10**9)
NOWHERE = np.empty(0, np.int64)


ONE_BY_ONE = GenerationParameters(many=0, first=1, more=1)
"""Begin with the best column of each need and add one at a time, however few there are."""


def worth_of(program, relaxed):
    return float(program.worth @ relaxed.used)


def tiers_of(instance):
    """Return every objective as a program of its own: where one is kept, all columns are looked at."""
    subproblems = (subproblem_of(instance, tier, []) for tier in range(len(OBJECTIVES)))
    return [subproblem for subproblem in subproblems if len(subproblem.need)]


@tried(40)
@given(seeds)
def test_few_columns_at_a_time_end_at_the_same_worth_and_the_same_bound(seed):
    for subproblem in tiers_of(a_small_instance(seed)):
        whole, bit_by_bit = relax(subproblem), relax(subproblem, start=NOWHERE, generation=ONE_BY_ONE)

        assert worth_of(subproblem, bit_by_bit) == pytest.approx(worth_of(subproblem, whole), abs=1e-4)
        assert certify(subproblem, bit_by_bit).bound == certify(subproblem, whole).bound


def test_a_crowded_day_ends_at_the_same_worth_on_every_tier():
    for subproblem in tiers_of(a_day(5, needs=40, units=30, nights=20, tight=0.5)):
        whole, bit_by_bit = relax(subproblem), relax(subproblem, start=NOWHERE, generation=ONE_BY_ONE)

        assert len(subproblem.need) > 5 * len(np.unique(subproblem.need))
        assert worth_of(subproblem, bit_by_bit) == pytest.approx(worth_of(subproblem, whole), abs=1e-3)


def test_people_who_have_to_be_matched_and_all_like_one_place_best_are_relaxed_over_all_columns():
    units = [a_unit("best", quality=3), a_unit("other", quality=1)]
    subproblem = subproblem_of(an_instance(units, [a_need("N1"), a_need("N2")]), 2, [])
    subproblem = replace(subproblem, must=np.array([0, 1]))

    assert relax(subproblem, start=NOWHERE, generation=ONE_BY_ONE).used.tolist() == relax(subproblem).used.tolist()
    assert relax(subproblem, start=NOWHERE, generation=ONE_BY_ONE).used.sum() == pytest.approx(2)


def a_program(dice):
    """Return a random program with gaps between the needs' numbers, all, some or none of which have to be matched."""
    needs = np.sort(dice.choice(60, size=8, replace=False))
    need = np.sort(dice.choice(needs, size=40))
    needs = np.unique(need)
    first = dice.integers(0, 12, len(need))
    pool = first // 6
    rows = Rows(
        column=np.arange(len(need)),
        first=first,
        last=np.minimum(first + dice.integers(1, 4, len(need)), 6 * (pool + 1)),
        weight=dice.integers(1, 3, len(need)),
        places=dice.integers(2, 5, 12),
        pool=np.arange(12) // 6,
    )
    worth = dice.integers(-50, 100, len(need))
    alike = EarlierTier(worth=np.ones(len(need), np.int64), value=len(needs))
    must, earlier = [(needs, [alike]), (needs[::3], []), (NOBODY, [])][dice.integers(3)]
    return Program(need=need, must=must, rows=rows, worth=worth, earlier=earlier)


@tried(200)
@given(seeds)
def test_it_ends_the_same_whoever_has_to_be_matched_and_whatever_tier_says_nothing(seed):
    program = a_program(np.random.default_rng(seed))
    whole, bit_by_bit = relax(program), relax(program, start=NOWHERE, generation=ONE_BY_ONE)

    assert (whole is None) == (bit_by_bit is None)
    if whole is not None:
        assert worth_of(program, bit_by_bit) == pytest.approx(worth_of(program, whole), abs=1e-6)
        assert certify(program, bit_by_bit).bound == certify(program, whole).bound


def test_the_time_in_which_a_model_is_made_is_taken_from_the_solvers(monkeypatch):
    """A model of a hundred thousand columns once took ten times the budget, and the solver had all of it still."""
    now, given = [100.0], []

    def slow(program, *, whole):
        now[0] += 3
        return inventory(program, whole=whole)

    def noted(name, seconds):
        given.append(seconds)
        return solver_of(name, seconds)

    monkeypatch.setattr(glop, "monotonic", lambda: now[0])
    monkeypatch.setattr(glop, "inventory", slow)
    monkeypatch.setattr(glop, "solver_of", noted)
    program = subproblem_of(an_instance([a_unit()], [a_need("N1"), a_need("N2")]), 0, [])

    assert relax(program, seconds=10.0) is not None
    assert given == [7.0]
    assert relax(program, seconds=2.0) is None
    assert given == [7.0]
