"""Improving a plan move by move: one person to another place, or two into each other's, sometimes for the worse.

Simulated annealing (Kirkpatrick, Gelatt and Vecchi, Science 1983; for hospital bed planning Ceschia and Schaerf, 2011).
What a move gains is looked at before whether it fits, so that most cost one subtraction: a million a second.
"""

from __future__ import annotations

import numpy as np

from placement.matching.budget import Watch
from placement.matching.parameters import PARAMETERS, Parameters
from placement.matching.search.improving.bitboard import Bitboard
from placement.matching.search.open_columns import OpenColumns
from placement.matching.solvers.certificate import Certificate
from placement.matching.table.arrays import Whole

FINE = 2**40
"""Into how many parts a draw is cut where it also says which of several columns in a block."""


def annealed(
    open_columns: OpenColumns, proof: Certificate, best: Whole, watch: Watch, parameters: Parameters = PARAMETERS
) -> Whole:
    """Return a choice at least as good as `best`; under the same seed and work the same, if the watch is not over.

    It is `best` itself where that loses less a need than the last temperature: there moves would wander, not improve.
    """
    tuned, measure = parameters.annealing, _measure(proof)
    if proof.bound - int(open_columns.worth[best].sum()) <= tuned.cold * measure * len(np.unique(open_columns.need)):
        return best
    walk = Walk(
        Bitboard(open_columns, proof, best, reach=tuned.reach * measure), seed=watch.seed, at_once=tuned.at_once
    )
    moves = tuned.moves_a_need * len(walk.board.at)
    if watch.work is not None:
        moves = min(moves, int(tuned.moves_a_unit_of_work * watch.work))
    for done in range(0, moves, tuned.at_once):
        if watch.is_over() or walk.most >= proof.bound:
            break
        walk.on(tuned.hot * measure * (tuned.cold / tuned.hot) ** (done / moves))
    return walk.board.chosen(walk.where)


def shaken(
    open_columns: OpenColumns,
    proof: Certificate,
    best: Whole,
    watch: Watch,
    parameters: Parameters = PARAMETERS,
    *,
    seed: int,
) -> Whole:
    """Return where a short walk ends that begins a little warmer than annealing ends: another plan, mostly a worse one.

    It keeps to all that binds, and to the earlier tiers.
    """
    tuned, rounds, measure = parameters.annealing, parameters.rounds, _measure(proof)
    walk = Walk(Bitboard(open_columns, proof, best, reach=tuned.reach * measure), seed=seed, at_once=tuned.at_once)
    for step in range(rounds.shakes):
        if watch.is_over():
            break
        walk.on(rounds.warm * measure * (1 - step / rounds.shakes))
    return walk.board.chosen(walk.board.at)


def _measure(proof: Certificate) -> float:
    """Return what a column that loses anything against the proof loses: the median."""
    lost = proof.loss[proof.loss > 0] / proof.scale
    return float(np.median(lost)) if len(lost) else 0.0


class Walk:
    """A walk from plan to plan; `most` is what the best so far is worth and `where` what it chooses."""

    def __init__(self, board: Bitboard, *, seed: int, at_once: int = PARAMETERS.annealing.at_once) -> None:
        self.board, self.at_once = board, at_once
        self.dice = np.random.default_rng(seed)
        self.value = sum(board.worth[column] for column in board.at)
        self.most, self.where = self.value, list(board.at)

    def on(self, heat: float) -> None:
        """Try some moves, people to places and pairs of people in turn; one that loses is taken by e^(−loss / heat)."""
        board = self.board
        who = self.dice.integers(0, len(board.at), self.at_once).tolist()
        draws = self.dice.random(self.at_once).tolist()
        least = np.ceil(heat * np.log1p(-self.dice.random(self.at_once))).astype(np.int64).tolist()
        worth, at, near, inside, block = board.worth, board.at, board.near, board.inside, board.block
        count, is_swap = len(at), False
        for one, draw, enough in zip(who, draws, least, strict=True):
            is_swap = not is_swap
            now = at[one]
            if not is_swap:
                column = near[one][int(draw * len(near[one]))]
                if worth[column] - worth[now] >= enough and column != now:
                    self._change(one, column)
                continue
            other = int(draw * count)
            then = at[other]
            mine, theirs = inside[one].get(block[then]), inside[other].get(block[now])
            if mine is None or theirs is None or block[now] == block[then]:
                continue
            drawn = int(draw * FINE)
            to, back = mine[drawn % len(mine)], theirs[drawn // len(mine) % len(theirs)]
            if worth[to] + worth[back] - worth[now] - worth[then] >= enough:
                self._swap(one, to, other, back)

    def _change(self, need: int, column: int) -> None:
        """Let somebody move where there is room."""
        board = self.board
        now = board.at[need]
        board.out(now)
        if not board.fits(column):
            board.put(now)
            return
        board.put(column)
        board.at[need] = column
        self._count(board.worth[column] - board.worth[now])

    def _swap(self, one: int, to: int, other: int, back: int) -> None:
        """Let two people change blocks with each other; there, neither stands in the other's way."""
        board = self.board
        now, then = board.at[one], board.at[other]
        board.out(now)
        board.out(then)
        if not (board.fits(to) and board.fits(back)):
            board.put(now)
            board.put(then)
            return
        board.put(to)
        board.put(back)
        board.at[one], board.at[other] = to, back
        self._count(board.worth[to] + board.worth[back] - board.worth[now] - board.worth[then])

    def _count(self, gain: int) -> None:
        self.value += gain
        if self.value > self.most:
            self.most, self.where = self.value, list(self.board.at)
