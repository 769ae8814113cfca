"""Where a plan still has room: whether one more stay breaks a limit, and whose stays are in its way."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from placement.matching.instance import Need, Unit
from placement.matching.plan import Match
from placement.matching.setting import Setting
from placement.matching.stays import Stay


class Room:
    """The stays of a plan, found by what they occupy."""

    def __init__(self, setting: Setting, stays: Iterable[Stay]) -> None:
        self.setting = setting
        self.caps = {cap.id: cap.places for cap in setting.instance.shared_caps}
        self.of_need: dict[str, Stay] = {}
        self._by_unit: dict[str, list[Stay]] = defaultdict(list)
        self._by_cap: dict[str, list[Stay]] = defaultdict(list)
        self._by_service: dict[str, list[Stay]] = defaultdict(list)
        for stay in stays:
            self.add(stay)

    def add(self, stay: Stay) -> None:
        """Let one more stay in."""
        self.of_need[stay.need.id] = stay
        self._by_unit[stay.unit.id].append(stay)
        self._by_service[stay.unit.service].append(stay)
        for cap in stay.unit.shared:
            self._by_cap[cap].append(stay)

    @classmethod
    def of(cls, setting: Setting, matches: Iterable[Match]) -> Room:
        """Return the room that these matches, each of a known need and unit, leave."""
        return cls(setting, (stay_of(setting, match.need, match.unit, match.start) for match in matches))

    def fits(self, stay: Stay, *, without: frozenset[str] = frozenset()) -> bool:
        """Whether the stay breaks no limit, once its own need and the needs in `without` have left."""
        # A cap of no places is in nobody's hands, and still no room.
        is_barred = any(self.caps[cap] < 1 for cap in stay.unit.shared)
        return not is_barred and not self.rivals(stay, without=without)

    def rivals(self, stay: Stay, *, without: frozenset[str] = frozenset()) -> tuple[Stay, ...]:
        """Return the stays that stand in the way of this one, by need; none, if it fits."""
        found: dict[str, Stay] = {}
        away = without | {stay.need.id}
        here = _meeting(self._by_unit[stay.unit.id], stay, away)
        found |= self._crowd(here, stay, {night: _places(stay.unit, night) for night in range(stay.start, stay.end)})
        for cap in sorted(stay.unit.shared):
            sharing = _meeting(self._by_cap[cap], stay, away)
            found |= self._crowd(sharing, stay, dict.fromkeys(range(stay.start, stay.end), self.caps[cap]))
        if stay.unit.gender == "same":
            found |= {other.need.id: other for other in here if not _mix(stay.need, other.need)}
        for other in _meeting(self._by_service[stay.unit.service], stay, away):
            if other.need.id in stay.need.apart or stay.need.id in other.need.apart:
                found[other.need.id] = other
        return tuple(found[need] for need in sorted(found))

    @staticmethod
    def _crowd(there: list[Stay], stay: Stay, places: dict[int, int]) -> dict[str, Stay]:
        """Return those who are there on a night that is full."""
        found: dict[str, Stay] = {}
        for night, count in places.items():
            present = [other for other in there if other.start <= night < other.end]
            if len(present) >= count:
                found |= {other.need.id: other for other in present}
        return found


def stay_of(setting: Setting, need: str, unit: str, start: int) -> Stay:
    """Return the stay that this match makes."""
    return Stay(setting.needs[need], setting.units[unit], start, setting.end(setting.needs[need], start))


def _meeting(stays: list[Stay], stay: Stay, away: frozenset[str]) -> list[Stay]:
    return [other for other in stays if other.overlaps(stay) and other.need.id not in away]


def _places(unit: Unit, night: int) -> int:
    return next((places for start, end, places in unit.free if start <= night < end), 0)


def _mix(one: Need, other: Need) -> bool:
    return one.gender is not None and one.gender == other.gender
