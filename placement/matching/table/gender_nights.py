"""Units for one gender at a time that many compete for: who is there tonight decides who may come.

Said in rows (see `gender_facets`), a unit open to m needs takes up to m pools of m columns each. Where that would be
too many in all, the models and searches keep genders apart night by night instead, and the relaxation does without: an
extra variable for each night's gender would not tighten it, for it could always be split as the people are.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from placement.matching.problem.facts import ONE_AT_A_TIME
from placement.matching.table.arrays import Bools, Whole, spread
from placement.matching.table.columns import Columns

MOST_IN_ROWS = 200_000
"""Entries up to which rows say it: 60 needs × 300 units have some 20,000, 700 patients × 100 rooms 25 million."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GenderNights:
    """Arrays by column: it stays in the slots `[first, last)`, and who shares a slot has the same `gender` code.

    A slot is one night of one unit; a column with an empty span goes with anybody.
    """

    gender: Whole
    first: Whole
    last: Whole

    @property
    def binds(self) -> bool:
        """Whether it keeps anybody from anybody."""
        return bool((self.first < self.last).any())

    def within(self, keep: Bools) -> GenderNights:
        """Return the same for the kept columns."""
        return GenderNights(gender=self.gender[keep], first=self.first[keep], last=self.last[keep])

    def nights(self, of: Whole) -> tuple[Whole, Whole]:
        """Return every slot that these columns stay in, column by column, and the position in `of` of who does."""
        return spread(self.first[of], self.last[of])

    def agrees(self, chosen: Whole) -> bool:
        """Whether no two of these columns share a slot with different genders."""
        slot, who = self.nights(chosen)
        order = np.argsort(slot, kind="stable")
        slot, gender = slot[order], self.gender[chosen][who][order]
        return not bool(((slot[1:] == slot[:-1]) & (gender[1:] != gender[:-1])).any())


def gender_nights_of(columns: Columns, active: Whole) -> GenderNights:
    """Return whom the active columns may meet, as far as rows do not say it."""
    table = columns.table
    unit, start, end = columns.unit[active], columns.start[active], columns.end[active]
    meeting = meeting_places(columns)[unit] & (not said_in_rows(columns, active))
    first = unit * (table.horizon + 1) + start
    return GenderNights(
        gender=_genders(columns)[columns.need[active]], first=first, last=first + meeting * (end - start)
    )


def said_in_rows(columns: Columns, active: Whole) -> bool:
    """Whether rows are few enough to keep the genders apart among the active columns."""
    here = active[meeting_places(columns)[columns.unit[active]]]
    pairs = np.unique(columns.unit[here] * len(columns.needs) + columns.need[here])
    crowd = np.bincount(pairs // max(1, len(columns.needs)))
    return int((crowd * crowd).sum()) <= MOST_IN_ROWS


def meeting_places(columns: Columns) -> Bools:
    """Return the units for one gender at a time that may hold several people."""
    same = np.array([unit.gender == ONE_AT_A_TIME for unit in columns.table.units], bool)
    return np.asarray(same & (columns.table.free.max(axis=1, initial=0) > 1))


def _genders(columns: Columns) -> Whole:
    """Return a code of each need's gender; someone whose gender is not known mixes with nobody."""
    codes: dict[str, int] = {}
    return np.array([codes.setdefault(need.gender or f"?{need.id}", len(codes)) for need in columns.needs], np.int64)
