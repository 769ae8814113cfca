"""Whom the gap map counts, by every combination of its filters, and what may be told of all of them together.

Every figure of every page, file and map of the gap map is one of these, and no other is told: so that no two filters,
areas or quarters can be set off against each other. What changes from day to day (the present quarter, and who waits
now) has no figure that adds up with those of the quarters that are over, so each of the three is told by itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

from placement.reports.asked import OUTSIDE, Asked, DemandPeriod, Level
from placement.reports.askers import Asker
from placement.reports.facets import FACETS, FacetGroup
from placement.reports.overlapping import Group, told_together
from placement.reports.small_numbers import Key, Told

CITY = "city"
ASKED, UNMET, WENT_OUT, UNPLACED, DECLINED = "asked", "unmet", "outside", "unplaced", "declined"
"""Who asked; and who found no place in the city: all, placed outside, placed nowhere, declined by a provider."""
_DAILY = (DemandPeriod.OPEN, DemandPeriod.PRESENT)
_NEEDS = [facet for facet in FACETS if facet.group is FacetGroup.NEED]
_ANY = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GapGroups:
    """Everybody whom the map counts: who is in a group, how long they waited, and how many may be told."""

    groups: Mapping[Key, Group]
    nights: Mapping[tuple[str, int], int]
    told: Mapping[Key, Told]

    def people(self, asked: Asked, area: str, what: str) -> Told:
        """Return how many people there are, as it may be told; None: fewer than 8, or held back."""
        return self.told.get(_key(asked, area, what))

    def nights_of(self, asked: Asked, area: str) -> int | None:
        """Return how many nights those without a place waited, to the nearest 10; None where they are not told."""
        if not self.people(asked, area, UNMET):
            return None
        group = self.groups[_key(asked, area, UNMET)]
        return 10 * round(sum(self.nights[asked.period.value, one] for one in group) / 10)


def gap_groups(askers: Sequence[Asker], asked: Asked) -> GapGroups:
    """Return everybody whom the map counts, whatever the filters of a question are."""
    groups = groups_of(askers, asked)
    over = {key: group for key, group in groups.items() if key[0] not in _DAILY}
    nights = {(period.value, each.case.person_id): each.case.nights for each in askers for period in each.periods}
    told = told_together(over)
    for period in _DAILY:
        told |= told_together({key: group for key, group in groups.items() if key[0] == period}, by_day=True)
    return GapGroups(groups=groups, nights=nights, told=told)


def groups_of(askers: Iterable[Asker], asked: Asked) -> dict[Key, Group]:
    """Return who is in each group: by period, needs, kind, type of service, level and area, and what is counted."""
    found: defaultdict[Key, set[int]] = defaultdict(set)
    for each in askers:
        for key in _keys(each, asked):
            found[key].add(each.case.person_id)
    return {key: frozenset(group) for key, group in found.items()}


def _keys(each: Asker, asked: Asked) -> Iterable[Key]:
    case, areas = each.case, _areas(each, asked)
    if DemandPeriod.OPEN not in each.periods:
        yield from ((period, _ANY, _ANY, _ANY, *area, ASKED) for period, area in product(each.periods, areas))
    if each.lack:
        needs = [_ANY, *(_slugs(facet.marks) for facet in _NEEDS if facet.holds(case))]
        chosen = product(each.periods, needs, (_ANY, case.kind), (_ANY, *sorted(case.types)), areas, _whats(each))
        yield from ((period, need, kind, wish, *area, what) for period, need, kind, wish, area, what in chosen)


def _whats(each: Asker) -> tuple[str, ...]:
    if DemandPeriod.OPEN in each.periods:
        return UNMET, each.lack
    became = WENT_OUT if each.is_outside else UNPLACED
    return UNMET, each.lack, became, *((DECLINED,) if each.case.is_declined else ())


def _areas(each: Asker, asked: Asked) -> list[tuple[str, str]]:
    at = [(level, replace(asked, level=level).area_of(each.case.ward_code, each.case.authority)) for level in Level]
    is_outside = any(area == OUTSIDE for _, area in at)
    return [*((level.value, area) for level, area in at), *(() if is_outside else ((CITY, CITY),))]


def _key(asked: Asked, area: str, what: str) -> Key:
    level = CITY if area == CITY else asked.level.value
    return (asked.period.value, _slugs(asked.needs), asked.kind, asked.service_type, level, area, what)


def _slugs(needs: Iterable[str]) -> str:
    return " ".join(sorted(needs))
