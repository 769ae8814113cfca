"""The market week by week: every unit that fits, and what is free in it in each of the next eight weeks.

The weeks are those of a unit's night calendar, to which each cell leads; both ask `records.availability`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy.orm import Session

from placement.domain.clocks import today
from placement.domain.people import Actor
from placement.domain.periods import Period
from placement.market.closures import closures
from placement.market.narrowing import Fitting, WeekFilters, fitting_units, narrowed, offered
from placement.market.nights import CALENDAR_NIGHTS, WEEK, closed_places
from placement.market.vacancies import is_due
from placement.records.availability import Availability, availability, newest_reports
from placement.records.doubted import doubted
from placement.records.facets import Facet
from placement.records.pages import ROWS, START, Page, PlaceInList, cut
from placement.records.providers import Standing, Unit
from placement.records.standings import standings_on
from placement.records.vacancies import Closure, VacancyReport


class NoneFree(StrEnum):
    """Why nobody can be given a place in a whole week; the value is what people read."""

    NOT_KNOWN = "Not known"
    NOT_ADMITTING = "Not admitting"
    NOT_REGISTERED = "Not registered"
    CLOSED = "Closed"


@dataclass(frozen=True, slots=True)
class PartWeek:
    """Some nights of a week, [start, end), on which more places are free than on all its nights."""

    places: int
    start: date
    end: date


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitWeek:
    """Seven nights of a unit: the `places` free on every one of them, and a part on which more are."""

    nights: Period
    places: int = 0
    part: PartWeek | None = None
    bar: NoneFree | None = None

    @property
    def part_said(self) -> str:
        """The part in words, by the days of the week: “2 from Thu”, “1 until Tue”, “3 on Sat”; empty without one."""
        if self.part is None:
            return ""
        places, first, last = self.part.places, f"{self.part.start:%a}", f"{self.part.end - timedelta(days=1):%a}"
        if self.part.end == self.nights.end:
            return f"{places} from {first}"
        if self.part.start == self.nights.start:
            return f"{places} until {last}"
        return f"{places} on {first}" if first == last else f"{places} from {first} to {last}"


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitWeeks:
    """One row of the grid. `is_due`: the numbers are to be confirmed; `doubted_at`: it said that it has no vacancy."""

    unit: Unit
    report: VacancyReport | None
    is_due: bool
    doubted_at: datetime | None
    is_in_city: bool
    weeks: tuple[UnitWeek, ...]

    @property
    def is_unsure(self) -> bool:
        """Whether the numbers may be wrong."""
        return self.is_due or self.doubted_at is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekGrid:
    """A page of the grid, the weeks over its columns, and what it can be narrowed by.

    `offered`: how many of the units offer each feature.
    """

    page: Page[UnitWeeks]
    weeks: tuple[Period, ...]
    facets: tuple[Facet, ...]
    offered: Mapping[str, int]


def week_grid(
    session: Session, filters: WeekFilters, *, actor: Actor, now: datetime, at: PlaceInList = START, size: int = ROWS
) -> WeekGrid:
    """Return the units that fit, by name of service, `size` of them; few questions, however many there are."""
    day = today(now)
    found = fitting_units(session, filters, actor=actor, today=day)
    known = _Known(session, [each.unit.id for each in found], day)
    kept, facets = narrowed([replace(each, has_place=known.has_place(each.unit)) for each in found], filters)
    page = cut(kept, [each.unit.id for each in kept], at=at, size=size)
    rows = page.with_rows(known.rows(page.rows, now))
    return WeekGrid(page=rows, weeks=known.weeks, facets=facets, offered=offered(kept))


def part_of(nights: Sequence[int]) -> tuple[int, int, int] | None:
    """Return (places, first, after the last) of the nights of a week with more places free than all of them have.

    The nights up to the end of the week are told before those of its beginning, and these before any between.
    """
    whole, length = min(nights), len(nights)
    later = next((first for first in range(1, length) if min(nights[first:]) > whole), None)
    if later is not None:
        return min(nights[later:]), later, length
    first = next((night for night, places in enumerate(nights) if places), None)
    if whole or first is None:
        return None
    last = next((night for night in range(first, length) if not nights[night]), length)
    return min(nights[first:last]), first, last


class _Known:
    """What is known of some units on a day."""

    def __init__(self, session: Session, unit_ids: Sequence[int], day: date) -> None:
        self.session, self.day = session, day
        self.free: Availability = availability(session, unit_ids, day=day)
        self.standings: Mapping[int, Standing] = standings_on(session, day)
        starts = (day + timedelta(days=number) for number in range(0, CALENDAR_NIGHTS, WEEK))
        self.weeks = tuple(Period(start, start + timedelta(days=WEEK)) for start in starts)

    def has_place(self, unit: Unit) -> bool:
        """Return whether a place is free on every night of some week."""
        return any(
            self.free.bookable(unit.id, week.start, week.end) and not any(map(self._bars(unit), _nights(week)))
            for week in self.weeks
        )

    def rows(self, found: Sequence[Fitting], now: datetime) -> list[UnitWeeks]:
        """Return these units as rows."""
        units = [each.unit for each in found]
        ids = [unit.id for unit in units]
        reports = newest_reports(self.session, ids)
        in_doubt, shut = doubted(self.session, reports, ids), closures(self.session, units, today=self.day)
        return [
            UnitWeeks(
                unit=each.unit,
                report=reports.get(each.unit.id),
                is_due=is_due(reports.get(each.unit.id), now=now),
                doubted_at=in_doubt.get(each.unit.id),
                is_in_city=each.is_in_city,
                weeks=tuple(self._week(each.unit, week, shut) for week in self.weeks),
            )
            for each in found
        ]

    def _week(self, unit: Unit, week: Period, shut: Sequence[Closure]) -> UnitWeek:
        if unit.id not in self.free.free:
            return UnitWeek(nights=week, bar=NoneFree.NOT_KNOWN)
        bars, places = self._bars(unit), []
        for night in _nights(week):
            open_ = self.free.bookable(unit.id, night, night + timedelta(days=1))
            places.append(0 if bars(night) else open_)
        told = [bars(night) or _closed(unit, shut, night) for night in _nights(week)]
        if all(told):
            return UnitWeek(nights=week, bar=told[0])
        more = part_of(places)
        part = PartWeek(more[0], *(week.start + timedelta(days=number) for number in more[1:])) if more else None
        return UnitWeek(nights=week, places=min(places), part=part)

    def _bars(self, unit: Unit) -> Callable[[date], NoneFree | None]:
        """Return what keeps a unit from taking anybody on a night, whatever is free in it."""
        standing, leaves_on = self.standings.get(unit.service.provider_id), unit.service.deregistered_on

        def bar(night: date) -> NoneFree | None:
            if standing is not None and standing.is_barring and Period(standing.start_on, standing.end_on).holds(night):
                return NoneFree.NOT_ADMITTING
            return NoneFree.NOT_REGISTERED if leaves_on is not None and night >= leaves_on else None

        return bar


def _closed(unit: Unit, shut: Sequence[Closure], night: date) -> NoneFree | None:
    return NoneFree.CLOSED if closed_places(unit, shut, night) >= unit.capacity else None


def _nights(week: Period) -> Iterator[date]:
    return (week.start + timedelta(days=number) for number in range(WEEK))
