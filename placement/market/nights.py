"""The nights of one unit, one by one: what is free, who is there, and how far the numbers can be believed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session, joinedload

from placement.domain.clocks import today
from placement.domain.people import Actor
from placement.domain.periods import Period
from placement.market.closures import closures
from placement.market.vacancies import is_due
from placement.records.availability import availability, newest_reports
from placement.records.doubted import doubted
from placement.records.placements import Placement, holding_from
from placement.records.providers import Unit
from placement.records.vacancies import Closure, VacancyReport
from placement.records.visibility import visible_placements

CALENDAR_NIGHTS = 56
WEEK = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class StayThatNight:
    """A stay of ours on one night; `arrives` on its first, `leaves` after it, as it is planned."""

    stay: Placement
    arrives: bool
    leaves: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitNight:
    """One night of a unit: places `free` (None: it never reported), `closed`, and our `stays`.

    `others` are places that are not to be had though none of our stays is in them: by the provider's own numbers they
    are taken or not offered, or brokerage holds them while somebody decides.
    """

    on: date
    free: int | None
    closed: int
    stays: tuple[StayThatNight, ...]
    others: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NightCalendar:
    """Eight weeks of a unit from tonight on. `is_due`: its numbers are to be confirmed, and may be wrong."""

    unit: Unit
    report: VacancyReport | None
    doubted_at: datetime | None
    is_due: bool
    weeks: tuple[tuple[UnitNight, ...], ...]


def night_calendar(session: Session, unit: Unit, *, actor: Actor, now: datetime) -> NightCalendar:
    """Return the nights of a unit with the stays that an actor may see; it asks little, however many there are."""
    day = today(now)
    reports = newest_reports(session, [unit.id])
    report, in_doubt = reports.get(unit.id), doubted(session, reports, [unit.id])
    free = availability(session, [unit.id], day=day)
    stays, closed = _stays(session, unit, day, actor), closures(session, [unit], today=day)
    nights = []
    for night in (day + timedelta(days=number) for number in range(CALENDAR_NIGHTS)):
        there = _that_night(stays, night, day)
        shut = closed_places(unit, closed, night)
        open_ = free.bookable(unit.id, night, night + timedelta(days=1)) if report else None
        others = max(0, unit.capacity - shut - len(there) - (open_ or 0)) if report else 0
        nights.append(UnitNight(on=night, free=open_, closed=shut, stays=there, others=others))
    weeks = tuple(tuple(nights[first : first + WEEK]) for first in range(0, CALENDAR_NIGHTS, WEEK))
    return NightCalendar(
        unit=unit, report=report, doubted_at=in_doubt.get(unit.id), is_due=is_due(report, now=now), weeks=weeks
    )


def closed_places(unit: Unit, closed: Sequence[Closure], night: date) -> int:
    """Return how many places of a unit are out of service on a night, of these closures of any units."""
    there = (each for each in closed if each.unit_id == unit.id and Period(each.start_on, each.end_on).holds(night))
    return min(unit.capacity, sum(each.places or unit.capacity for each in there))


def _stays(session: Session, unit: Unit, day: date, actor: Actor) -> Sequence[Placement]:
    rows = visible_placements(actor).where(
        Placement.unit_id == unit.id,
        holding_from(day),
        Placement.start_on < day + timedelta(days=CALENDAR_NIGHTS),
    )
    deep = (joinedload(Placement.referral), joinedload(Placement.person))
    return session.scalars(rows.options(*deep).order_by(Placement.start_on, Placement.id)).all()


def _that_night(stays: Sequence[Placement], night: date, day: date) -> tuple[StayThatNight, ...]:
    return tuple(
        StayThatNight(stay=each, arrives=each.start_on == night, leaves=each.end_on == night + timedelta(days=1))
        for each in stays
        if each.held(day).holds(night)
    )
