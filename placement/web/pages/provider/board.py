"""A provider's services as its pages show them: each unit with its newest numbers and what has happened since."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from placement.domain.clocks import today
from placement.domain.reasons import KEEPING
from placement.domain.states import THERE
from placement.market.closures import prepared
from placement.market.numbers import Numbers
from placement.market.stays import ReportedStay, expected, others_in, stays
from placement.market.vacancies import DUE_AFTER, is_due
from placement.records.availability import newest_reports
from placement.records.doubted import doubted
from placement.records.providers import Service, Unit
from placement.records.vacancies import Closure, VacancyReport
from placement.web.transactions import now, reading


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitRow:
    """One unit: its newest report, the numbers as they should be now, and our stays in it.

    At `doubted_at` the provider said that it has no vacancy, and has not reported since. So many places as `preparing`
    are vacant but not ready before `ready_on`.
    """

    id: int
    name: str
    capacity: int
    report: VacancyReport | None
    numbers: Numbers | None
    stays: Sequence[ReportedStay]
    doubted_at: datetime | None
    preparing: int
    ready_on: date | None

    @property
    def kept_for(self) -> str:
        """Return why places that nobody has are given to nobody, as the newest report says."""
        reason = self.report.not_admitting_reason if self.report and self.numbers and self.numbers.idle else None
        words = KEEPING[reason].label if reason in KEEPING else ""
        return words[:1].lower() + words[1:]

    @property
    def changed(self) -> list[ReportedStay]:
        """Return the stays that the newest report does not know, or knows and that are over."""
        return [stay for stay in self.stays if stay.holds != stay.is_counted] if self.report else []

    @property
    def live(self) -> list[ReportedStay]:
        """Return the stays that hold a place."""
        return [stay for stay in self.stays if stay.holds]

    @property
    def living(self) -> list[ReportedStay]:
        """Return the stays of those who live here now: they are among the occupied places."""
        return [stay for stay in self.live if stay.state in THERE]

    @property
    def arriving(self) -> list[ReportedStay]:
        """Return the stays of those who are to come: they are among the reserved places."""
        return [stay for stay in self.live if stay.state not in THERE]


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceRow:
    """One service and its units."""

    id: int
    name: str
    service_type: str
    units: Sequence[UnitRow]

    @property
    def oldest(self) -> VacancyReport | None:
        """Return the report that was made longest ago; None if a unit never reported, or there is no unit."""
        reports = [unit.report for unit in self.units if unit.report]
        complete = reports and len(reports) == len(self.units)
        return min(reports, key=lambda report: (report.reported_at, report.id)) if complete else None

    @property
    def due_at(self) -> datetime | None:
        """Return when the numbers should be confirmed again; None: now."""
        return self.oldest.reported_at + DUE_AFTER if self.oldest and not self.doubted_at else None

    @property
    def is_due(self) -> bool:
        """Return whether the numbers should be confirmed now."""
        return is_due(self.oldest, now=now()) or self.doubted_at is not None

    @property
    def doubted_at(self) -> datetime | None:
        """Return when a unit last said that it has no vacancy, if it has not reported since."""
        return max((unit.doubted_at for unit in self.units if unit.doubted_at), default=None)

    @property
    def seen(self) -> str:
        """Return the ids of the reports that this page shows, as its forms send them back."""
        return " ".join(str(unit.report.id) for unit in self.units if unit.report)

    @property
    def accepting(self) -> int:
        """Return how many places are vacant and accepting, by the newest numbers."""
        return sum(unit.numbers.accepting for unit in self.units if unit.numbers)


def board(services: Sequence[Service], *, within: Any = None, is_to_change: bool = False) -> list[ServiceRow]:
    """Return services with everything that their pages show; six queries whatever their number.

    `within` is the unit of work in which they are looked at, if it is not the one that this page reads in. What is
    being prepared is asked only where the numbers are `is_to_change`.
    """
    session = reading() if within is None else within
    unit_ids = [unit.id for service in services for unit in service.units]
    reports = newest_reports(session, unit_ids)
    known = stays(session, reports, unit_ids, today=today(now()))
    others = others_in(session, unit_ids)
    in_doubt = doubted(session, reports, unit_ids)
    getting_ready = prepared(session, unit_ids, today=today(now())) if is_to_change else {}

    def row(unit: Unit) -> UnitRow:
        numbers = expected(reports.get(unit.id), known.get(unit.id, []), others.get(unit.id, ()), today=today(now()))
        return _unit(
            unit, reports.get(unit.id), numbers, known.get(unit.id, []), in_doubt.get(unit.id),
            getting_ready.get(unit.id, []),
        )  # fmt: skip

    return [_service(service, [row(unit) for unit in service.units]) for service in services]


def _service(service: Service, units: Sequence[UnitRow]) -> ServiceRow:
    return ServiceRow(id=service.id, name=service.name, service_type=service.service_type, units=units)


def _unit(
    unit: Unit,
    report: VacancyReport | None,
    numbers: Numbers | None,
    known: Sequence[ReportedStay],
    doubted_at: datetime | None,
    getting_ready: Sequence[Closure],
) -> UnitRow:
    return UnitRow(
        id=unit.id,
        name=unit.name,
        capacity=unit.capacity,
        report=report,
        numbers=numbers,
        stays=known,
        doubted_at=doubted_at,
        ready_on=max((each.end_on for each in getting_ready if each.end_on), default=None),
        preparing=sum(each.places or unit.capacity for each in getting_ready),
    )
