"""Our own stays in a unit, and how the unit's newest report accounts for them: what a provider's numbers include."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from placement.domain.others import PURPOSE
from placement.domain.states import THERE, PlacementState
from placement.market.numbers import Numbers
from placement.records.others import OtherStay
from placement.records.placements import Placement, holding_from
from placement.records.vacancies import VacancyReport


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedStay:
    """One stay without the person.

    `holds` says that it holds a place today or later, `is_counted` that the unit's newest report includes it.
    """

    id: int
    reference: str
    state: PlacementState
    start_on: date
    holds: bool
    is_counted: bool


def stays(
    session: Session, reports: Mapping[int, VacancyReport], unit_ids: Collection[int], *, today: date
) -> dict[int, list[ReportedStay]]:
    """Return, by unit, the stays that hold a place today or later, and those that its newest report still includes."""
    counted_in = [report.id for report in reports.values()]
    told = holding_from(today) | Placement.counted_in_id.in_(counted_in)
    rows = select(Placement).where(Placement.unit_id.in_(unit_ids), told)
    found: defaultdict[int, list[ReportedStay]] = defaultdict(list)
    ordered = rows.options(selectinload(Placement.referral)).order_by(Placement.start_on, Placement.id)
    for row in session.scalars(ordered):
        report = reports.get(row.unit_id)
        is_counted = report is not None and row.counted_in_id == report.id
        found[row.unit_id].append(_stay(row, row.holds_from(today), is_counted))
    return found


def expected(
    report: VacancyReport | None, known: Collection[ReportedStay], others: Collection[OtherStay] = (), *, today: date
) -> Numbers | None:
    """Return the four numbers as they should be now: the newest report and what has happened since.

    `others` are what the unit keeps for others, and who of its own is to leave.
    """
    if report is None:
        return None
    occupied, reserved, accepting = report.occupied, report.reserved, report.accepting
    for stay in known:
        if stay.holds == stay.is_counted:
            continue
        by = 1 if stay.holds else -1
        # A stay may have been counted as reserved and have begun since.
        lives = stay.state in (*THERE, PlacementState.ENDED) and (stay.holds or occupied > 0)
        occupied, reserved, accepting = occupied + by * lives, reserved + by * (not lives), accepting - by
    for other in others:
        is_counted, holds = other.counted_in_id == report.id, other.held(today).holds(today)
        if holds == is_counted:
            continue
        by = other.places if holds else -other.places
        if PURPOSE[other.purpose].is_person:
            occupied += by
        else:
            reserved += by
        accepting = accepting - by if by < 0 else min(accepting, report.maximum - occupied - reserved)
    # Bookings one after the other share a place, so there are never more places reserved than there are.
    reserved = min(reserved, report.maximum - occupied - max(0, accepting))
    numbers = (max(0, number) for number in (report.maximum, occupied, reserved, accepting))
    return Numbers(**dict(zip(("maximum", "occupied", "reserved", "accepting"), numbers, strict=True)))


def others_in(session: Session, unit_ids: Collection[int]) -> dict[int, list[OtherStay]]:
    """Return, by unit, what is kept for others and who is to leave, as far as no newer numbers have settled it."""
    rows = select(OtherStay).where(OtherStay.unit_id.in_(unit_ids), OtherStay.over_at.is_(None))
    found: defaultdict[int, list[OtherStay]] = defaultdict(list)
    for row in session.scalars(rows.order_by(OtherStay.id)):
        found[row.unit_id].append(row)
    return found


def _stay(row: Placement, holds: bool, is_counted: bool) -> ReportedStay:
    return ReportedStay(
        id=row.id,
        reference=row.referral.reference or "",
        state=row.state,
        start_on=row.start_on,
        holds=holds,
        is_counted=is_counted,
    )
