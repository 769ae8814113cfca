"""The ONE answer to "how many places are free, on which nights?": search, calendar, matcher and booking all ask here.

What is free in a unit on night n follows from its newest vacancy report and from what was booked since:

    free(n) = min(accepting, maximum − occupied − reserved − closed(n)) + freed(n) − taken(n),   never below 0

- `closed(n)`: places out of service on that night. A closure limits capacity, so that a provider who has already left
  closed places out of `accepting` does not see them subtracted twice.
- `freed(n)` = counted − held(n). A report counts the stays that were live when it was made; together they hold as many
  of its occupied and reserved places as there are of them at once at most (`counted`: two bookings one after the other
  need one place). `held(n)` is the most that those still live hold on night n or any later one: such a stay holds its
  place from the report until it ends, even before the person arrives. A provider who forgot to report our stays makes
  it negative, and they are subtracted all the same.
- `taken(n)`: live stays booked after the report, on their own nights, and places held while somebody decides.

A planned end is a plan: a stay that should have ended, and whose departure nobody has recorded, holds its place with no
end known (`records.placements.nights_held`). So every question is asked as of a day.

So our stays and what the provider reports never add up to more than the maximum. A unit that never reported has nothing
free. A shared cap leaves, on each night,

    left(n) = places − Σ over its units (occupied + reserved − freed(n) + taken(n)).

The migrations write the same two sums as triggers, so that the database refuses what this module would not offer, but
for what is overdue (a database has no day) and what is held, which is a promise and no booking.
`tests/records/test_availability.py` makes them agree.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from placement.domain.states import LIVE, HoldState, PlacementState
from placement.records.councils import EVERY_COUNCIL
from placement.records.holds import PlaceHold
from placement.records.placements import Placement, nights_held
from placement.records.providers import SharedCap, shared_cap_unit
from placement.records.vacancies import Closure, VacancyReport

Nights = tuple[date, date | None]
DAWN = date.min


@dataclass(frozen=True, slots=True)
class Steps:
    """A number for every night: `values[i]` holds from `dates[i]` until the next date, the last one for ever."""

    dates: tuple[date, ...]
    values: tuple[int, ...]

    def on(self, night: date) -> int:
        """Return the number on one night."""
        return self.values[bisect_right(self.dates, night) - 1]

    def least(self, start: date, end: date | None) -> int:
        """Return the smallest number over the nights [start, end); end None asks for ever."""
        first = bisect_right(self.dates, start) - 1
        last = len(self.dates) if end is None else max(first + 1, bisect_right(self.dates, end - timedelta(days=1)))
        return min(self.values[first:last])


@dataclass(frozen=True, slots=True)
class Availability:
    """What is free in some units, and what is left under the caps they share."""

    free: Mapping[int, Steps]
    left: Mapping[int, Steps]
    caps_of: Mapping[int, tuple[int, ...]]

    def bookable(self, unit_id: int, start: date, end: date | None) -> int:
        """Return how many more people the unit can take for the nights [start, end), shared caps included."""
        if unit_id not in self.free:
            return 0
        limits = [self.free[unit_id], *(self.left[cap] for cap in self.caps_of.get(unit_id, ()))]
        return max(0, min(limit.least(start, end) for limit in limits))

    def full(self, unit_id: int, start: date, end: date | None) -> list[Nights]:
        """Return the runs of nights in [start, end) on which nobody more can come; the last may have no end."""
        if unit_id not in self.free:
            return [(start, end)]
        limits = [self.free[unit_id], *(self.left[cap] for cap in self.caps_of.get(unit_id, ()))]
        turns = {turn for limit in limits for turn in limit.dates if turn > start and (end is None or turn < end)}
        cuts = sorted({start, *turns})
        runs: list[Nights] = []
        for night, until in zip(cuts, [*cuts[1:], end], strict=True):
            if self.bookable(unit_id, night, night + timedelta(days=1)):
                continue
            if runs and runs[-1][1] == night:
                night = runs.pop()[0]
            runs.append((night, until))
        return runs

    def last_change(self) -> date:
        """Return the last date on which any number changes; nothing changes after it."""
        return max((steps.dates[-1] for steps in (*self.free.values(), *self.left.values())), default=DAWN)


@dataclass(slots=True)
class _Unit:
    """What is known of one unit while the sums are made: changes to running totals, by date."""

    report: VacancyReport
    taken: dict[date, int]
    counted: dict[date, int]
    closed: dict[date, int]

    def used_since(self, dates: Sequence[date]) -> list[int]:
        """Return taken(n) − freed(n) for the nights from each date on."""
        held = list(accumulate(reversed(_totals(self.counted, dates)), max))[::-1]
        pairs = zip(_totals(self.taken, dates), held, strict=True)
        return [taken + hold - self.report.counted for taken, hold in pairs]


def availability(
    session: Session,
    unit_ids: Collection[int] | None = None,
    *,
    day: date,
    without: Collection[int] = (),
    held_for: Collection[int] = (),
) -> Availability:
    """Return what is free in the given units (None: in all) as known on a day, four queries whatever their number.

    `without` are ids of stays that are looked past: what would be free if they were not there. What is held for the
    referrals of these ids is free to them.
    """
    caps = _caps(session)
    wanted = None if unit_ids is None else set(unit_ids)
    if wanted is not None:
        sharing = {cap for cap, (_, units) in caps.items() if units & wanted}
        wanted = wanted.union(*(caps[cap][1] for cap in sharing))
        caps = {cap: caps[cap] for cap in sharing}
    units = _units(session, wanted, day, without, held_for)
    return Availability(
        free={unit_id: _free(unit) for unit_id, unit in units.items()},
        left={
            cap: _left(places, [units[u] for u in sorted(members) if u in units])
            for cap, (places, members) in caps.items()
        },
        caps_of=_caps_of(caps),
    )


def last_change(session: Session) -> date:
    """Return a day after which nothing changes in any unit, without making the sums."""
    reported = select(VacancyReport.unit_id)
    stays = select(func.max(func.coalesce(Placement.end_on, Placement.start_on))).where(
        Placement.state.in_(LIVE), Placement.unit_id.in_(reported)
    )
    closures = select(func.max(func.coalesce(Closure.end_on, Closure.start_on))).where(
        Closure.cancelled_at.is_(None), Closure.unit_id.in_(reported)
    )
    held = select(func.max(func.coalesce(PlaceHold.end_on, PlaceHold.start_on))).where(
        PlaceHold.state == HoldState.HELD
    )
    days = (
        session.scalar(stays, execution_options=EVERY_COUNCIL),
        session.scalar(held, execution_options=EVERY_COUNCIL),
        session.scalar(closures),
    )
    return max((day for day in days if day), default=DAWN)


def most_at_once(stays: Iterable[Nights], *, day: date) -> int:
    """Return the most of these stays that are there on one night, from a day on."""
    changes: defaultdict[date, int] = defaultdict(int)
    for start, end in stays:
        _add(changes, max(start, day), end if end is None else max(end, day), 1)
    return max(_totals(changes, sorted(changes)), default=0)


def newest_reports(session: Session, unit_ids: Collection[int] | None = None) -> dict[int, VacancyReport]:
    """Return the newest vacancy report of each unit that has one."""
    newest = select(func.max(VacancyReport.id)).group_by(VacancyReport.unit_id)
    if unit_ids is not None:
        newest = newest.where(VacancyReport.unit_id.in_(unit_ids))
    reports = session.scalars(select(VacancyReport).where(VacancyReport.id.in_(newest)))
    return {report.unit_id: report for report in reports}


def _caps(session: Session) -> dict[int, tuple[int, set[int]]]:
    rows = session.execute(
        select(SharedCap.id, SharedCap.places, shared_cap_unit.c.unit_id).join(
            shared_cap_unit, shared_cap_unit.c.shared_cap_id == SharedCap.id
        )
    )
    caps: dict[int, tuple[int, set[int]]] = {}
    for cap, places, unit in rows:
        caps.setdefault(cap, (places, set()))[1].add(unit)
    return caps


def _caps_of(caps: Mapping[int, tuple[int, set[int]]]) -> dict[int, tuple[int, ...]]:
    found: defaultdict[int, list[int]] = defaultdict(list)
    for cap in sorted(caps):
        for unit in caps[cap][1]:
            found[unit].append(cap)
    return {unit: tuple(ids) for unit, ids in found.items()}


def _units(
    session: Session,
    unit_ids: Collection[int] | None,
    day: date,
    without: Collection[int],
    held_for: Collection[int],
) -> dict[int, _Unit]:
    units = {
        unit_id: _Unit(report, defaultdict(int), defaultdict(int), defaultdict(int))
        for unit_id, report in newest_reports(session, unit_ids).items()
    }
    stays = _stays(units).where(Placement.id.not_in(without))
    for unit_id, state, start, end, counted_in in session.execute(stays, execution_options=EVERY_COUNCIL):
        unit, held = units[unit_id], nights_held(state, start, end, day)
        _add(unit.counted if counted_in == unit.report.id else unit.taken, held.start, held.end, 1)
    for hold in session.scalars(held_for_others(held_for), execution_options=EVERY_COUNCIL):
        if hold.unit_id in units:
            _add(units[hold.unit_id].taken, hold.start_on, hold.end_on, 1)
    closures = select(Closure.unit_id, Closure.start_on, Closure.end_on, Closure.places).where(
        Closure.cancelled_at.is_(None)
    )
    for unit_id, start, end, places in session.execute(closures):
        if unit_id in units:
            _add(units[unit_id].closed, start, end, places or units[unit_id].report.maximum)
    return units


def _stays(units: Mapping[int, _Unit]) -> Select[int, PlacementState, date, date | None, int | None]:
    """Return the live stays of some units; one that ends on the day it began holds no night."""
    stays = select(Placement.unit_id, Placement.state, Placement.start_on, Placement.end_on, Placement.counted_in_id)
    return stays.where(Placement.unit_id.in_(units), Placement.state.in_(LIVE))


def held_for_others(referral_ids: Collection[int]) -> Select[PlaceHold]:
    """Return the places that are held for anybody but these referrals, in the order in which they were held."""
    held = select(PlaceHold).where(PlaceHold.state == HoldState.HELD).order_by(PlaceHold.id)
    return held.where(PlaceHold.referral_id.not_in(referral_ids)) if referral_ids else held


def _add(changes: dict[date, int], start: date, end: date | None, by: int) -> None:
    changes[start] += by
    if end is not None:
        changes[end] -= by


def _totals(changes: Mapping[date, int], dates: Sequence[date]) -> list[int]:
    total, totals = 0, []
    for day in dates:
        total += changes.get(day, 0)
        totals.append(total)
    return totals


def _dates(changes: Iterable[Mapping[date, int]]) -> tuple[date, ...]:
    return tuple(sorted({DAWN}.union(*changes)))


def _free(unit: _Unit) -> Steps:
    report, dates = unit.report, _dates([unit.taken, unit.counted, unit.closed])
    spare = report.maximum - report.occupied - report.reserved
    nights = zip(unit.used_since(dates), _totals(unit.closed, dates), strict=True)
    return Steps(dates, tuple(max(0, min(report.accepting, spare - closed) - used) for used, closed in nights))


def _left(places: int, units: Sequence[_Unit]) -> Steps:
    dates = _dates([changes for unit in units for changes in (unit.taken, unit.counted)])
    settled = sum(unit.report.occupied + unit.report.reserved for unit in units)
    used = [unit.used_since(dates) for unit in units]
    return Steps(dates, tuple(max(0, places - settled - sum(row)) for row in zip(*used, strict=True)) or (places,))
