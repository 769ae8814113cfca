"""Choosing everybody anew while each unit for one gender at a time keeps, night by night, the gender it has.

With genders given only rows bind, and the relaxation is whole or nearly so: HiGHS takes 3 s for 700 people and 20,000
columns. What is left to search is who is to have which night, and that is what moves and pieces are for.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from placement.matching.annealing import shaken
from placement.matching.arrays import Bools, Whole
from placement.matching.certificate import Certificate
from placement.matching.company import Company
from placement.matching.face import Face
from placement.matching.milp import choose_whole
from placement.matching.watch import Watch

MOST_COLUMNS = 20_000
"""Columns looked at, those first that lose least against the proof."""
SECONDS = 20.0
"""What HiGHS gets; where it is not through by then, its best answer so far counts."""


def rearranged(face: Face, proof: Certificate, best: Whole, watch: Watch) -> Whole:
    """Return a choice at least as good as `best`, as far as time allows the best that keeps its genders.

    It is `best` itself where nobody's gender binds anybody or work is limited.
    """
    if not _is_of_use(face, proof, best, watch):
        return best
    value = int(face.worth[best].sum())
    keep = _agreeing(face.company, best) & proof.could_reach(value + 1)
    columns = np.flatnonzero(keep)
    keep[columns[np.argsort(proof.loss[columns], kind="stable")[MOST_COLUMNS:]]] = False
    keep[best] = True
    question = face.question(keep, proof.bound)
    choice = choose_whole(replace(question, company=_nobody(len(question.need))), watch, seconds=SECONDS)
    if choice.chosen is None:
        return best
    found = np.flatnonzero(keep)[choice.chosen]
    return found if int(face.worth[found].sum()) > value and face.allows(found) else best


def stirred(face: Face, proof: Certificate, best: Whole, watch: Watch, *, seed: int) -> Whole:
    """Return a choice at least as good as `best`: walk away from it a little, and choose anew in the genders found.

    Measured on a hospital bed plan that pieces no longer improved: of nine such walks four ended no worse, two better.
    """
    if not _is_of_use(face, proof, best, watch):
        return best
    found = rearranged(face, proof, shaken(face, proof, best, seed=seed), watch)
    return found if int(face.worth[found].sum()) >= int(face.worth[best].sum()) else best


def _is_of_use(face: Face, proof: Certificate, best: Whole, watch: Watch) -> bool:
    """Whether genders bind, something can be gained, and time is the only limit: HiGHS can keep to no other."""
    is_open = int(face.worth[best].sum()) < proof.bound and not watch.is_over()
    return face.company.binds and is_open and watch.work is None


def _agreeing(company: Company, best: Whole) -> Bools:
    """Return the columns that meet only nights of their own gender; a night that nobody has is as the one before it."""
    slot, who = company.nights(best)
    held, first = np.unique(slot, return_index=True)
    gender = company.gender[best][who[first]]
    agreeing = np.ones(len(company.gender), bool)
    if len(held):
        slot, who = company.nights(np.arange(len(agreeing)))
        nearest = np.maximum(0, np.searchsorted(held, slot, side="right") - 1)
        agreeing[who[gender[nearest] != company.gender[who]]] = False
    return agreeing


def _nobody(columns: int) -> Company:
    """Return the company of columns that go with anybody."""
    nothing = np.zeros(columns, np.int64)
    return Company(gender=nothing, first=nothing, last=nothing)
