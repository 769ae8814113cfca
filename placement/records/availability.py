"""The ONE answer to "how many places are free, on which nights?": search, calendar, matcher and booking all ask here.

What is free in a unit on night n follows from its newest vacancy report and from what was booked since:

    free(n) = min(accepting, maximum − occupied − reserved − closed(n) − kept(n)) + freed(n) + gone(n) − taken(n),

never below 0.

- `closed(n)`: places out of service on that night; `kept(n)`: places that the provider keeps for others then, and that
  the report does not include (`records.others`). Both limit capacity, so that a provider who has already left such
  places out of `accepting` does not see them subtracted twice.
- `gone(n)`: of the places of others that the report includes, those that are theirs no more by that night: who lived
  there has left, what was kept is kept no more. Never more than the report has of others.
- `freed(n)` = counted − held(n). A report counts the stays that were live when it was made; together they hold as many
  of its occupied and reserved places as there are of them at once at most (`counted`: two bookings one after the other
  need one place). `held(n)` is the most that those still live hold on night n or any later one: such a stay holds its
  place from the report until it ends, even before the person arrives. A provider who forgot to report our stays makes
  it negative, and they are subtracted all the same.
- `taken(n)`: live stays booked after the report, on their own nights, and places held while somebody decides.

A planned end is a plan: a stay that should have ended, and whose departure nobody has recorded, holds its place with no
end known (`records.placements.nights_held`), and so does one of the provider's own people (`OtherStay.held`). So every
question is asked as of a day.

Where a unit has `turnaround_nights`, whoever leaves holds the place so many nights longer, and a night is free only if
as many nights after it are: a stay on it would need them. What is in a pool is not prepared for anybody.

So our stays and what the provider reports never add up to more than the maximum. A unit that never reported has nothing
free. A shared cap leaves, on each night,

    left(n) = places − Σ over its units (occupied + reserved + kept(n) − freed(n) − gone(n) + taken(n)).

The migrations write the same two sums as triggers, so that the database refuses what this module would not offer, but
for what is overdue (a database has no day), turnaround nights, and what is held, which is a promise and no booking.
`tests/records/test_availability.py` makes them agree.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import Session

from placement.domain.clocks import today
from placement.domain.others import PURPOSE
from placement.domain.periods import Period
from placement.domain.states import LIVE, HoldState, PlacementState
from placement.records.councils import EVERY_COUNCIL
from placement.records.holds import PlaceHold
from placement.records.others import OtherStay
from placement.records.placements import Placement, nights_held
from placement.records.providers import SharedCap, Unit, shared_cap_unit
from placement.records.tallies import DAWN, Changes, Steps, UnitTally, add, left_of, totals
from placement.records.vacancies import Closure, VacancyReport

Nights = tuple[date, date | None]


@dataclass(frozen=True, slots=True)
class Availability:
    """What is free in some units, and what is left under the caps they share.

    `room` is what nobody has been promised, whether the provider offers it or not.
    """

    free: Mapping[int, Steps]
    room: Mapping[int, Steps]
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


def availability(
    session: Session,
    unit_ids: Collection[int] | None = None,
    *,
    day: date,
    without: Collection[int] = (),
    held_for: Collection[int] = (),
) -> Availability:
    """Return what is free in the given units (None: in all) as known on a day, a few queries whatever their number.

    `without` are ids of stays that are looked past: what would be free if they were not there. What is held for the
    referrals of these ids is free to them.
    """
    caps = _caps(session)
    wanted = None if unit_ids is None else set(unit_ids)
    if wanted is not None:
        sharing = {cap for cap, (_, units) in caps.items() if units & wanted}
        wanted = wanted.union(*(caps[cap][1] for cap in sharing))
        caps = {cap: caps[cap] for cap in sharing}
    units = _tallies(session, wanted, day, without, held_for)
    return Availability(
        free={unit_id: unit.free() for unit_id, unit in units.items()},
        room={unit_id: unit.free(most=unit.report.maximum) for unit_id, unit in units.items()},
        left={
            cap: left_of(places, [units[u] for u in sorted(members) if u in units])
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
    others = select(func.max(func.coalesce(OtherStay.end_on, OtherStay.start_on))).where(OtherStay.over_at.is_(None))
    days = (
        session.scalar(stays, execution_options=EVERY_COUNCIL),
        session.scalar(held, execution_options=EVERY_COUNCIL),
        session.scalar(closures),
        session.scalar(others),
    )
    known = [day for day in days if day]
    turnaround = session.scalar(select(func.max(Unit.turnaround_nights))) or 0
    return max(known) + timedelta(days=turnaround) if known else DAWN


def most_at_once(stays: Iterable[Nights], *, day: date) -> int:
    """Return the most of these stays that are there on one night, from a day on."""
    changes = Changes(int)
    for start, end in stays:
        add(changes, max(start, day), end if end is None else max(end, day), 1)
    return max(totals(changes, sorted(changes)), default=0)


def newest_reports(session: Session, unit_ids: Collection[int] | None = None) -> dict[int, VacancyReport]:
    """Return the newest vacancy report of each unit that has one."""
    return {report.unit_id: report for report in session.scalars(_newest(unit_ids))}


def _newest(unit_ids: Collection[int] | None) -> Select[VacancyReport]:
    newest = select(func.max(VacancyReport.id)).group_by(VacancyReport.unit_id)
    if unit_ids is not None:
        newest = newest.where(VacancyReport.unit_id.in_(unit_ids))
    return select(VacancyReport).where(VacancyReport.id.in_(newest))


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


def _tallies(
    session: Session,
    unit_ids: Collection[int] | None,
    day: date,
    without: Collection[int],
    held_for: Collection[int],
) -> dict[int, UnitTally]:
    rows = session.execute(_newest(unit_ids).add_columns(Unit.turnaround_nights).join(VacancyReport.unit))
    units = {report.unit_id: UnitTally(report, turnaround) for report, turnaround in rows}
    turning = [unit_id for unit_id, unit in units.items() if unit.turnaround]
    for unit_id, state, start, end, counted_in in session.execute(
        _stays(units, turning).where(Placement.id.not_in(without)), execution_options=EVERY_COUNCIL
    ):
        unit = units[unit_id]
        is_counted = counted_in == unit.report.id
        if state is PlacementState.ENDED and not is_counted and end <= _day_of(unit.report):
            continue  # whoever reported after it knew whether the place was ready
        held = nights_held(state, start, end, day) if state in LIVE else Period(start, end)
        add(unit.counted if is_counted else unit.taken, held.start, unit.prepared(held.end), 1)
    for hold in session.scalars(held_for_others(held_for), execution_options=EVERY_COUNCIL):
        if hold.unit_id in units:
            unit = units[hold.unit_id]
            add(unit.taken, hold.start_on, unit.prepared(hold.end_on), 1)
    _add_closures(session, units)
    _add_others(session, units, day)
    return units


def _stays(units: Mapping[int, UnitTally], turning: Collection[int]) -> Select[*tuple[Any, ...]]:
    """Return the live stays of some units, and of those that are prepared after a stay also the stays that ended.

    A stay that ends on the day on which it began holds no night.
    """
    ended = and_(Placement.state == PlacementState.ENDED, Placement.unit_id.in_(turning))
    holds = Placement.state.in_(LIVE) | ended if turning else Placement.state.in_(LIVE)
    stays = select(Placement.unit_id, Placement.state, Placement.start_on, Placement.end_on, Placement.counted_in_id)
    return stays.where(Placement.unit_id.in_(units), holds)


def _day_of(report: VacancyReport) -> date:
    return today(report.reported_at)


def _add_closures(session: Session, units: Mapping[int, UnitTally]) -> None:
    closures = select(Closure.unit_id, Closure.start_on, Closure.end_on, Closure.places).where(
        Closure.cancelled_at.is_(None)
    )
    for unit_id, start, end, places in session.execute(closures):
        if unit_id in units:
            add(units[unit_id].closed, start, end, places or units[unit_id].report.maximum)


def _add_others(session: Session, units: Mapping[int, UnitTally], day: date) -> None:
    for other in session.scalars(select(OtherStay).where(OtherStay.over_at.is_(None))):
        if other.unit_id not in units:
            continue
        unit, nights = units[other.unit_id], other.held(day)
        end = unit.prepared(nights.end) if PURPOSE[other.purpose].is_person else nights.end
        if other.counted_in_id != unit.report.id:
            add(unit.kept, nights.start, end, other.places)
        elif end is not None:
            add(unit.gone, end, None, other.places)


def held_for_others(referral_ids: Collection[int]) -> Select[PlaceHold]:
    """Return the places that are held for anybody but these referrals, in the order in which they were held."""
    held = select(PlaceHold).where(PlaceHold.state == HoldState.HELD).order_by(PlaceHold.id)
    return held.where(PlaceHold.referral_id.not_in(referral_ids)) if referral_ids else held
