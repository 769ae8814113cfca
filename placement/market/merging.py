"""Making one unit of two: the places of one, and who is in them, go to the other."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from placement.domain.errors import Invalid
from placement.domain.people import Actor
from placement.domain.states import LIVE
from placement.market.carried_rulings import carry_refusals
from placement.market.numbers import Numbers
from placement.market.reshaping import (
    count_in,
    locked_reports,
    move_stays,
    new_report,
    numbers_of,
    open_closures,
    others_in_unit,
    require_nothing_asked,
    stays_of,
)
from placement.market.retiring import NOTHING
from placement.records.events import record
from placement.records.providers import Unit
from placement.records.vacancies import VacancyReport


def merge_units(session: Session, unit: Unit, into: Unit, *, by: Actor, now: datetime) -> None:
    """Let the places of a unit be places of another of its service, and the unit be retired.

    Stays, closures and what is kept for others go along; a stay that is over stays with the unit that it was in. What
    the other unit offers and whom it takes holds for all of them. The numbers are added up, as old as the older ones.
    Raises Invalid where somebody is being asked for a place in it, or the two share different pools.
    """
    if unit.id == into.id or unit.service_id != into.service_id:
        raise Invalid("Choose another unit of this service.", field="into")
    gone, kept = locked_reports(session, [unit, into])
    require_nothing_asked(session, unit)
    if {cap.id for cap in unit.shared_caps} != {cap.id for cap in into.shared_caps}:
        raise Invalid("The two units share different pools. Change or end these first.", field="into")
    _require_same_place(unit, into)
    moving, staying = stays_of(session, unit, gone), stays_of(session, into, kept)
    others, closures = others_in_unit(session, unit), open_closures(session, unit)
    for closure in (*closures, *open_closures(session, into)):
        closure.places = closure.places or (gone if closure.unit_id == unit.id else kept).maximum or None
    new_report(session, unit, NOTHING, like=gone, counted=0)
    carry_refusals(session, unit, into)
    unit.shared_caps, unit.retired_at, unit.merged_into_id = [], now, into.id
    older = min((gone, kept), key=lambda report: report.reported_at)
    counted = gone.counted + kept.counted
    report = new_report(session, into, _sum(gone, kept), like=older, counted=counted)
    count_in(staying, kept, report)
    count_in(others_in_unit(session, into), kept, report)
    for other in others:
        count_in([other], gone, report)
        other.unit = into
    for closure in closures:
        closure.unit = into
    session.flush()
    moved = move_stays(session, [stay for stay in moving if stay.state in LIVE], into, gone, report, by=by, now=now)
    count_in(moving, gone, report)
    session.expire(unit.service, ["units"])
    record(session, "unit_merged", unit, by=by, now=now, into=into.id, places=gone.maximum, stays=moved)


def _require_same_place(unit: Unit, into: Unit) -> None:
    if unit.turnaround_nights != into.turnaround_nights:
        raise Invalid("The two units have different days between two stays. Make these the same first.", field="into")


def _sum(one: VacancyReport, other: VacancyReport) -> Numbers:
    first, second = numbers_of(one), numbers_of(other)
    return Numbers(
        maximum=first.maximum + second.maximum,
        occupied=first.occupied + second.occupied,
        reserved=first.reserved + second.reserved,
        accepting=first.accepting + second.accepting,
    )
