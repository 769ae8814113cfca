"""Keeping vacancies true: the four numbers, and "nothing has changed"."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from placement.domain.clocks import today
from placement.domain.errors import EditedMeanwhile, Invalid, require_confirmed
from placement.domain.people import Actor
from placement.market.doubts import doubts, without_place
from placement.market.numbers import Numbers, require_sum
from placement.market.promises import put_at_risk
from placement.market.settling import carry_on, settle
from placement.records.availability import most_at_once, newest_reports
from placement.records.events import record
from placement.records.placements import Placement, holding_from, nights_held
from placement.records.providers import Service, Unit
from placement.records.vacancies import VacancyReport

DUE_AFTER = timedelta(days=7)
DUE_AFTER_WHERE_WANTED = timedelta(hours=24)
"""Numbers of a service that brokerage is asking about a place are looked at by somebody who decides today."""


def report_vacancies(
    session: Session,
    service: Service,
    numbers: Mapping[int, Numbers],
    *,
    by: Actor,
    now: datetime,
    seen: Mapping[int, int | None] | None = None,
    counted: Mapping[int, Collection[int]] | None = None,
    confirmed: Collection[str] | None = None,
    kept: Mapping[int, str] | None = None,
) -> list[VacancyReport]:
    """Store the four numbers of a service's units, all or none.

    `seen` is the newest report id of each unit as the form showed it, `counted` the ids of the live stays that it
    said the numbers include: if a newer report or another stay is there by now, EditedMeanwhile is raised and nothing
    is stored. Raises Invalid, naming the field, if the numbers do not add up.

    `confirmed` holds the keys of the questions that were answered with yes: ToConfirm is raised, and nothing stored,
    where numbers jump far or leave people without a place, unless that was confirmed. None asks nothing.
    `kept` says, by unit, why places that nobody has are not given to anybody; until none is left, it goes on to stand.
    """
    units = {unit.id: unit for unit in _locked(session, service)}
    before = newest_reports(session, list(units))
    _require_numbers(units, numbers, before, seen)
    if counted is not None:
        _require_counted(session, [units[unit_id] for unit_id in numbers], counted, now)
    if confirmed is not None:
        asked = [units[unit_id] for unit_id in sorted(numbers)]
        require_confirmed(doubts(session, service, asked, numbers, before, today(now)), confirmed)
        for unit in asked:
            stays = without_place(session, unit, numbers[unit.id], today(now))
            put_at_risk(session, stays, "report", by=by, now=now)
    return [
        _report(
            session, units[unit_id], given, _is_same(before.get(unit_id), given), by, now,
            before=before.get(unit_id), kept=(kept or {}).get(unit_id),
        )
        for unit_id, given in sorted(numbers.items())
    ]  # fmt: skip


def _require_numbers(
    units: Mapping[int, Unit],
    numbers: Mapping[int, Numbers],
    before: Mapping[int, VacancyReport],
    seen: Mapping[int, int | None] | None,
) -> None:
    for unit_id, given in numbers.items():
        if unit_id not in units:
            raise Invalid("This unit belongs to another service.")
        require_sum(unit_id, given)
        newest = before.get(unit_id)
        if seen is not None and seen.get(unit_id) != (newest.id if newest else None):
            raise EditedMeanwhile(f"{units[unit_id].name} was updated by {newest.reporter if newest else 'somebody'}.")


def report_unchanged(
    session: Session, service: Service, *, by: Actor, now: datetime, seen: Collection[int] | None = None
) -> list[VacancyReport]:
    """Confirm that every unit's numbers are as they were. Raises Invalid if a unit has never reported.

    What was booked since the last report stays booked: only the stays that it counted are counted by the new one.
    `seen` holds the ids of the reports that the page showed: EditedMeanwhile is raised if the numbers are others now.
    """
    units = _locked(session, service)
    before = newest_reports(session, [unit.id for unit in units])
    if not units or any(unit.id not in before for unit in units):
        raise Invalid("Enter the numbers of every unit once before you say that nothing has changed.")
    if seen is not None:
        _require_same(session, units, before, seen)
    return [
        _report(
            session, unit, _numbers(before[unit.id]), True, by, now,
            before=before[unit.id], unchanged_since=before[unit.id],
        )
        for unit in units
    ]  # fmt: skip


def is_due(report: VacancyReport | None, *, now: datetime, is_wanted: bool = False) -> bool:
    """Return whether a vacancy should be confirmed again: never reported, or seven days old.

    `is_wanted`: brokerage is asking about a place there, so that a day is old.
    """
    after = DUE_AFTER_WHERE_WANTED if is_wanted else DUE_AFTER
    return report is None or now - report.reported_at >= after


def _locked(session: Session, service: Service) -> list[Unit]:
    # The row locks keep a stay from being booked between counting it in and storing the report.
    in_use = (Unit.service_id == service.id, Unit.retired_at.is_(None))
    rows = select(Unit).where(*in_use).order_by(Unit.id).with_for_update()
    return list(session.scalars(rows.execution_options(populate_existing=True)))


def _require_counted(
    session: Session, units: Sequence[Unit], counted: Mapping[int, Collection[int]], now: datetime
) -> None:
    """A stay that was booked after the form was opened is in none of its numbers."""
    for unit in units:
        stays = select(Placement.id).where(Placement.unit_id == unit.id, holding_from(today(now)))
        if set(session.scalars(stays)) - set(counted.get(unit.id, ())):
            raise EditedMeanwhile(f"A place in {unit.name} was reserved after you opened this page.")


def _require_same(
    session: Session, units: Sequence[Unit], before: Mapping[int, VacancyReport], seen: Collection[int]
) -> None:
    shown = {row.unit_id: row for row in session.scalars(select(VacancyReport).where(VacancyReport.id.in_(seen)))}
    for unit in units:
        newest = before[unit.id]
        if not _is_same(shown.get(unit.id), _numbers(newest)):
            raise EditedMeanwhile(f"{unit.name} was updated by {newest.reporter}.")


def _report(
    session: Session,
    unit: Unit,
    given: Numbers,
    is_unchanged: bool,
    by: Actor,
    now: datetime,
    *,
    before: VacancyReport | None,
    unchanged_since: VacancyReport | None = None,
    kept: str | None = None,
) -> VacancyReport:
    """Store a report; it counts in every stay there is, or those of the report that it repeats."""
    kept = (kept or (before.not_admitting_reason if before else None)) if given.idle else None
    report = VacancyReport(
        unit_id=unit.id,
        reported_at=now,
        reported_by_id=by.user_id,
        reporter=by.name,
        maximum=given.maximum,
        occupied=given.occupied,
        reserved=given.reserved,
        accepting=given.accepting,
        counted=unchanged_since.counted if unchanged_since else _counted(session, unit, given, today(now)),
        not_admitting_reason=kept,
        is_unchanged=is_unchanged,
    )
    session.add(report)
    if unit.capacity != given.maximum:
        unit.capacity = given.maximum
    session.flush()
    counted = Placement.counted_in_id == unchanged_since.id if unchanged_since else holding_from(today(now))
    session.execute(update(Placement).where(Placement.unit_id == unit.id, counted).values(counted_in_id=report.id))
    if unchanged_since:
        carry_on(session, unchanged_since, report)
    else:
        settle(session, unit, report, before, by=by, now=now)
    record(
        session, "vacancies_reported", report, by=by, now=now, unit=unit.id, accepting=given.accepting,
        unchanged=is_unchanged, before=_told(before), after=_told(report), kept=kept,
    )  # fmt: skip
    return report


def _told(report: VacancyReport | None) -> list[int] | None:
    """Return the four numbers of a report, for the trail: maximum, occupied, reserved, accepting."""
    return None if report is None else [report.maximum, report.occupied, report.reserved, report.accepting]


def _counted(session: Session, unit: Unit, given: Numbers, day: date) -> int:
    """Return how many of the reported places our stays hold; more than were reported cannot be among them."""
    stays = session.execute(
        select(Placement.state, Placement.start_on, Placement.end_on).where(
            Placement.unit_id == unit.id, holding_from(day)
        )
    )
    held = [nights_held(state, start, end, day) for state, start, end in stays]
    most = most_at_once([(nights.start, nights.end) for nights in held], day=day)
    return min(most, given.occupied + given.reserved)


def _numbers(report: VacancyReport) -> Numbers:
    return Numbers(
        maximum=report.maximum, occupied=report.occupied, reserved=report.reserved, accepting=report.accepting
    )


def _is_same(report: VacancyReport | None, given: Numbers) -> bool:
    return report is not None and _numbers(report) == given
