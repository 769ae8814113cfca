"""When a need could start where: the starts that each of the rules about starts leaves open, over arrays."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from placement.matching.judging.starts import STARTS
from placement.matching.problem.facts import Need, ServiceNights
from placement.matching.table.arrays import Bools, Whole
from placement.matching.table.units import UnitTable


class Window:
    """One need's window against all units. Arrays are U by the W starts of the window."""

    def __init__(self, need: Need, table: UnitTable) -> None:
        self.need = need
        self.table = table
        self.window = np.arange(need.earliest, need.latest + 1)
        length = table.horizon if need.nights is None else need.nights
        self.ends = np.minimum(self.window + length, table.horizon)

    @cached_property
    def left_by(self) -> Mapping[str, Bools]:
        """The starts that are left when a rule and all before it have been asked, by slug."""
        left, still = {}, np.ones((len(self.table.units), len(self.window)), bool)
        for slug in STARTS:
            allowed = MASKS[slug](self)
            left[slug] = still = still if allowed is None else still & allowed
        return left

    @property
    def open_starts(self) -> Bools:
        """The starts that every rule leaves open, U by W."""
        return self.left_by[LAST]

    def passing(self, slug: str) -> Bools:
        """Return the units that a rule about starts does not refuse: the first to leave none refuses, and alone."""
        left = self.left_by[slug].any(axis=1)
        before = BEFORE.get(slug)
        return np.asarray(left if before is None else left | ~self.left_by[before].any(axis=1))

    @cached_property
    def prices(self) -> Whole:
        """The points that the nights of each start are priced at, U by W."""
        paid = self.table.paid
        if paid is None:
            return np.zeros((len(self.table.units), len(self.window)), np.int64)
        return np.asarray(paid[:, self.ends] - paid[:, self.window])

    @property
    def everywhere(self) -> Bools:
        """A fresh array that allows every start, U by W."""
        return np.ones((len(self.table.units), len(self.window)), bool)


def _within(window: Window, run: NDArray[np.int16]) -> Bools:
    return np.asarray(run[:, window.window] >= (window.ends - window.window))


def _crises(window: Window) -> Bools | None:
    if not window.need.is_unplanned or not window.table.crisis_run:
        return None
    allowed = window.everywhere
    for index, run in window.table.crisis_run.items():
        allowed[index] = run[window.window] >= window.ends - window.window
    return allowed


def _register(window: Window) -> Bools | None:
    if not window.table.leaving:
        return None
    allowed, nights = window.everywhere, window.need.nights
    for index, until in window.table.leaving.items():
        allowed[index] = nights is not None and window.window + nights <= until
    return allowed


def _booked(window: Window) -> Bools | None:
    if not window.need.booked_on:
        return None
    nights, first = window.need.nights, window.window
    meets = [(first <= night) & (nights is None or night < first + nights) for night in window.need.booked_on]
    return np.asarray(window.everywhere & ~np.any(meets, axis=0))


def _clear_of(window: Window, nights: Sequence[ServiceNights]) -> Bools | None:
    if not nights:
        return None
    allowed = window.everywhere
    for service, start, end in nights:
        meets = (window.window < end) & (start < window.ends)
        allowed[window.table.by_service.get(service, [])] &= ~meets
    return allowed


def _solo(window: Window) -> Bools | None:
    if not window.table.alone_in:
        return None
    allowed = window.everywhere
    for index, nights in window.table.alone_in.items():
        for start, end in nights:
            allowed[index] &= ~((window.window < end) & (start < window.ends))
    return allowed


def _same_gender(window: Window) -> Bools | None:
    if not window.table.lived_in:
        return None
    allowed = window.everywhere
    for index, residents in window.table.lived_in.items():
        for start, end, gender in residents:
            if window.need.gender is None or window.need.gender != gender:
                allowed[index] &= ~((window.window < end) & (start < window.ends))
    return allowed


def _hold(window: Window) -> Bools | None:
    limit = window.need.hold_above
    return None if limit is None else np.asarray(window.prices <= limit)


MASKS: Mapping[str, Callable[[Window], Bools | None]] = {
    "nights": lambda window: _within(window, window.table.run),
    "pool": lambda window: _within(window, window.table.pooled_run),
    "crises": _crises,
    "register": _register,
    "home": lambda window: _clear_of(window, window.need.home_nights),
    "booked": _booked,
    "apart": lambda window: _clear_of(window, window.need.apart_nights),
    "solo": _solo,
    "same_gender": _same_gender,
    "hold": _hold,
}
"""The rows of STARTS once more, over arrays: which starts each allows, None where it allows all."""
BEFORE: Mapping[str, str] = {after: slug for slug, after in pairwise(STARTS)}
LAST = list(STARTS)[-1]
