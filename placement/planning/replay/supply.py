"""The market of a replay as it is known on each morning: what is free for our people on which nights, in which unit.

    free(n) = min(ours, spare − closed(n)) − our stays on night n,   never below 0

as `records.availability` has it, with our own people taken out of what was reported: where they are, the replay says.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from placement.domain.scenarios import Verb
from placement.domain.states import Status
from placement.matching.problem.facts import ONE_AT_A_TIME, CapFacts, Nights, Resident, Span, UnitFacts
from placement.planning.replay.changes import MarketChange, as_changed, converted, places_closed
from placement.planning.replay.history import PastPeriod, Reported, Shut, Stay
from placement.planning.units import NEVER_REPORTED_HOURS

Places = NDArray[np.int64]
OPENED = "+"
"""Stands in the key of a unit that a scenario has opened, after that of the unit that it is like."""
_STRICTEST = {status.value: place for place, status in enumerate(Status)}


class PastSupply:
    """The units of a history under some changes, while the days go by; `reported` and `ours` are by unit and night."""

    def __init__(self, history: PastPeriod, changes: Sequence[MarketChange] = ()) -> None:
        self.history = history
        self.changes: defaultdict[str, list[MarketChange]] = defaultdict(list)
        for change in changes:
            self.changes[change.key].append(change)
        self.units = {**history.units, **dict(_opened(history, changes))}
        self.position = {key: place for place, key in enumerate(self.units)}
        self.reported: Places = np.zeros((len(self.units), history.nights), np.int64)
        self.ours = self.reported.copy()
        self.stays: defaultdict[str, list[Stay]] = defaultdict(list)
        self._newest: dict[str, Reported] = {}
        self._events = _events(history)
        for stay in history.fixed:
            if stay.unit in self.position:
                self.take(stay)
        for key, start, places in _new_places(changes):
            self.reported[self.position[key], start:] = places

    def learn(self, day: int) -> None:
        """Take in what has become known by the morning of a day; what was known before the period on its first."""
        for key in sorted(self._events.pop(day, ())):
            self.reported[self.position[key]] = self._row(key, day)

    def _row(self, key: str, day: int) -> Places:
        known = [each for each in self.history.reports.get(key, ()) if each.day <= day]
        row: Places = np.zeros(self.history.nights, np.int64)
        if not known:
            return row
        report = self._newest[key] = known[-1]
        row += report.spare
        for shut in self.history.closures.get(key, ()):
            if shut.day <= day and (shut.until is None or shut.until > day):
                row[_from(shut)] -= report.spare + report.others if shut.places is None else shut.places
        row = np.minimum(row, report.ours)
        for start, places in places_closed(self.changes[key], report.spare + report.others):
            row[start:] -= places
        return np.maximum(row, 0)

    def take(self, stay: Stay) -> None:
        """Let somebody have a place on some nights."""
        self.ours[self.position[stay.unit], _from(stay)] += 1
        self.stays[stay.unit].append(stay)

    def leave(self, stay: Stay, night: int) -> None:
        """Let somebody go from a night on, before the end that was known."""
        self.ours[self.position[stay.unit], slice(night, stay.end)] -= 1
        self.stays[stay.unit].remove(stay)
        self.stays[stay.unit].append(replace(stay, end=night))

    def is_free(self, stay: Stay) -> bool:
        """Return whether one more person can have these nights, shared caps included."""
        at, nights = self.position[stay.unit], _from(stay)
        if (self.reported[at, nights] - self.ours[at, nights]).min(initial=1) < 1:
            return False
        caps = self.units[stay.unit].shared
        return all(self._left(cap)[nights].min(initial=1) > 0 for cap in caps)

    def facts(self, day: int, nights: int) -> tuple[UnitFacts, ...]:
        """Return the units as the engine sees them on a morning, the nights counted from it."""
        free = np.maximum(self.reported[:, day : day + nights] - self.ours[:, day : day + nights], 0)
        pairs = zip(self.units.items(), free, strict=True)
        return tuple(self._facts(key, unit, row, day) for (key, unit), row in pairs)

    def _facts(self, key: str, unit: UnitFacts, row: Places, day: int) -> UnitFacts:
        there = self._there(key, day, len(row))
        return replace(
            as_changed(unit, self.changes[key], day),
            free=_spans(row),
            status=self._status(unit, day),
            age_hours=self._age_hours(key, day),
            registered_until=None if unit.registered_until is None else unit.registered_until - day,
            residents=_residents(unit, there),
            crises=_crises(unit, there),
            solo=tuple(sorted({Nights(*cut) for stay, cut in there if stay.alone})),
        )

    def _age_hours(self, key: str, day: int) -> float:
        """Return how old the numbers of a unit are; those of places that a scenario has opened are of the day."""
        if OPENED in key:
            return 0.0
        return 24.0 * (day - self._newest[key].day) if key in self._newest else float(NEVER_REPORTED_HOURS)

    def caps(self, day: int, nights: int) -> tuple[CapFacts, ...]:
        """Return what is left under each cap on a morning, the nights counted from it."""
        used = sorted({cap for unit in self.units.values() for cap in unit.shared})
        return tuple(CapFacts(id=cap, free=_spans(np.maximum(self._left(cap)[day : day + nights], 0))) for cap in used)

    def _left(self, cap: str) -> Places:
        keys = [key for key, unit in self.units.items() if cap in unit.shared]
        others = sum(self._newest[key].others for key in keys if key in self._newest)
        taken: Places = self.ours[[self.position[key] for key in keys]].sum(axis=0)
        return self.history.caps[cap] - others - taken

    def _status(self, unit: UnitFacts, day: int) -> str:
        known = (
            each.status
            for each in self.history.standings.get(unit.provider or "", ())
            if each.day <= day and each.start <= day and (each.end is None or each.end > day)
        )
        return max(known, key=lambda status: _STRICTEST[status], default=Status.NONE.value)

    def _there(self, key: str, day: int, nights: int) -> list[tuple[Stay, tuple[int, int]]]:
        """Return who is in a unit, and on which nights counted from a day."""
        return [(stay, cut) for stay in self.stays.get(key, ()) if (cut := _cut(stay, day, nights))]

    def price(self, key: str, day: int) -> int | None:
        """Return what a place of a unit costs a week on a day, in pence."""
        return as_changed(self.units[key], self.changes[key], day).weekly_pence


def _residents(unit: UnitFacts, there: Sequence[tuple[Stay, tuple[int, int]]]) -> tuple[Resident, ...]:
    if unit.gender != ONE_AT_A_TIME:
        return ()
    return tuple(sorted({Resident(*cut, stay.gender) for stay, cut in there}, key=str))


def _crises(unit: UnitFacts, there: Sequence[tuple[Stay, tuple[int, int]]]) -> tuple[Nights, ...]:
    if unit.crisis_places is None:
        return ()
    return tuple(sorted(Nights(*cut) for stay, cut in there if stay.is_unplanned))


def _opened(history: PastPeriod, changes: Iterable[MarketChange]) -> Iterable[tuple[str, UnitFacts]]:
    for number, change in enumerate(changes, start=1):
        if change.makes_unit:
            like = history.units[change.key]
            key = f"{change.key}{OPENED}{number}"
            made = converted(like, change.offers) if change.verb is Verb.CONVERT else like
            yield (
                key,
                replace(
                    made, id=key, shared=frozenset(), places=change.places, crisis_places=None,
                    weekly_pence=change.weekly_pence or like.weekly_pence,
                ),
            )  # fmt: skip


def _new_places(changes: Iterable[MarketChange]) -> Iterable[tuple[str, int, int]]:
    for number, change in enumerate(changes, start=1):
        if change.makes_unit:
            yield f"{change.key}{OPENED}{number}", change.night, change.places or 0


def _events(history: PastPeriod) -> dict[int, set[str]]:
    """Return the units of which something new is known, by the day; what was known before is known on day 0."""
    found: defaultdict[int, set[str]] = defaultdict(set)
    for key in history.units:
        days = [each.day for each in history.reports.get(key, ())]
        days += [day for shut in history.closures.get(key, ()) for day in (shut.day, shut.until) if day is not None]
        for day in days:
            found[max(0, day)].add(key)
    return found


def _from(nights: Stay | Shut) -> slice:
    return slice(max(0, nights.start), None if nights.end is None else max(0, nights.end))


def _cut(stay: Stay, day: int, nights: int) -> tuple[int, int] | None:
    first, last = max(0, stay.start - day), nights if stay.end is None else min(nights, stay.end - day)
    return (first, last) if first < last else None


def _spans(row: Places) -> tuple[Span, ...]:
    cuts = [0, *(np.flatnonzero(np.diff(row)) + 1).tolist(), len(row)]
    return tuple(Span(start, end, int(row[start])) for start, end in pairwise(cuts) if row[start] > 0)
