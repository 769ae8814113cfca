"""Annealing: moves keep to every limit of a plan, never end worse than they began and are the same for a seed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st

from placement.matching.budget import Budget, Watch
from placement.matching.parameters import PARAMETERS
from placement.matching.search.improving import annealing
from placement.matching.search.improving.annealing import annealed, shaken
from placement.matching.search.improving.bitboard import Bitboard
from placement.matching.solvers.certificate import certify
from placement.matching.solvers.program import EarlierTier
from placement.matching.table import gender_nights as gender_nights
from tests.exploring import tried
from tests.matching.brute_force import best_plan
from tests.matching.builders import a_day, a_small_instance
from tests.matching.programs import a_proof, opened, some_plan

seeds = st.integers(0, 10**9)
FEW_MOVES = replace(PARAMETERS, annealing=replace(PARAMETERS.annealing, at_once=500, moves_a_need=300))


@tried(40)
@given(seeds, st.booleans())
def test_a_walk_stays_within_what_is_allowed_and_its_value_is_what_it_counts(seed, in_rows):
    open_columns, dice = opened(a_small_instance(seed), in_rows=in_rows), np.random.default_rng(seed)
    assume(len(open_columns.need))
    board = Bitboard(open_columns, certify(open_columns, None), some_plan(open_columns, dice), reach=np.inf)
    walk = annealing.Walk(board, seed=seed, at_once=500)
    walk.on(200.0)

    for at, value in ((walk.board.at, walk.value), (walk.where, walk.most)):
        chosen = walk.board.chosen(at)
        assert open_columns.allows(chosen)
        assert int(open_columns.worth[chosen].sum()) == value
    assert walk.most <= best_plan(a_small_instance(seed))[0][0]


def test_annealing_betters_a_day_and_does_it_again():
    open_columns = opened(a_day(5, needs=60, units=60, nights=30))
    start, proof = some_plan(open_columns, np.random.default_rng(1)), a_proof(open_columns)
    found, again = (
        annealed(open_columns, proof, start, Watch(Budget(seconds=None), seed=4), FEW_MOVES) for _ in range(2)
    )

    assert open_columns.allows(found)
    assert open_columns.worth[start].sum() < open_columns.worth[found].sum() <= proof.bound
    assert found.tolist() == again.tolist()


def test_annealing_holds_the_tiers_before_it():
    open_columns = opened(a_day(5, needs=60, units=60, nights=30))
    start = some_plan(open_columns, np.random.default_rng(1))
    fit = np.random.default_rng(2).integers(-100, 100, len(open_columns.need))
    earlier = [EarlierTier(worth=open_columns.worth, value=int(open_columns.worth[start].sum()))]
    open_columns = replace(open_columns, worth=fit, earlier=earlier)
    found = annealed(open_columns, a_proof(open_columns), start, Watch(Budget(seconds=None)), FEW_MOVES)

    assert open_columns.allows(found)
    assert fit[found].sum() > fit[start].sum()


def test_a_plan_that_loses_next_to_nothing_is_left_alone(monkeypatch):
    open_columns = opened(a_day(5, needs=60, units=60, nights=30))
    proof = a_proof(open_columns)
    nearly = annealed(
        open_columns, proof, some_plan(open_columns, np.random.default_rng(1)), Watch(Budget(seconds=None)), FEW_MOVES
    )
    warm = replace(FEW_MOVES, annealing=replace(FEW_MOVES.annealing, cold=1.0))
    monkeypatch.setattr(annealing, "Walk", None)

    assert annealed(open_columns, proof, nearly, Watch(Budget(seconds=None)), warm) is nearly


def test_a_plan_is_shaken_into_another_one_that_is_allowed_and_holds_the_tiers():
    open_columns = opened(a_day(5, needs=60, units=60, nights=30), in_rows=False)
    start = some_plan(open_columns, np.random.default_rng(1))
    fit = np.random.default_rng(2).integers(-100, 100, len(open_columns.need))
    open_columns = replace(
        open_columns,
        worth=fit,
        earlier=[EarlierTier(worth=open_columns.worth, value=int(open_columns.worth[start].sum()))],
    )
    proof = a_proof(open_columns)
    found, again = (
        shaken(open_columns, proof, start, Watch(Budget(seconds=None)), FEW_MOVES, seed=3) for _ in range(2)
    )

    assert open_columns.gender_nights.binds
    assert open_columns.allows(found)
    assert found.tolist() != start.tolist()
    assert found.tolist() == again.tolist()
