"""One tier over columns as a program: what all that relaxes, proves or searches a tier starts from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from placement.matching.table.arrays import Bools, Floats, Whole
from placement.matching.table.rows import Rows


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierTier:
    """An earlier tier kept at its proven value: `worth` is what each column adds to it, bigger being better."""

    worth: Whole
    value: int

    def within(self, keep: Bools) -> EarlierTier:
        """Return the same for the kept columns."""
        return EarlierTier(worth=self.worth[keep], value=self.value)

    def beyond(self, chosen: Whole) -> EarlierTier:
        """Return the same for what is chosen beside these columns."""
        return EarlierTier(worth=self.worth, value=self.value - int(self.worth[chosen].sum()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """Choose at most one column a need, exactly one for those in `must`, within the rows and keeping the earlier tiers,
    worth as much as can be. Arrays are by column; `need` says whose it is, and each of `must` has a column."""

    need: Whole
    must: Whole
    rows: Rows
    worth: Whole
    earlier: list[EarlierTier]

    def only(self, keep: Bools) -> Program:
        """Return the program over the kept columns, without what may bind beyond a program, such as genders."""
        return Program(
            need=self.need[keep],
            must=self.must,
            rows=self.rows.within(keep),
            worth=self.worth[keep],
            earlier=[tier.within(keep) for tier in self.earlier],
        )


def first_of_each(need: Whole, keys: tuple[Floats | Whole, ...], count: int) -> Bools:
    """Return so many columns of each need, those first whose keys are least; the last key counts most, as in a
    lexicographic sort."""
    order = np.lexsort((*keys, need))
    nth = np.arange(len(order)) - np.searchsorted(need[order], need[order])
    first = np.zeros(len(order), bool)
    first[order[nth < count]] = True
    return first


def is_certain(tier: EarlierTier, need: Whole, must: Whole) -> bool:
    """Whether a tier says nothing of these columns: all needs have to be matched, each worth the same wherever it
    goes."""
    needs, local = np.unique(need, return_inverse=True)
    most = np.full(len(needs), np.iinfo(np.int64).min)
    np.maximum.at(most, local, tier.worth)
    sure = bool(np.isin(needs, must).all()) and bool((tier.worth == most[local]).all())
    return sure and int(most.sum()) == tier.value


NOBODY = np.empty(0, np.int64)
"""No need that has to be matched."""
