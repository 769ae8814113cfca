"""The gap map: expressed demand against accepting supply, by ward or by locality.

Demand is counted where people live and supply where services stand, so that a gap says where something is missing, not
that nobody could be placed. What is outside the city has a row of its own and is no part of the city's total.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from placement.domain.errors import NotFound
from placement.reports.asked import OUTSIDE, UNPLACED, Area, Asked
from placement.reports.demand import demand
from placement.reports.exports import Column
from placement.reports.supply import Supply, supply


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """One area: referrals, places free tonight, places there are, services and units, and units that are stale."""

    area: Area
    demand: int = 0
    supply: int = 0
    capacity: int = 0
    services: int = 0
    units: int = 0
    stale: int = 0

    @property
    def gap(self) -> int:
        """Places missing; below 0, places to spare."""
        return self.demand - self.supply

    @property
    def is_empty(self) -> bool:
        """Whether nothing is asked for here and nothing offered: there is no data to map."""
        return not self.demand and not self.units


@dataclass(frozen=True, slots=True, kw_only=True)
class Gaps:
    """The answer: a row an area in the order of the areas, the city's total, and what was asked."""

    asked: Asked
    rows: tuple[Gap, ...]
    outside: Gap
    city: Gap

    def ranked(self) -> list[Gap]:
        """Return the city's rows, the greatest gap first."""
        return sorted(self.rows, key=lambda row: (-row.gap, -row.demand, row.area.name))


def gap_map(session: Session, asked: Asked) -> Gaps:
    """Return demand, supply and gap of every area; nine queries whatever the city's size."""
    wanted, offered = demand(session, asked), by_area(supply(session, asked), asked)
    found = [_gap(area, wanted, offered[area.code]) for area in asked.areas()]
    rows = tuple(row for row in found if row.area.code != OUTSIDE and not _is_idle(row))
    return Gaps(asked=asked, rows=rows, outside=found[-1], city=_total(rows))


def area_gap(session: Session, asked: Asked, code: str) -> tuple[Gap, Sequence[Supply]]:
    """Return one area's row and the units behind it. Raises NotFound for a code that is no area of the level."""
    area = next((each for each in asked.areas() if each.code == code), None)
    if area is None:
        raise NotFound("There is no such area.")
    offered = by_area(supply(session, asked), asked)[code]
    return _gap(area, demand(session, asked), offered), offered


def by_area(offered: Iterable[Supply], asked: Asked) -> defaultdict[str, list[Supply]]:
    """Return supply by the code of the area where its service stands."""
    found: defaultdict[str, list[Supply]] = defaultdict(list)
    for each in offered:
        found[asked.area_of(each.service.ward_code, each.service.authority)].append(each)
    return found


def gap_rows(session: Session, asked: Asked) -> Sequence[Gap]:
    """Return the rows of the map's table: areas, the city's total, and what is outside."""
    found = gap_map(session, asked)
    return [*found.ranked(), found.city, found.outside]


def _gap(area: Area, wanted: Counter[str], offered: Sequence[Supply]) -> Gap:
    return Gap(
        area=area,
        demand=wanted[area.code],
        supply=sum(each.free for each in offered),
        capacity=sum(each.unit.capacity for each in offered),
        services=len({each.service.id for each in offered}),
        units=len(offered),
        stale=sum(each.is_stale for each in offered),
    )


def _is_idle(row: Gap) -> bool:
    return row.area.code == UNPLACED and row.is_empty


def _total(rows: Sequence[Gap]) -> Gap:
    return Gap(
        area=Area(code="city", name="Whole city"),
        demand=sum(row.demand for row in rows),
        supply=sum(row.supply for row in rows),
        capacity=sum(row.capacity for row in rows),
        services=sum(row.services for row in rows),
        units=sum(row.units for row in rows),
        stale=sum(row.stale for row in rows),
    )


COLUMNS = (
    Column("Area", lambda row: row.area.name),
    Column("Code", lambda row: row.area.code),
    Column("Referrals", lambda row: row.demand),
    Column("Places free tonight", lambda row: row.supply),
    Column("Places missing", lambda row: row.gap),
    Column("Places in all", lambda row: row.capacity),
    Column("Services", lambda row: row.services),
    Column("Units", lambda row: row.units),
    Column("Units not confirmed for 7 days", lambda row: row.stale),
)
