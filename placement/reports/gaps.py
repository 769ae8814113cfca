"""The gap map: who has no place in the city, by ward or by locality, and beside it what is free tonight.

People are counted where they live and places where services stand. The two are facts of their own and never netted: a
place that is free is no place for somebody whom it does not fit. Now: whom the newest match run leaves without a place
(`reports.waiting`); over a past period: what became of the referrals (`reports.past`). What is outside the city has a
row of its own and is no part of the city's total.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter

from sqlalchemy.orm import Session

from placement.domain.errors import NotFound
from placement.reports.asked import OUTSIDE, UNPLACED, Area, Asked, DemandPeriod
from placement.reports.demand import demand
from placement.reports.exports import Column
from placement.reports.past import Became, past, together
from placement.reports.supply import Supply, supply
from placement.reports.waiting import LACKS, Waiting, waiting
from placement.sheets.sheet import Cell


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """One area: referrals, who of them has no place, places free tonight and in all, services, units and stale units.

    `lacks`: people who wait now, by what they lack; None where the question is about the past or no run has finished.
    `past`: what became of the referrals; None where the question is about now.
    """

    area: Area
    demand: int = 0
    lacks: Mapping[str, int] | None = None
    past: Became | None = None
    supply: int = 0
    capacity: int = 0
    services: int = 0
    units: int = 0
    stale: int = 0

    @property
    def unmet(self) -> int | None:
        """How many have no place in the city: waiting now, or not met in the past; None where nobody knows."""
        if self.past is not None:
            return self.past.unmet
        return None if self.lacks is None else sum(self.lacks.values())

    @property
    def is_empty(self) -> bool:
        """Whether nothing is asked for here and nothing offered: there is no data to map."""
        return not self.demand and not self.unmet and not self.units


@dataclass(frozen=True, slots=True, kw_only=True)
class Gaps:
    """The answer: a row an area in the order of the areas, the city's total, and what was asked.

    `waiting` says of which run the rows speak; None where the question is about the past.
    """

    asked: Asked
    waiting: Waiting | None
    rows: tuple[Gap, ...]
    outside: Gap
    city: Gap

    def ranked(self) -> list[Gap]:
        """Return the city's rows, where most people have no place first."""
        return sorted(self.rows, key=lambda row: (-(row.unmet or 0), -row.demand, row.area.name))


@dataclass(frozen=True, slots=True)
class _Facts:
    """What is known of every area, by its code."""

    demand: Counter[str]
    offered: Mapping[str, Sequence[Supply]]
    waiting: Waiting | None = None
    past: Mapping[str, Became] = field(default_factory=dict)

    @property
    def lacks(self) -> Mapping[str, Counter[str]] | None:
        """Who waits, by area; None where nobody knows or nobody asks."""
        return self.waiting.by_area if self.waiting and self.waiting.run_at else None

    def row(self, area: Area) -> Gap:
        offered = self.offered[area.code]
        lacks = self.lacks
        return Gap(
            area=area,
            demand=self.demand[area.code],
            lacks=None if lacks is None else lacks.get(area.code, Counter()),
            past=self.past.get(area.code, Became()) if self.waiting is None else None,
            supply=sum(each.free for each in offered),
            capacity=sum(each.unit.capacity for each in offered),
            services=len({each.service.id for each in offered}),
            units=len(offered),
            stale=sum(each.is_stale for each in offered),
        )


def gap_map(session: Session, asked: Asked) -> Gaps:
    """Return the figures of every area; fourteen queries at most, whatever the city's size."""
    facts = _facts(session, asked)
    found = [facts.row(area) for area in asked.areas()]
    rows = tuple(row for row in found if row.area.code != OUTSIDE and not _is_idle(row))
    return Gaps(asked=asked, waiting=facts.waiting, rows=rows, outside=found[-1], city=_total(rows, facts))


def area_gap(session: Session, asked: Asked, code: str) -> tuple[Gap, Waiting | None, Sequence[Supply]]:
    """Return one area's row, the run it speaks of, and its units. Raises NotFound for a code that is no area."""
    area = next((each for each in asked.areas() if each.code == code), None)
    if area is None:
        raise NotFound("There is no such area.")
    facts = _facts(session, asked)
    return facts.row(area), facts.waiting, facts.offered[code]


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


def _facts(session: Session, asked: Asked) -> _Facts:
    wanted, offered = demand(session, asked), by_area(supply(session, asked), asked)
    if asked.period is DemandPeriod.OPEN:
        return _Facts(wanted, offered, waiting=waiting(session, asked))
    return _Facts(wanted, offered, past=past(session, asked))


def _is_idle(row: Gap) -> bool:
    return row.area.code == UNPLACED and row.is_empty


def _total(rows: Sequence[Gap], facts: _Facts) -> Gap:
    lacks: Counter[str] = sum((Counter(row.lacks or {}) for row in rows), Counter())
    return Gap(
        area=Area(code="city", name="Whole city"),
        demand=sum(row.demand for row in rows),
        lacks=None if facts.lacks is None else lacks,
        past=together(row.past or Became() for row in rows) if facts.waiting is None else None,
        supply=sum(row.supply for row in rows),
        capacity=sum(row.capacity for row in rows),
        services=sum(row.services for row in rows),
        units=sum(row.units for row in rows),
        stale=sum(row.stale for row in rows),
    )


def _of_past(name: str) -> Callable[[Gap], Cell]:
    return lambda row: None if row.past is None else attrgetter(name)(row.past)


def _lacking(slug: str) -> Callable[[Gap], Cell]:
    return lambda row: None if row.lacks is None else row.lacks.get(slug, 0)


# A file has one heading whatever was asked: the columns of now are blank in a file about the past, and the other way.
COLUMNS = (
    Column("Area", lambda row: row.area.name),
    Column("Code", lambda row: row.area.code),
    Column("Referrals", lambda row: row.demand),
    Column("Waiting without a place in the city", lambda row: None if row.past else row.unmet),
    *(Column(f"Waiting: {lack.label.lower()}", _lacking(lack.slug)) for lack in LACKS),
    Column("Placed in the city", _of_past("in_city")),
    Column("Placed outside by choice", _of_past("by_choice")),
    Column("Placed outside not by choice", _of_past("not_by_choice")),
    Column("No place: still searched for or on hold", _of_past("still")),
    Column("No place: closed or withdrawn", _of_past("ended")),
    Column("Declined at least once by a provider", _of_past("declined")),
    Column("Nights waited in all", _of_past("nights")),
    Column("Places free tonight", lambda row: row.supply),
    Column("Places in all", lambda row: row.capacity),
    Column("Services", lambda row: row.services),
    Column("Units", lambda row: row.units),
    Column("Units not confirmed for 7 days", lambda row: row.stale),
)
