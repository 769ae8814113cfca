"""What splitting, merging and retiring units have in common: their locks, their numbers and who moves along."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from placement.domain.errors import Invalid
from placement.domain.people import Actor
from placement.domain.periods import Period
from placement.domain.states import ASKED, LIVE, HoldState, OfferState
from placement.domain.text import listed
from placement.market.numbers import Numbers
from placement.market.promises import left_without, named
from placement.records.availability import newest_reports
from placement.records.councils import EVERY_COUNCIL
from placement.records.events import record
from placement.records.holds import PlaceHold
from placement.records.offers import Offer
from placement.records.others import OtherStay
from placement.records.placements import Placement
from placement.records.providers import Unit
from placement.records.vacancies import Closure, VacancyReport


def locked_reports(session: Session, units: Sequence[Unit]) -> list[VacancyReport]:
    """Lock these units and look at them again; return the newest numbers of each. Raises Invalid without any."""
    ids = [unit.id for unit in units]
    session.execute(select(Unit.id).where(Unit.id.in_(ids)).order_by(Unit.id).with_for_update())
    for unit in units:
        session.refresh(unit)
    reports = newest_reports(session, ids)
    for unit in units:
        if unit.retired_at is not None:
            raise Invalid(f"{unit.name} is retired already.")
        if unit.id not in reports:
            raise Invalid(f"Enter the numbers of {unit.name} once before this.")
    return [reports[unit.id] for unit in units]


def new_report(session: Session, unit: Unit, given: Numbers, *, like: VacancyReport, counted: int) -> VacancyReport:
    """Store numbers that are older ones shared out or added up: they are as old, and as much in doubt, as those."""
    report = VacancyReport(
        unit_id=unit.id,
        reported_at=like.reported_at,
        reported_by_id=like.reported_by_id,
        reporter=like.reporter,
        maximum=given.maximum,
        occupied=given.occupied,
        reserved=given.reserved,
        accepting=given.accepting,
        counted=counted,
        not_admitting_reason=like.not_admitting_reason,
        is_unchanged=False,
    )
    session.add(report)
    unit.capacity = given.maximum
    session.flush()
    return report


def numbers_of(report: VacancyReport) -> Numbers:
    """Return the four numbers of a report."""
    return Numbers(
        maximum=report.maximum, occupied=report.occupied, reserved=report.reserved, accepting=report.accepting
    )


def stays_of(session: Session, unit: Unit, report: VacancyReport) -> Sequence[Placement]:
    """Return the live stays of a unit, and the ended ones that its numbers still include: these go with the numbers."""
    told = Placement.state.in_(LIVE) | (Placement.counted_in_id == report.id)
    rows = select(Placement).where(Placement.unit_id == unit.id, told).order_by(Placement.start_on, Placement.id)
    return session.scalars(rows, execution_options=EVERY_COUNCIL).all()


def count_in(rows: Iterable[Placement | OtherStay], before: VacancyReport, report: VacancyReport) -> None:
    """Let new numbers include what the ones before them did."""
    for row in rows:
        if row.counted_in_id == before.id:
            row.counted_in_id = report.id


def move_stays(
    session: Session,
    stays: Iterable[Placement],
    unit: Unit,
    before: VacancyReport,
    report: VacancyReport,
    *,
    by: Actor,
    now: datetime,
) -> list[int]:
    """Let stays go on in another unit, counted as before, and return their ids. Raises Invalid where they cannot."""
    moved = [stay for stay in stays if stay.state in LIVE]
    was = {stay.id: stay.unit_id for stay in moved}
    for stay in moved:
        stay.unit = unit
        count_in([stay], before, report)
    try:
        session.flush()
    except IntegrityError as error:
        if "placement_over" not in str(error.orig):
            raise
        raise Invalid(
            f"{unit.name} would have fewer places than people who have been promised one there. Look at its numbers "
            "and at the places out of service first."
        ) from error
    for stay in moved:
        record(session, "stay_unit_changed", stay, by=by, now=now, unit=unit.id, was=was[stay.id])
    return [stay.id for stay in moved]


def require_places(stays: Sequence[Placement], unit_name: str, given: Numbers, others: int, day: date) -> None:
    """Raise Invalid, naming the stays, where a unit would have fewer places than people."""
    over = left_without(stays, day, places={Period(day): given.maximum}, others=others)
    if over:
        raise Invalid(f"{unit_name} would have too few places for {named(over)} and who else is there.")


def require_nothing_asked(session: Session, unit: Unit) -> None:
    """Raise Invalid while somebody waits for an answer about a unit, or a place in it is held."""
    offers = select(Offer).where(Offer.unit_id == unit.id, Offer.state.in_((*ASKED, OfferState.LATER)))
    waiting = session.scalars(offers.order_by(Offer.id), execution_options=EVERY_COUNCIL).all()
    holds = select(PlaceHold).where(PlaceHold.unit_id == unit.id, PlaceHold.state == HoldState.HELD)
    held = session.scalars(holds.order_by(PlaceHold.id), execution_options=EVERY_COUNCIL).all()
    asked = [*(each.referral for each in waiting), *(each.referral for each in held)]
    found = sorted({referral.reference or "" for referral in asked})
    if found:
        raise Invalid(
            f"Brokerage is asking for a place in {unit.name} for {listed(found)}. Answer it first, or ask brokerage to "
            "take it back."
        )


def others_in_unit(session: Session, unit: Unit) -> Sequence[OtherStay]:
    """Return what a unit keeps for others, and who is to leave it."""
    rows = select(OtherStay).where(OtherStay.unit_id == unit.id, OtherStay.over_at.is_(None)).order_by(OtherStay.id)
    return session.scalars(rows).all()


def open_closures(session: Session, unit: Unit, ids: Collection[int] | None = None) -> Sequence[Closure]:
    """Return the closures of a unit that have not been cancelled, all or those of these ids."""
    rows = select(Closure).where(Closure.unit_id == unit.id, Closure.cancelled_at.is_(None)).order_by(Closure.id)
    return session.scalars(rows if ids is None else rows.where(Closure.id.in_(ids))).all()
