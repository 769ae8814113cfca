"""On which nights of its window a stay may start in a unit: one row a reason, each asked of the starts the others left.

A start is open when every row allows it. The first row that leaves none refuses the unit, and it alone: that a place is
priced too high says nothing where no place is free.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from placement.matching.judging.setting import Setting
from placement.matching.problem.facts import ONE_AT_A_TIME, Need, ServiceNights, UnitFacts

Allows = Callable[[Need, UnitFacts, int, Setting], bool]


def _has_place(need: Need, unit: UnitFacts, start: int, setting: Setting) -> bool:
    return setting.has_place(unit, start, setting.end(need, start))


def _has_pool(need: Need, unit: UnitFacts, start: int, setting: Setting) -> bool:
    return setting.has_pool(unit, start, setting.end(need, start))


def _has_crisis_place(need: Need, unit: UnitFacts, start: int, setting: Setting) -> bool:
    return not need.is_unplanned or setting.has_crisis_place(unit, start, setting.end(need, start))


def _is_registered(need: Need, unit: UnitFacts, start: int, _: Setting) -> bool:
    """The horizon cuts nothing here: who stays for good stays longer than a service that is going to close."""
    if unit.registered_until is None:
        return True
    return need.nights is not None and start + need.nights <= unit.registered_until


def _is_not_home(need: Need, unit: UnitFacts, start: int, setting: Setting) -> bool:
    return _is_clear(need.home_nights, unit, start, setting.end(need, start))


def _is_over_in_time(need: Need, unit: UnitFacts, start: int, _: Setting) -> bool:
    """A move ends the stay that the person is in; a stay that begins later is promised, and would overlap."""
    return not any(start <= night and (need.nights is None or night < start + need.nights) for night in need.booked_on)


def _is_kept_apart(need: Need, unit: UnitFacts, start: int, setting: Setting) -> bool:
    return _is_clear(need.apart_nights, unit, start, setting.end(need, start))


def _is_clear(nights: Iterable[ServiceNights], unit: UnitFacts, start: int, end: int) -> bool:
    return not any(there.service == unit.service and there.start < end and start < there.end for there in nights)


def _disturbs_nobody(need: Need, unit: UnitFacts, start: int, setting: Setting) -> bool:
    end = setting.end(need, start)
    return not any(there.start < end and start < there.end for there in unit.solo)


def _is_among_own_gender(need: Need, unit: UnitFacts, start: int, setting: Setting) -> bool:
    if unit.gender != ONE_AT_A_TIME:
        return True
    end = setting.end(need, start)
    there = (each.gender for each in unit.residents if each.start < end and start < each.end)
    return all(need.gender is not None and need.gender == gender for gender in there)


def _is_affordable(need: Need, unit: UnitFacts, start: int, setting: Setting) -> bool:
    return not setting.held_back(need, unit, start)


STARTS: Mapping[str, Allows] = {
    "nights": _has_place,
    "pool": _has_pool,
    "crises": _has_crisis_place,
    "register": _is_registered,
    "home": _is_not_home,
    "booked": _is_over_in_time,
    "apart": _is_kept_apart,
    "solo": _disturbs_nobody,
    "same_gender": _is_among_own_gender,
    "hold": _is_affordable,
}
"""By the slug of the rule. The order is part of what is told: see above."""


def starts_of(need: Need, unit: UnitFacts, setting: Setting) -> list[int]:
    """Return the starts in the need's window that every row allows."""
    return narrowed(need, unit, setting)[0]


def is_open(need: Need, unit: UnitFacts, start: int, setting: Setting) -> bool:
    """Whether every row allows this start, in the window or not."""
    return all(allows(need, unit, start, setting) for allows in STARTS.values())


def narrowed(need: Need, unit: UnitFacts, setting: Setting) -> tuple[list[int], str | None]:
    """Return the open starts and the slug of the row that left none, None where some are open."""
    # Rule after rule is asked of one pair before the next pair is: one answer is all that is worth keeping.
    last = setting.last_narrowed
    if last is None or last[0] is not need or last[1] is not unit:
        last = setting.last_narrowed = (need, unit, _narrowed(need, unit, setting))
    return last[2]


def _narrowed(need: Need, unit: UnitFacts, setting: Setting) -> tuple[list[int], str | None]:
    left = list(range(need.earliest, need.latest + 1))
    for slug, allows in STARTS.items():
        left = [start for start in left if allows(need, unit, start, setting)]
        if not left:
            return left, slug
    return left, None
