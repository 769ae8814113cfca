"""Who got the place that no rule refused, and what letting somebody else have it would do to every objective."""

from __future__ import annotations

from dataclasses import dataclass

from placement.matching.judging.objectives import OBJECTIVES
from placement.matching.judging.occupancy import Occupancy
from placement.matching.judging.setting import Setting
from placement.matching.judging.stays import MatchedStay


@dataclass(frozen=True, slots=True, kw_only=True)
class TierChange:
    """What a swap would add to one objective, in its own sense and unit."""

    slug: str
    change: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Outbid:
    """An in-city unit that no rule refuses but that others got.

    `holders` are the needs in the way of a stay from `start`; were `displaced`, some or all of them, to lose their
    places for it, each tier would change by `swap`. Both are empty where no leaving makes room: a cap of no places.
    """

    unit: str
    start: int
    holders: tuple[str, ...]
    displaced: tuple[str, ...]
    swap: tuple[TierChange, ...]


def swap(stay: MatchedStay, occupancy: Occupancy) -> Outbid:
    """Return who is in the way of a stay, and what it would mean to let it have the place."""
    holders = occupancy.rivals(stay)
    displaced = _displaced(stay, holders, occupancy)
    leaving = [*displaced, *filter(None, [occupancy.of_need.get(stay.need.id)])]
    coming = _values(stay, occupancy.setting)
    going = [_values(other, occupancy.setting) for other in leaving]
    opened = occupancy.fits(stay, without=frozenset(other.need.id for other in displaced))
    changes = tuple(
        TierChange(slug=objective.slug, change=coming[tier] - sum(values[tier] for values in going))
        for tier, objective in enumerate(OBJECTIVES if opened else ())
    )
    return Outbid(
        unit=stay.unit.id,
        start=stay.start,
        holders=tuple(holder.need.id for holder in holders),
        displaced=tuple(sorted(other.need.id for other in displaced)),
        swap=changes,
    )


def _displaced(stay: MatchedStay, holders: tuple[MatchedStay, ...], occupancy: Occupancy) -> list[MatchedStay]:
    """Return holders, those that weigh least, whose leaving makes room, none of them in vain."""
    leaving: dict[str, MatchedStay] = {}
    if not occupancy.fits(stay, without=frozenset(holder.need.id for holder in holders)):
        return []
    for holder in sorted(holders, key=lambda other: (other.need.worth, other.need.id)):
        leaving[holder.need.id] = holder
        if occupancy.fits(stay, without=frozenset(leaving)):
            break
    for name in sorted(leaving, key=lambda name: -leaving[name].need.worth):
        if occupancy.fits(stay, without=frozenset(leaving) - {name}):
            del leaving[name]
    return list(leaving.values())


def _values(stay: MatchedStay, setting: Setting) -> tuple[int, ...]:
    return tuple(objective.value(stay.need, stay.unit, stay.start, setting) for objective in OBJECTIVES)
