"""Where a plan still has room: whether one more stay breaks a limit, and whose stays are in its way."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from placement.matching.judging.nights import left_for_crises, places_by_night, places_on
from placement.matching.judging.setting import Setting
from placement.matching.judging.stays import MatchedStay
from placement.matching.problem.facts import ONE_AT_A_TIME, Need, Span, UnitFacts
from placement.matching.problem.plan import Match


class Occupancy:
    """The stays of a plan, found by what they occupy."""

    def __init__(self, setting: Setting, stays: Iterable[MatchedStay]) -> None:
        self.setting = setting
        self.caps = {cap.id: cap.spans(setting.horizon) for cap in setting.instance.shared_caps}
        self.of_need: dict[str, MatchedStay] = {}
        self._by_unit: dict[str, list[MatchedStay]] = defaultdict(list)
        self._by_cap: dict[str, list[MatchedStay]] = defaultdict(list)
        self._by_service: dict[str, list[MatchedStay]] = defaultdict(list)
        self._left_by_unit: dict[str, list[int]] = {}
        self._left_for_crises: dict[str, list[int]] = {}
        self._left_by_cap: dict[str, list[int]] = {}
        for stay in stays:
            self.add(stay)

    def add(self, stay: MatchedStay) -> None:
        """Let one more stay in."""
        self.of_need[stay.need.id] = stay
        self._by_unit[stay.unit.id].append(stay)
        self._by_service[stay.unit.service].append(stay)
        self._left_by_unit.pop(stay.unit.id, None)
        self._left_for_crises.pop(stay.unit.id, None)
        for cap in stay.unit.shared:
            self._by_cap[cap].append(stay)
            self._left_by_cap.pop(cap, None)

    @classmethod
    def of(cls, setting: Setting, matches: Iterable[Match]) -> Occupancy:
        """Return the room that these matches, each of a known need and unit, leave."""
        return cls(setting, (stay_of(setting, match.name, match.unit, match.start) for match in matches))

    def fits(self, stay: MatchedStay, *, without: frozenset[str] = frozenset()) -> bool:
        """Whether the stay breaks no limit, once its own need and the needs in `without` have left."""
        mine = self.of_need.get(stay.need.id)
        if not without and (mine is None or (mine.unit.service != stay.unit.service and not mine.unit.shared)):
            return self._has_left(stay) and not self._clashing(stay, frozenset({stay.need.id}))
        # Where there is no place at all, nobody stands in the way, and there is still no room.
        setting = self.setting
        where = (stay.unit, stay.start, stay.end)
        has_any = setting.has_place(*where) and setting.has_pool(*where)
        if _takes_crisis_place(stay):
            has_any = has_any and setting.has_crisis_place(*where)
        return has_any and not self.rivals(stay, without=without)

    def _has_left(self, stay: MatchedStay) -> bool:
        """Whether unit and caps have a place left on every night; quick, for it is asked of every night of a year."""
        if min(self._left_in(stay.unit)[stay.start : stay.end], default=1) < 1:
            return False
        if _takes_crisis_place(stay) and min(self._left_for(stay.unit)[stay.start : stay.end], default=1) < 1:
            return False
        return all(min(self._left_of(cap)[stay.start : stay.end], default=1) > 0 for cap in stay.unit.shared)

    def _left_in(self, unit: UnitFacts) -> list[int]:
        if unit.id not in self._left_by_unit:
            places = places_by_night(unit.free, self.setting.horizon)
            self._left_by_unit[unit.id] = _less(places, self._by_unit[unit.id])
        return self._left_by_unit[unit.id]

    def _left_for(self, unit: UnitFacts) -> list[int]:
        if unit.id not in self._left_for_crises:
            places = places_by_night(left_for_crises(unit, self.setting.horizon), self.setting.horizon)
            crises = filter(_takes_crisis_place, self._by_unit[unit.id])
            self._left_for_crises[unit.id] = _less(places, crises)
        return self._left_for_crises[unit.id]

    def _left_of(self, cap: str) -> list[int]:
        if cap not in self._left_by_cap:
            self._left_by_cap[cap] = _less(places_by_night(self.caps[cap], self.setting.horizon), self._by_cap[cap])
        return self._left_by_cap[cap]

    def rivals(self, stay: MatchedStay, *, without: frozenset[str] = frozenset()) -> tuple[MatchedStay, ...]:
        """Return the stays that stand in the way of this one, by need; none, if it fits."""
        found: dict[str, MatchedStay] = {}
        away = without | {stay.need.id}
        here = _meeting(self._by_unit[stay.unit.id], stay, away)
        found |= self._crowd(here, stay, stay.unit.free)
        if _takes_crisis_place(stay):
            crises = list(filter(_takes_crisis_place, here))
            found |= self._crowd(crises, stay, left_for_crises(stay.unit, self.setting.horizon))
        for cap in sorted(stay.unit.shared):
            found |= self._crowd(_meeting(self._by_cap[cap], stay, away), stay, self.caps[cap])
        found |= self._clashing(stay, away)
        return tuple(found[need] for need in sorted(found))

    def _clashing(self, stay: MatchedStay, away: frozenset[str]) -> dict[str, MatchedStay]:
        """Return those who may not be there at the same time, by need: of another gender, or to be kept apart."""
        found: dict[str, MatchedStay] = {}
        if stay.unit.gender == ONE_AT_A_TIME:
            here = _meeting(self._by_unit[stay.unit.id], stay, away)
            found |= {other.need.id: other for other in here if not _mix(stay.need, other.need)}
        for other in _meeting(self._by_service[stay.unit.service], stay, away):
            if other.need.id in stay.need.apart or stay.need.id in other.need.apart:
                found[other.need.id] = other
        return found

    @staticmethod
    def _crowd(there: list[MatchedStay], stay: MatchedStay, free: Sequence[Span]) -> dict[str, MatchedStay]:
        """Return those who are there on a night that is full."""
        found: dict[str, MatchedStay] = {}
        for night in range(stay.start, stay.end):
            present = [other for other in there if other.start <= night < other.end]
            if len(present) >= places_on(free, night):
                found |= {other.need.id: other for other in present}
        return found


def stay_of(setting: Setting, need: str, unit: str, start: int) -> MatchedStay:
    """Return the stay that this match makes."""
    return MatchedStay(setting.needs[need], setting.units[unit], start, setting.end(setting.needs[need], start))


def _takes_crisis_place(stay: MatchedStay) -> bool:
    return bool(stay.unit.crisis_places) and stay.need.is_unplanned


def _less(places: list[int], stays: Iterable[MatchedStay]) -> list[int]:
    for stay in stays:
        for night in range(stay.start, stay.end):
            places[night] -= 1
    return places


def _meeting(stays: list[MatchedStay], stay: MatchedStay, away: frozenset[str]) -> list[MatchedStay]:
    return [other for other in stays if other.overlaps(stay) and other.need.id not in away]


def _mix(one: Need, other: Need) -> bool:
    return one.gender is not None and one.gender == other.gender
