"""Improving a plan piece by piece: free some people who stand in each other's way, fix all others, choose again.

Fix-and-optimise. A piece grows from one person, drawn by how much the plan loses on them against the proof: those who
have the places that this person would rather have, then those who have the places that these would rather have. Each
piece is solved exactly; its size follows what the solver can prove.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import count

import numpy as np

from placement.matching.budget import Watch
from placement.matching.parameters import PARAMETERS, Heuristic, Parameters, PieceParameters
from placement.matching.search.improving.gender_rounds import rearranged, stirred
from placement.matching.search.open_columns import OpenColumns
from placement.matching.solvers.certificate import Certificate
from placement.matching.solvers.cp_sat import Assignment, Subproblem, choose
from placement.matching.solvers.program import first_of_each
from placement.matching.table.arrays import Bools, Floats, Whole, spread

NOWHERE = -1


def improved(
    open_columns: OpenColumns, proof: Certificate, best: Whole, watch: Watch, parameters: Parameters = PARAMETERS
) -> Whole:
    """Return a choice at least as good, until the bound is met, the watch is over or nothing improves for long.

    Under the same seed and the same work limit the choice is the same, as long as the watch does not cut it short.
    """
    tuned = parameters.pieces
    pieces = Pieces(open_columns, proof, best, tuned, seed=watch.seed)
    size, patience, waited, value = float(tuned.first_size), tuned.patience + len(pieces.needs), 0, pieces.value
    for done in count(1):
        if waited >= patience or pieces.value >= proof.bound or watch.is_over():
            break
        piece = pieces.around(min(int(size), len(pieces.needs)))
        subproblem, columns = pieces.subproblem(piece, least=pieces.value)
        choice = choose(subproblem, pieces.hint(columns), watch, work=tuned.work)
        is_better = pieces.take(piece, columns, choice)
        is_solved = choice.chosen is not None and choice.bound <= int(subproblem.worth[choice.chosen].sum())
        waited = 0 if is_better else waited + 1
        if not is_solved:
            size = max(tuned.smallest_size, size - tuned.shrinking)
        elif not is_better:
            size += tuned.growth
        if done % parameters.rounds.every == 0 and parameters.uses(Heuristic.GENDER_ROUNDS):
            before = pieces.value
            if before > value:
                pieces.begin(rearranged(open_columns, proof, pieces.best, watch, parameters))
            else:
                pieces.begin(stirred(open_columns, proof, pieces.best, watch, parameters, seed=watch.seed + done))
            value = pieces.value
            waited = 0 if value > before else waited
    return pieces.best


def completed(
    open_columns: OpenColumns,
    proof: Certificate,
    best: Whole,
    watch: Watch,
    parameters: Parameters = PARAMETERS,
    *,
    dropped: Whole,
    value: int,
) -> Whole | None:
    """Return `best` with the needs `dropped` placed beside all others, worth `value` at least; None: not found."""
    pieces = Pieces(open_columns, proof, best, parameters.pieces, seed=watch.seed)
    subproblem, columns = pieces.subproblem(np.flatnonzero(np.isin(pieces.needs, dropped)), least=value)
    choice = choose(subproblem, pieces.hint(columns), watch, work=parameters.cores.quick_work)
    return None if choice.chosen is None else np.sort(np.concatenate([best, columns[choice.chosen]]))


class Pieces:
    """The best choice so far and the pieces of it that may be chosen anew. Needs are numbered from 0."""

    def __init__(
        self, open_columns: OpenColumns, proof: Certificate, best: Whole, tuned: PieceParameters, *, seed: int
    ) -> None:
        self.open_columns, self.proof, self.tuned = open_columns, proof, tuned
        self.dice = np.random.default_rng(seed)
        self.needs, self.need = np.unique(open_columns.need, return_inverse=True)
        self.cuts = np.searchsorted(self.need, np.arange(len(self.needs) + 1))
        self.begin(best)
        self.loss = proof.loss / proof.scale
        self.without = np.minimum(proof.without[self.needs] / proof.scale, 1 + float(self.loss.max(initial=0)))
        spans = _spans(open_columns)
        order = np.argsort(spans[0], kind="stable")
        self.span_first, self.span_last = spans[1][order], spans[2][order]
        self.span_cuts = np.searchsorted(spans[0][order], np.arange(len(open_columns.need) + 1))

    def begin(self, best: Whole) -> None:
        """Go on from this choice."""
        self.chosen = np.full(len(self.needs), NOWHERE)
        self.chosen[self.need[best]] = best

    @property
    def best(self) -> Whole:
        """The chosen positions, ascending."""
        return np.sort(self.chosen[self.chosen != NOWHERE])

    @property
    def value(self) -> int:
        """What the choice is worth."""
        return int(self.open_columns.worth[self.best].sum())

    def lost(self) -> Floats:
        """Return what the choice loses on each need against the proof."""
        return np.where(self.chosen == NOWHERE, self.without, self.loss[self.chosen])

    def around(self, size: int) -> Whole:
        """Return so many needs that stand in each other's way, the first drawn by what is lost on it."""
        lost = self.lost()
        chances = lost + max(1e-6, 0.1 * float(lost.mean()))
        drawn = iter(self.dice.choice(len(lost), size=len(lost), replace=False, p=chances / chances.sum()).tolist())
        present = self._present()
        piece: dict[int, None] = {}
        while len(piece) < size:
            grown = [next(drawn)]
            for need in grown:  # grows as it is walked
                piece.setdefault(need)
                if len(piece) >= size:
                    break
                grown += [other for other in self._in_the_way(need, present) if other not in piece]
        return np.array(list(piece), np.int64)

    def _in_the_way(self, need: int, present: tuple[Whole, Whole, Whole]) -> list[int]:
        """Return who holds the places that this need would rather have, a few of them drawn."""
        mine = np.arange(self.cuts[need], self.cuts[need + 1])
        wished = mine[np.argsort(self.loss[mine], kind="stable")[: 3 * self.tuned.wishes]]
        wished = wished[wished != self.chosen[need]]
        who, first, last = present
        there: Bools = np.zeros(len(who), bool)
        for column in self.dice.permutation(wished)[: self.tuned.wishes].tolist():
            for span in range(self.span_cuts[column], self.span_cuts[column + 1]):
                there |= (first < self.span_last[span]) & (self.span_first[span] < last)
        return [int(other) for other in np.unique(who[there]) if other != need]

    def _present(self) -> tuple[Whole, Whole, Whole]:
        """Return the spans that are taken: whose, first, last."""
        best = self.best
        spans, place = spread(self.span_cuts[best], self.span_cuts[best + 1])
        return self.need[best][place], self.span_first[spans], self.span_last[spans]

    def subproblem(self, piece: Whole, *, least: int) -> tuple[Subproblem, Whole]:
        """Return the choice among the columns of these needs that fit beside all others, and their positions.

        Columns that no plan worth `least` uses are left out.
        """
        open_columns, free = self.open_columns, np.zeros(len(self.needs), bool)
        free[piece] = True
        fixed = self.best[~free[self.need[self.best]]]
        left = open_columns.rows.places - open_columns.taken(fixed)
        keep = free[self.need] & self.proof.could_reach(least)
        keep[self.best] = free[self.need[self.best]]
        keep &= _fits(open_columns, keep, left) & _agrees(open_columns, keep, fixed)
        keep &= self._nearest(keep)
        subproblem = Subproblem(
            need=open_columns.need[keep],
            must=np.intersect1d(open_columns.must, self.needs[piece]),
            rows=replace(open_columns.rows, places=left).within(keep),
            gender_nights=open_columns.gender_nights.within(keep),
            worth=open_columns.worth[keep],
            earlier=[tier.beyond(fixed).within(keep) for tier in open_columns.earlier],
            bound=self.proof.bound - int(open_columns.worth[fixed].sum()),
        )
        return subproblem, np.flatnonzero(keep)

    def _nearest(self, keep: Bools) -> Bools:
        """Return the kept columns that lose least, some for each need, and those chosen now."""
        columns = np.flatnonzero(keep)
        nearest = np.zeros(len(keep), bool)
        nearest[columns[first_of_each(self.need[columns], (self.proof.loss[columns],), self.tuned.columns)]] = True
        nearest[self.best] = True
        return nearest

    def hint(self, columns: Whole) -> Whole:
        """Return which of these columns are chosen now, as positions among them."""
        return np.flatnonzero(np.isin(columns, self.chosen))

    def take(self, piece: Whole, columns: Whole, choice: Assignment) -> bool:
        """Take the choice where it loses nothing, so as not to stand still; return whether it gains."""
        if choice.chosen is None:
            return False
        found, now = columns[choice.chosen], self.chosen[piece]
        gain = int(self.open_columns.worth[found].sum()) - int(self.open_columns.worth[now[now != NOWHERE]].sum())
        if gain >= 0:
            self.chosen[piece] = NOWHERE
            self.chosen[self.need[found]] = found
        return gain > 0


def _spans(open_columns: OpenColumns) -> tuple[Whole, Whole, Whole]:
    """Return what columns compete for: the column, the first and the last of its rows or, after all rows, slots."""
    alone = np.flatnonzero(open_columns.gender_nights.first < open_columns.gender_nights.last)
    after = len(open_columns.rows)
    return (
        np.concatenate([open_columns.rows.column, alone]),
        np.concatenate([open_columns.rows.first, after + open_columns.gender_nights.first[alone]]),
        np.concatenate([open_columns.rows.last, after + open_columns.gender_nights.last[alone]]),
    )


def _fits(open_columns: OpenColumns, keep: Bools, left: Whole) -> Bools:
    """Whether the rows have what each of the kept columns takes."""
    rows = open_columns.rows
    entered = np.flatnonzero(keep[rows.column] & (rows.first < rows.last))
    fits = np.ones(len(keep), bool)
    if len(entered):
        row, entry = spread(rows.first[entered], rows.last[entered])
        least = np.minimum.reduceat(left[row], np.searchsorted(entry, np.arange(len(entered))))
        fits[rows.column[entered[least < rows.weight[entered]]]] = False
    return fits


def _agrees(open_columns: OpenColumns, keep: Bools, fixed: Whole) -> Bools:
    """Whether each of the kept columns goes with the genders of those who stay where they are."""
    gender_nights, columns = open_columns.gender_nights, np.flatnonzero(keep)
    slot, who = gender_nights.nights(fixed)
    gender_there = np.full(int(gender_nights.last.max(initial=0)) + 1, NOWHERE)
    gender_there[slot] = gender_nights.gender[fixed][who]
    slot, who = gender_nights.nights(columns)
    agrees = np.ones(len(keep), bool)
    agrees[
        columns[who[(gender_there[slot] != NOWHERE) & (gender_there[slot] != gender_nights.gender[columns][who])]]
    ] = False
    return agrees
