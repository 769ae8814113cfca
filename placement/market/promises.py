"""What has been promised to people when supply shrinks: whose place is taken from under them, and what to ask first."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, selectinload

from placement.domain.errors import Question
from placement.domain.people import Actor
from placement.domain.periods import Period
from placement.domain.states import THERE
from placement.domain.text import listed
from placement.records.availability import newest_reports
from placement.records.councils import EVERY_COUNCIL
from placement.records.events import record
from placement.records.others import OtherStay
from placement.records.periods import not_over
from placement.records.placements import Placement, StayConcern, holding_from
from placement.records.providers import Service, Unit
from placement.records.vacancies import Closure, VacancyReport

MOST_NAMED = 8
"""References in one question: more are counted."""


def stays_in(session: Session, unit_ids: Collection[int], day: date) -> Sequence[Placement]:
    """Return the stays, of any council, that hold a place in these units on a day or later, soonest first."""
    rows = select(Placement).where(Placement.unit_id.in_(unit_ids), holding_from(day))
    deep = rows.options(selectinload(Placement.referral)).order_by(Placement.start_on, Placement.id)
    return session.scalars(deep, execution_options=EVERY_COUNCIL).all()


def left_without(
    stays: Sequence[Placement], day: date, *, places: Mapping[Period, int], others: int = 0
) -> list[Placement]:
    """Return the stays that are there on a night, from a day on, with fewer places than people.

    Parameters
    ----------
    places
        How many places there are on the nights of each period; of periods that overlap, the least counts.
    others
        People of whom we keep no stay.
    """
    found: dict[int, Placement] = {}
    held = [(stay, stay.held(day)) for stay in stays]
    for period, number in places.items():
        first = max(period.start, day)
        # The number of people changes only where a stay begins.
        nights = {first, *(nights.start for _, nights in held if nights.start > first)}
        for night in nights:
            there = [stay for stay, nights in held if nights.holds(night)] if period.holds(night) else []
            if there and len(there) + others > number:
                found |= {stay.id: stay for stay in there}
    return [stay for stay in stays if stay.id in found]


def not_ours(report: VacancyReport | None) -> int:
    """Return how many people a unit holds of whom we keep no stay, by its newest report."""
    return 0 if report is None else report.occupied + report.reserved - report.counted


def closed_over(session: Session, unit: Unit, closing: Closure, day: date) -> list[Placement]:
    """Return the stays of a unit that would be there with fewer places than people once a closure is in force."""
    report = newest_reports(session, [unit.id]).get(unit.id)
    maximum = unit.capacity if report is None else report.maximum
    rows = select(Closure).where(
        Closure.unit_id == unit.id, Closure.cancelled_at.is_(None), not_over(Closure.end_on, day)
    )
    known = [each for each in session.scalars(rows) if each is not closing]
    within = Period(closing.start_on, closing.end_on)
    kept = [(other, other.held(day)) for other in session.scalars(_others(unit))]
    spans = [Period(each.start_on, each.end_on) for each in known] + [nights for _, nights in kept]
    turns = {turn for span in spans for turn in (span.start, span.end) if turn and within.holds(turn)}
    cuts = sorted({closing.start_on, *turns})
    places = {
        Period(night, until): maximum
        - _closed(closing, maximum)
        - sum(_closed(each, maximum) for each in known if Period(each.start_on, each.end_on).holds(night))
        - sum(_kept(other, nights.holds(night), report) for other, nights in kept)
        for night, until in zip(cuts, [*cuts[1:], closing.end_on], strict=True)
    }
    return left_without(stays_in(session, [unit.id], day), day, places=places, others=not_ours(report))


def outlasting(session: Session, service: Service, day: date) -> list[Placement]:
    """Return the stays that would go on after a service has left the register, or stopped serving anybody."""
    units = session.scalars(select(Unit.id).where(Unit.service_id == service.id)).all()
    leaves = service.deregistered_on if service.is_listed else day
    if leaves is None:
        return []
    return [stay for stay in stays_in(session, units, day) if not stay.held(day).is_over(max(leaves, day))]


def who(stays: Sequence[Placement]) -> str:
    """Return who some stays are, by reference: “RF-1 and RF-2 live there; RF-3 is to come on 3 December 2026”."""
    living, told = [stay.referral.reference or "" for stay in living_now(stays)], []
    if living:
        told.append(f"{listed(living[:MOST_NAMED])} {'lives' if len(living) == 1 else 'live'} there")
        if len(living) > MOST_NAMED:
            told[0] = f"{named(living_now(stays))} live there"
    coming = [stay for stay in stays if stay.state not in THERE]
    told += [f"{each.referral.reference} is to come on {each.start_on:%-d %B %Y}" for each in coming[:MOST_NAMED]]
    if len(coming) > MOST_NAMED:
        told.append(f"{len(coming) - MOST_NAMED} more are to come")
    return "; ".join(told)


def living_now(stays: Iterable[Placement]) -> list[Placement]:
    """Return those of the stays whose people have arrived."""
    return [stay for stay in stays if stay.state in THERE]


def named(stays: Sequence[Placement]) -> str:
    """Return the references of some stays, as a question tells them."""
    references = ", ".join(stay.referral.reference or "" for stay in stays[:MOST_NAMED])
    more = len(stays) - MOST_NAMED
    return f"{references} and {more} more" if more > 0 else references


def question(what: str, unit_id: int, stays: Sequence[Placement], text: str) -> Question:
    """Return a question about just these stays: where there is another one, it is asked again."""
    return Question(f"{what}-{unit_id}-{'-'.join(str(stay.id) for stay in stays)}", text)


def put_at_risk(session: Session, stays: Iterable[Placement], cause: str, *, by: Actor, now: datetime) -> None:
    """Put stays on brokerage's work list until somebody has dealt with each; one that stands there is left as it is."""
    found = list(stays)
    ids = [stay.id for stay in found]
    rows = select(StayConcern.placement_id).where(
        StayConcern.placement_id.in_(ids), StayConcern.cause == cause, StayConcern.settled_at.is_(None)
    )
    known = set(session.scalars(rows))
    for stay in found:
        if stay.id not in known:
            session.add(StayConcern(placement_id=stay.id, cause=cause, raised_at=now, raised_by=by.name))
            record(session, "stay_put_at_risk", stay, by=by, now=now, cause=cause)


def _others(unit: Unit) -> Select[OtherStay]:
    return select(OtherStay).where(OtherStay.unit_id == unit.id, OtherStay.over_at.is_(None))


def _kept(other: OtherStay, holds: bool, report: VacancyReport | None) -> int:
    """Return how many places it takes besides those of the report, less than none where somebody has left."""
    is_counted = report is not None and other.counted_in_id == report.id
    return other.places * (int(holds) - int(is_counted))


def _closed(closure: Closure, maximum: int) -> int:
    return closure.places or maximum
