"""The gap map: who has no place in the city, by ward or by locality, and beside it what is free tonight.

People are counted where they live and places where services stand. The two are facts of their own and never netted: a
place that is free is no place for somebody whom it does not fit. Now: whom the newest match run leaves without a place
(`reports.waiting`); over a past period: whom what happened left without one (`reports.cases`, `reports.causes`). What
is outside the city has a row of its own and is no part of the city's total.

Every count of people may be told (`reports.gap_groups`). Places are no people and are told as they are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from placement.domain.errors import NotFound
from placement.reports.asked import OUTSIDE, QUARTERS_OVER, UNPLACED, Area, Asked, DemandPeriod
from placement.reports.askers import past_askers, waiting_askers
from placement.reports.exports import Column
from placement.reports.gap_groups import ASKED, CITY, DECLINED, UNMET, WENT_OUT, GapGroups, gap_groups
from placement.reports.gap_groups import UNPLACED as PLACED_NOWHERE
from placement.reports.small_numbers import MARK, Told
from placement.reports.supply import Supply, supply
from placement.reports.waiting import LACKS, Waiting, waiting
from placement.sheets.sheet import Cell


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """One area: people, as they may be told (None: fewer than 8, or held back), and places, services and units there.

    `asked`: everybody who asked, told only of no filter and of a past. `unmet`: of them who found no place in the city,
    and of these `lacks` by why, `outside` placed outside it though nobody chose that, `nowhere` placed nowhere, and
    `declined` by a provider at least once. `nights`: how long they waited, to the nearest 10; None where not told.
    """

    area: Area
    number: int | None = None
    asked: Told = None
    unmet: Told = None
    lacks: Mapping[str, Told]
    outside: Told = None
    nowhere: Told = None
    declined: Told = None
    nights: int | None = None
    supply: int = 0
    capacity: int = 0
    services: int = 0
    units: int = 0
    stale: int = 0


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

    @property
    def is_known(self) -> bool:
        """Whether anybody knows who has no place: of now, once a match run has finished."""
        return self.waiting is None or self.waiting.run_at is not None

    def ranked(self) -> list[Gap]:
        """Return the city's rows, where most people have no place first."""
        return sorted(self.rows, key=lambda row: (-(row.unmet or 0), row.area.name))


@dataclass(frozen=True, slots=True)
class _Facts:
    """What is known of every area, by its code."""

    asked: Asked
    people: GapGroups
    offered: Mapping[str, Sequence[Supply]]
    waiting: Waiting | None

    def row(self, area: Area, offered: Sequence[Supply], number: int | None = None) -> Gap:
        def told(what: str) -> Told:
            return self.people.people(self.asked, area.code, what)

        return Gap(
            area=area,
            number=number,
            asked=told(ASKED),
            unmet=told(UNMET),
            lacks={lack.slug: told(lack.slug) for lack in LACKS},
            outside=told(WENT_OUT),
            nowhere=told(PLACED_NOWHERE),
            declined=told(DECLINED),
            nights=self.people.nights_of(self.asked, area.code),
            supply=sum(each.free for each in offered),
            capacity=sum(each.unit.capacity for each in offered),
            services=len({each.service.id for each in offered}),
            units=len(offered),
            stale=sum(each.is_stale for each in offered),
        )

    def city(self) -> Gap:
        inside = [each for code, found in self.offered.items() if code != OUTSIDE for each in found]
        return self.row(Area(code=CITY, name="Whole city"), inside)

    def rows(self) -> list[Gap]:
        """Return a row an area, numbered in the order of the areas, so that an area keeps its number."""
        return [self.row(area, self.offered[area.code], place) for place, area in enumerate(self.asked.areas(), 1)]


def gap_map(session: Session, asked: Asked) -> Gaps:
    """Return the figures of every area; 27 queries at most, whatever the city's size."""
    return _answer(_facts(session, asked))


def gap_quarters(session: Session, asked: Asked) -> Sequence[Gaps]:
    """Return the same question of each of the four quarters that are over, the oldest first; 23 queries."""
    facts = _facts(session, replace(asked, period=DemandPeriod.LAST))
    return [_answer(replace(facts, asked=replace(asked, period=period))) for period in reversed(QUARTERS_OVER)]


def area_gap(session: Session, asked: Asked, code: str) -> tuple[Gap, Waiting | None, Sequence[Supply]]:
    """Return one area's row, the run it speaks of, and its units. Raises NotFound for a code that is no area."""
    area = next((each for each in asked.areas() if each.code == code), None)
    if area is None:
        raise NotFound("There is no such area.")
    facts = _facts(session, asked)
    return facts.row(area, facts.offered[code]), facts.waiting, facts.offered[code]


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


def people_told(session: Session, asked: Asked) -> GapGroups:
    """Return everybody whom the map counts, whatever a question filters; fourteen queries."""
    return gap_groups([*waiting_askers(session, asked), *past_askers(session, asked)], asked)


def _facts(session: Session, asked: Asked) -> _Facts:
    return _Facts(
        asked=asked,
        people=people_told(session, asked),
        offered=by_area(supply(session, asked), asked),
        waiting=waiting(session, asked) if asked.is_now else None,
    )


def _answer(facts: _Facts) -> Gaps:
    found = facts.rows()
    rows = tuple(row for row in found[:-1] if not _is_idle(row))
    return Gaps(asked=facts.asked, waiting=facts.waiting, rows=rows, outside=found[-1], city=facts.city())


def _is_idle(row: Gap) -> bool:
    return row.area.code == UNPLACED and not row.units and row.unmet is None and row.asked is None


def _people(name: str) -> Callable[[Gap], Cell]:
    return lambda row: _cell(getattr(row, name))


def _lacking(slug: str) -> Callable[[Gap], Cell]:
    return lambda row: _cell(row.lacks[slug])


def _cell(told: Told) -> Cell:
    return MARK if told is None else told


# A file has one heading whatever was asked, and a mark for what may not be told or is not of this question.
COLUMNS = (
    Column("Area", lambda row: row.area.name),
    Column("Code", lambda row: row.area.code),
    Column("People who asked", _people("asked")),
    Column("Without a place in the city", _people("unmet")),
    *(Column(f"Of them: {lack.label.lower()}", _lacking(lack.slug)) for lack in LACKS),
    Column("Of them: placed outside, not by choice", _people("outside")),
    Column("Of them: placed nowhere", _people("nowhere")),
    Column("Of them: declined at least once by a provider", _people("declined")),
    Column("Nights they waited in all", lambda row: row.nights),
    Column("Places free tonight", lambda row: row.supply),
    Column("Places in all", lambda row: row.capacity),
    Column("Services", lambda row: row.services),
    Column("Units", lambda row: row.units),
    Column("Units not confirmed for 7 days", lambda row: row.stale),
)
