"""Rows that keep a unit for one gender at a time to one gender, as tight as linear rows over its nights can be.

On a night with k places, one gender alone is there, and of gender g at most d = min(k, its number) people. So over any
choice that counts of each gender either all its people as 1/d each or one of them as 1, the sum is at most 1. These are
all the facets of one night; scaled to whole numbers they are pools like any other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from math import lcm, prod

import numpy as np
from numpy.typing import NDArray

from placement.matching.problem.facts import Need
from placement.matching.table.arrays import Bools

MOST_COMBINATIONS = 30
"""Choices for one unit up to which all are made; beyond, one for each need, which also part every two genders."""
FINEST_SHARE = 1_000
UNLIMITED = np.iinfo(np.int16).max

Share = tuple[int, tuple[tuple[int, int], ...]]
"""Imaginary places, and how many of them each need takes, by need."""


def gender_rows(
    needs: Sequence[Need], present: list[int], free: NDArray[np.int16]
) -> Iterator[tuple[NDArray[np.int16], dict[int, int]]]:
    """Yield the imaginary places by night, and what each need takes of them, for a unit open to these needs.

    `free` are the unit's places by night.
    """
    groups = _groups(needs, present)
    nights: dict[Share, Bools] = {}
    for places in sorted(set(free.tolist()) - {0, 1}) if len(groups) > 1 else []:
        for share in _shares(groups, places):
            nights[share] = nights.get(share, np.zeros(len(free), bool)) | (free == places)
    for (places, takes), on in nights.items():
        yield np.where(on, places, UNLIMITED).astype(np.int16), dict(takes)


def _groups(needs: Sequence[Need], present: list[int]) -> list[list[int]]:
    """Return the needs by gender; someone whose gender is not known mixes with nobody, so has a gender alone."""
    genders: dict[str, list[int]] = {}
    for need in present:
        genders.setdefault(needs[need].gender or f"?{need}", []).append(need)
    return list(genders.values())


def _shares(groups: list[list[int]], places: int) -> Iterator[Share]:
    options = [[*([group] if len(group) > 1 else []), *([member] for member in group)] for group in groups]
    if prod(len(option) for option in options) <= MOST_COMBINATIONS:
        for chosen in product(*options):
            yield _share(list(chosen), places)
        return
    for index, group in enumerate(groups):
        for member in group:
            yield _share([*groups[:index], [member], *groups[index + 1 :]], places)


def _share(chosen: list[list[int]], places: int) -> Share:
    most = [min(places, len(group)) for group in chosen]
    whole = lcm(*most)
    if whole > FINEST_SHARE:  # coarser, but still true: nobody counts for more than one place
        whole, most = places, [1 if len(group) == 1 else places for group in chosen]
    takes = ((need, whole // count) for count, group in zip(most, chosen, strict=True) for need in group)
    return whole, tuple(sorted(takes))
