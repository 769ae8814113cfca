"""Annealing: moves keep to every limit of a plan, never end worse than they began and are the same for a seed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from placement.matching.budget import Budget, Watch
from placement.matching.judging.objectives import OBJECTIVES
from placement.matching.search import annealing
from placement.matching.search.annealing import annealed, shaken
from placement.matching.search.bitboard import Bitboard
from placement.matching.search.open_columns import OpenColumns
from placement.matching.solvers.certificate import certify
from placement.matching.solvers.glop import relax
from placement.matching.solvers.program import EarlierTier
from placement.matching.table import gender_nights as gender_nights
from placement.matching.table.columns import columns_of
from placement.matching.table.gender_nights import gender_nights_of
from placement.matching.table.pools import PoolBook
from placement.matching.table.rows import rows_of
from tests.exploring import tried
from tests.matching.brute_force import best_plan
from tests.matching.builders import a_day, a_small_instance

seeds = st.integers(0, 10**9)
NOBODY = np.empty(0, np.int64)


@pytest.fixture
def few_moves(monkeypatch):
    monkeypatch.setattr(annealing, "AT_ONCE", 500)
    monkeypatch.setattr(annealing, "EACH", 300)


def a_face(instance, *, in_rows=True):
    columns = columns_of(instance)
    active = np.arange(len(columns))
    with pytest.MonkeyPatch.context() as patched:
        if not in_rows:
            patched.setattr(gender_nights, "MOST_IN_ROWS", -1)
        rows, together = rows_of(PoolBook(columns).detail(active), columns, active), gender_nights_of(columns, active)
    worth = columns.value(OBJECTIVES[0].slug, active)
    return OpenColumns(need=columns.need, must=NOBODY, rows=rows, gender_nights=together, worth=worth, earlier=[])


def a_proof(open_columns):
    return certify(open_columns, relax(open_columns))


def some_plan(open_columns, dice):
    """Add columns in any order while the face allows it."""
    chosen = NOBODY
    for column in dice.permutation(len(open_columns.need))[:60].tolist():
        more = np.sort(np.append(chosen, column))
        chosen = more if open_columns.allows(more) else chosen
    return chosen


@tried(60)
@given(seeds, st.booleans())
@example(seed=2949, in_rows=False).via("runs of nights that a shared cap ties together")
def test_a_column_fits_on_the_board_exactly_where_the_face_allows_it(seed, in_rows):
    open_columns, dice = a_face(a_small_instance(seed), in_rows=in_rows), np.random.default_rng(seed)
    chosen = some_plan(open_columns, dice)
    board = Bitboard(open_columns, certify(open_columns, None), chosen, reach=np.inf)

    assert board.chosen(board.at).tolist() == chosen.tolist()
    for need in range(len(board.at)):
        now = board.at[need]
        board.out(now)
        for column in board.near[need]:
            at = [*board.at[:need], column, *board.at[need + 1 :]]
            assert board.fits(column) == open_columns.allows(board.chosen(at))
        board.put(now)


@tried(40)
@given(seeds, st.booleans())
def test_a_walk_stays_within_what_is_allowed_and_its_value_is_what_it_counts(seed, in_rows):
    open_columns, dice = a_face(a_small_instance(seed), in_rows=in_rows), np.random.default_rng(seed)
    assume(len(open_columns.need))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(annealing, "AT_ONCE", 500)
        walk = annealing.Walk(
            Bitboard(open_columns, certify(open_columns, None), some_plan(open_columns, dice), reach=np.inf), seed=seed
        )
        walk.on(200.0)

    for at, value in ((walk.board.at, walk.value), (walk.where, walk.most)):
        chosen = walk.board.chosen(at)
        assert open_columns.allows(chosen)
        assert int(open_columns.worth[chosen].sum()) == value
    assert walk.most <= best_plan(a_small_instance(seed))[0][0]


@pytest.mark.usefixtures("few_moves")
def test_annealing_betters_a_day_and_does_it_again():
    open_columns = a_face(a_day(5, needs=60, units=60, nights=30))
    start, proof = some_plan(open_columns, np.random.default_rng(1)), a_proof(open_columns)
    found, again = (annealed(open_columns, proof, start, Watch(Budget(seconds=None), seed=4)) for _ in range(2))

    assert open_columns.allows(found)
    assert open_columns.worth[start].sum() < open_columns.worth[found].sum() <= proof.bound
    assert found.tolist() == again.tolist()


@pytest.mark.usefixtures("few_moves")
def test_annealing_holds_the_tiers_before_it():
    open_columns = a_face(a_day(5, needs=60, units=60, nights=30))
    start = some_plan(open_columns, np.random.default_rng(1))
    fit = np.random.default_rng(2).integers(-100, 100, len(open_columns.need))
    earlier = [EarlierTier(worth=open_columns.worth, value=int(open_columns.worth[start].sum()))]
    open_columns = replace(open_columns, worth=fit, earlier=earlier)
    found = annealed(open_columns, a_proof(open_columns), start, Watch(Budget(seconds=None)))

    assert open_columns.allows(found)
    assert fit[found].sum() > fit[start].sum()


@pytest.mark.usefixtures("few_moves")
def test_a_plan_that_loses_next_to_nothing_is_left_alone(monkeypatch):
    open_columns = a_face(a_day(5, needs=60, units=60, nights=30))
    proof = a_proof(open_columns)
    nearly = annealed(
        open_columns, proof, some_plan(open_columns, np.random.default_rng(1)), Watch(Budget(seconds=None))
    )
    monkeypatch.setattr(annealing, "COLD", 1.0)
    monkeypatch.setattr(annealing, "Walk", None)

    assert annealed(open_columns, proof, nearly, Watch(Budget(seconds=None))) is nearly


@pytest.mark.usefixtures("few_moves")
def test_a_plan_is_shaken_into_another_one_that_is_allowed_and_holds_the_tiers():
    open_columns = a_face(a_day(5, needs=60, units=60, nights=30), in_rows=False)
    start = some_plan(open_columns, np.random.default_rng(1))
    fit = np.random.default_rng(2).integers(-100, 100, len(open_columns.need))
    open_columns = replace(
        open_columns,
        worth=fit,
        earlier=[EarlierTier(worth=open_columns.worth, value=int(open_columns.worth[start].sum()))],
    )
    proof = a_proof(open_columns)
    found, again = (shaken(open_columns, proof, start, Watch(Budget(seconds=None)), seed=3) for _ in range(2))

    assert open_columns.gender_nights.binds
    assert open_columns.allows(found)
    assert found.tolist() != start.tolist()
    assert found.tolist() == again.tolist()
