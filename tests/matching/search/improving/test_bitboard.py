"""The board says what the open columns say: whether a column fits where it is put."""

from __future__ import annotations

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from placement.matching.search.improving.bitboard import Bitboard
from placement.matching.solvers.certificate import certify
from placement.matching.table import gender_nights as gender_nights
from tests.exploring import tried
from tests.matching.builders import a_small_instance
from tests.matching.programs import opened, some_plan

seeds = st.integers(0, 10**9)


@tried(60)
@given(seeds, st.booleans())
@example(seed=2949, in_rows=False).via("runs of nights that a shared cap ties together")
def test_a_column_fits_on_the_board_exactly_where_the_open_columns_allow_it(seed, in_rows):
    open_columns, dice = opened(a_small_instance(seed), in_rows=in_rows), np.random.default_rng(seed)
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
