"""Choosing everybody anew while each unit for one gender at a time keeps, night by night, the gender it has.

With genders given only rows bind, and the relaxation is whole or nearly so: HiGHS takes 3 s for 700 people and 20,000
columns. What is left to search is who is to have which night, and that is what moves and pieces are for.
"""

from __future__ import annotations

import numpy as np

from placement.matching.budget import Watch
from placement.matching.parameters import PARAMETERS, Parameters
from placement.matching.search.improving.annealing import shaken
from placement.matching.search.open_columns import OpenColumns
from placement.matching.solvers.certificate import Certificate
from placement.matching.solvers.highs import choose_whole
from placement.matching.table.arrays import Bools, Whole
from placement.matching.table.gender_nights import GenderNights


def rearranged(
    open_columns: OpenColumns, proof: Certificate, best: Whole, watch: Watch, parameters: Parameters = PARAMETERS
) -> Whole:
    """Return a choice at least as good as `best`, as far as time allows the best that keeps its genders.

    It is `best` itself where nobody's gender binds anybody or work is limited.
    """
    if not _is_of_use(open_columns, proof, best, watch):
        return best
    value = int(open_columns.worth[best].sum())
    keep = _agreeing(open_columns.gender_nights, best) & proof.could_reach(value + 1)
    columns = np.flatnonzero(keep)
    keep[columns[np.argsort(proof.loss[columns], kind="stable")[parameters.rounds.most_columns :]]] = False
    keep[best] = True
    choice = choose_whole(open_columns.only(keep), proof.bound, watch, seconds=parameters.rounds.seconds)
    if choice is None or choice.chosen is None:
        return best
    found = np.flatnonzero(keep)[choice.chosen]
    return found if int(open_columns.worth[found].sum()) > value and open_columns.allows(found) else best


def stirred(
    open_columns: OpenColumns,
    proof: Certificate,
    best: Whole,
    watch: Watch,
    parameters: Parameters = PARAMETERS,
    *,
    seed: int,
) -> Whole:
    """Return a choice at least as good as `best`: walk away from it a little, and choose anew in the genders found.

    Measured on a hospital bed plan that pieces no longer improved: of nine such walks four ended no worse, two better.
    """
    if not _is_of_use(open_columns, proof, best, watch):
        return best
    elsewhere = shaken(open_columns, proof, best, watch, parameters, seed=seed)
    found = rearranged(open_columns, proof, elsewhere, watch, parameters)
    return found if int(open_columns.worth[found].sum()) >= int(open_columns.worth[best].sum()) else best


def _is_of_use(open_columns: OpenColumns, proof: Certificate, best: Whole, watch: Watch) -> bool:
    """Whether genders bind, something can be gained, and time is the only limit: HiGHS can keep to no other."""
    is_open = int(open_columns.worth[best].sum()) < proof.bound and not watch.is_over()
    return open_columns.gender_nights.binds and is_open and watch.work is None


def _agreeing(gender_nights: GenderNights, best: Whole) -> Bools:
    """Return the columns that meet only nights of their own gender; a night that nobody has is as one before it.

    Someone whose gender is not known shares it with nobody: their nights are theirs, and close none of the others.
    Where nobody has any night, all are for the gender that most columns have.
    """
    every = gender_nights.gender
    slot, who = gender_nights.nights(best)
    occupied, first = np.unique(slot, return_index=True)
    gender = every[best][who[first]]
    slot, who = gender_nights.nights(np.arange(len(every)))
    if len(occupied):
        codes, people = np.unique(every[best], return_counts=True)
        common = np.isin(gender, codes[people > 1])
        common |= not common.any()
        now = gender[common][np.maximum(0, np.searchsorted(occupied[common], slot, side="right") - 1)]
        taken = np.isin(slot, occupied)
        now[taken] = gender[np.searchsorted(occupied, slot[taken])]
    else:
        now = np.full(len(slot), np.argmax(np.bincount(every)))
    agreeing = np.ones(len(every), bool)
    agreeing[who[now != every[who]]] = False
    return agreeing
