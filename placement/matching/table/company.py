"""The points for like company, for many stays at once: as `judging.company` gives them to one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from placement.domain.likeness import BAND
from placement.matching.judging.company import FEWEST_ALIKE
from placement.matching.judging.points import FOR_LIKE_AGE, FOR_LIKE_SUPPORT
from placement.matching.problem.facts import Need
from placement.matching.table.arrays import Bools, Whole
from placement.matching.table.units import UnitTable

NOT_KNOWN = -1


def add_company(points: Whole, needs: Sequence[Need], need: Whole, unit: Whole, start: Whole, table: UnitTable) -> None:
    """Add the points of the stays that begin among people who are like the person."""
    if not table.company:
        return
    levels = {level: number for number, level in enumerate(sorted({each.support or "" for each in needs}))}
    levels[""] = NOT_KNOWN
    band = np.array([NOT_KNOWN if each.age is None else each.age // BAND for each in needs], np.int64)
    level = np.array([levels[each.support or ""] for each in needs], np.int64)
    order = np.argsort(unit, kind="stable")
    cuts = np.searchsorted(unit[order], [list(table.company), [index + 1 for index in table.company]])
    for there, first, last in zip(table.company.values(), *cuts.tolist(), strict=True):
        mine = order[first:last]
        night, who = start[mine, None], need[mine]
        here = (np.array([each.start for each in there]) <= night) & (night < np.array([each.end for each in there]))
        bands = np.array([NOT_KNOWN if each.age is None else each.age // BAND for each in there])
        same = np.array([NOT_KNOWN if each.support is None else levels.get(each.support, len(needs)) for each in there])
        alike = np.abs(bands - band[who, None]) <= 1
        points[mine] += FOR_LIKE_AGE * _are_most(alike, here & (bands != NOT_KNOWN)) * (band[who] != NOT_KNOWN)
        alike = same == level[who, None]
        points[mine] += FOR_LIKE_SUPPORT * _are_most(alike, here & (same != NOT_KNOWN)) * (level[who] != NOT_KNOWN)


def _are_most(alike: Bools, known: Bools) -> Bools:
    """Return for each stay whether at least two of those known are alike, and no fewer than half of them."""
    count = (alike & known).sum(axis=1)
    found: Bools = (count >= FEWEST_ALIKE) & (2 * count >= known.sum(axis=1))
    return found
