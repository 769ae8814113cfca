"""The numbers of an organisation's units as they should be now: what a file is compared with, and made from."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from placement.domain.clocks import today
from placement.domain.people import Actor
from placement.market.imports.vacancies.columns import VACANCY_COLUMNS
from placement.market.numbers import Numbers
from placement.market.services import services
from placement.market.stays import expected, others_in, stays
from placement.records.availability import newest_reports
from placement.records.providers import Service, Unit
from placement.records.vacancies import VacancyReport
from placement.sheets.sheet import Cell


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitNow:
    """One unit: its newest report, the numbers that this and our stays since come to, and which stays hold a place."""

    unit: Unit
    service: Service
    report: VacancyReport | None
    numbers: Numbers | None
    live: tuple[int, ...]

    @property
    def name(self) -> str:
        """Return the service and the unit."""
        return f"{self.service.name}: {self.unit.name}"

    @property
    def mark(self) -> str:
        """Return what tells these numbers and stays from any others: eight characters that no spreadsheet rewrites.

        One like 1e234567 or 00123456 would be a number to it, so a letter stands first.
        """
        known = (self.unit.id, self.report.id if self.report else None, self.numbers, self.live)
        return f"m{hashlib.sha256(repr(known).encode()).hexdigest()[:7]}"


def units_now(session: Session, *, actor: Actor, on: date) -> list[UnitNow]:
    """Return every unit of an actor's listed services, by service and unit."""
    return now_of(session, services(session, actor=actor), on=on)


def now_of(session: Session, among: Sequence[Service], *, on: date) -> list[UnitNow]:
    """Return every unit of some services, in their order; two questions however many there are."""
    units = [(service, unit) for service in among for unit in service.units]
    ids = [unit.id for _, unit in units]
    reports = newest_reports(session, ids)
    known, others = stays(session, reports, ids, today=on), others_in(session, ids)
    return [
        UnitNow(
            unit=unit,
            service=service,
            report=reports.get(unit.id),
            numbers=expected(reports.get(unit.id), known.get(unit.id, []), others.get(unit.id, ()), today=on),
            live=tuple(sorted(stay.id for stay in known.get(unit.id, []) if stay.holds)),
        )
        for service, unit in units
    ]


def as_table(units: Iterable[UnitNow]) -> tuple[list[str], list[list[Cell]]]:
    """Return the headings and the rows of a file with these numbers: sent again as it is, it changes nothing."""
    return [column.heading for column in VACANCY_COLUMNS], [_row(each) for each in units]


def _row(each: UnitNow) -> list[Cell]:
    numbers = each.numbers
    four: list[Cell] = (
        [numbers.maximum, numbers.occupied, numbers.reserved, numbers.accepting] if numbers else [None] * 4
    )
    return [
        each.unit.id,
        each.service.cqc_location_id,
        each.service.name,
        each.unit.name,
        *four,
        today(each.report.reported_at) if each.report else None,
        each.mark,
    ]
