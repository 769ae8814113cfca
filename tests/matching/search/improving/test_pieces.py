"""Pieces: a plan stays allowed, never gets worse and is the same for a seed; small ones end at the optimum."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from placement.matching.budget import Budget, Watch
from placement.matching.judging.check import check
from placement.matching.judging.objectives import OBJECTIVES
from placement.matching.parameters import PARAMETERS
from placement.matching.problem.instance import Instance
from placement.matching.search import tier_search as search
from placement.matching.search.greedy import greedy
from placement.matching.search.improving.pieces import improved
from placement.matching.search.open_columns import OpenColumns
from placement.matching.solvers.certificate import certify
from placement.matching.solvers.glop import relax
from placement.matching.table import gender_nights as gender_nights
from placement.matching.table.columns import Columns, columns_of
from placement.matching.table.reduction import Reduction
from placement.matching.tiers.solving import solve
from tests.exploring import tried
from tests.matching.brute_force import best_plan
from tests.matching.builders import a_day, a_small_instance

seeds = st.integers(0, 10**9)
IN_CITY = OBJECTIVES[0]


@pytest.fixture
def never_in_rows(monkeypatch):
    """Let no unit for one gender at a time be said in rows, as if each were open to hundreds."""
    monkeypatch.setattr(gender_nights, "MOST_IN_ROWS", -1)


@pytest.fixture
def only_pieces(monkeypatch):
    """Let no core be searched quickly, so that pieces have all the work to do."""
    monkeypatch.setattr(search.Search, "_cores", lambda _: iter(()))


def whole_face(instance: Instance) -> tuple[Columns, OpenColumns, np.ndarray]:
    columns = columns_of(instance)
    active = np.arange(len(columns))
    reduction = Reduction(columns)
    part = reduction.part(active)
    worth = columns.value(IN_CITY.slug, active)
    start = greedy(reduction, part, np.zeros(len(columns), bool))
    nobody = np.empty(0, np.int64)
    open_columns = OpenColumns(
        need=columns.need, must=nobody, rows=part.rows, gender_nights=part.gender_nights, worth=worth, earlier=[]
    )
    return columns, open_columns, start


@tried(40)
@given(seeds)
def test_pieces_of_a_small_instance_end_at_its_optimum(seed):
    instance = a_small_instance(seed)
    _, open_columns, start = whole_face(instance)
    watch = Watch(Budget(seconds=None))
    found = improved(open_columns, certify(open_columns, relax(open_columns)), start, watch)

    assert open_columns.allows(found)
    assert int(open_columns.worth[found].sum()) == best_plan(instance)[0][0]


def test_pieces_improve_a_day_that_is_too_large_for_one_piece_and_do_it_again():
    # One more of patience for each of the 60 needs.
    small = replace(PARAMETERS, pieces=replace(PARAMETERS.pieces, first_size=20, patience=-40))
    instance = a_day(5, needs=60, units=60, nights=30)
    _, open_columns, start = whole_face(instance)
    watch = Watch(Budget(seconds=None), seed=4)
    proof = certify(open_columns, relax(open_columns))
    found, again = (improved(open_columns, proof, start, watch, small) for _ in range(2))

    assert len(np.unique(open_columns.need)) > small.pieces.first_size
    assert open_columns.allows(found)
    assert open_columns.worth[start].sum() < open_columns.worth[found].sum() <= proof.bound
    assert found.tolist() == again.tolist()


@pytest.mark.usefixtures("never_in_rows", "only_pieces")
def test_plans_are_the_best_where_genders_are_kept_apart_without_rows():
    for seed in range(60):
        instance = a_small_instance(seed)
        plan = solve(instance)
        values, matches = best_plan(instance)

        assert plan.status == "optimal"
        assert tuple(tier.sign * found.value for tier, found in zip(OBJECTIVES, plan.objectives, strict=True)) == values
        assert {(match.need, match.unit, match.start) for match in plan.matches} == matches


@pytest.mark.usefixtures("never_in_rows", "only_pieces")
def test_a_day_under_a_work_limit_is_sound_and_the_same_again():
    instance = a_day(2, needs=30, units=30, nights=30, tight=0.5)
    plan, again = (solve(instance, budget=Budget(seconds=None, work=1.0), seed=3) for _ in range(2))

    assert check(instance, plan).is_sound
    assert replace(plan, seconds=0) == replace(again, seconds=0)
