"""The numbers of all services of an organisation at once: what is changed, what is right, and nothing else."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from placement.domain.errors import EditedMeanwhile, Invalid, Question, ToConfirm
from placement.domain.people import Actor
from placement.market.numbers import Numbers
from placement.market.vacancies import report_unchanged, report_vacancies
from placement.market.vacated import Becomes, SaidOfPlace, prepare, vacated, with_places
from placement.records.providers import Service, Unit
from placement.records.vacancies import VacancyReport


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitNumbers:
    """What is said of one unit: its numbers, what they were until then, and what becomes of places that were left."""

    before: Numbers | None
    given: Numbers
    said: SaidOfPlace | None = None

    @property
    def is_changed(self) -> bool:
        """Return whether the numbers are others than before."""
        return self.before != self.given

    @property
    def vacated(self) -> int:
        """Return how many places were left of which the numbers do not say what becomes of them."""
        return vacated(self.before, self.given)

    @property
    def reported(self) -> Numbers:
        """Return the numbers to store."""
        return with_places(self.given, self.vacated, self.said) if self.said else self.given


@dataclass(slots=True)
class SaidRight:
    """Of which services the numbers are right, which were changed meanwhile, and which were never reported."""

    right: list[Service] = field(default_factory=list)
    changed: list[Service] = field(default_factory=list)
    unknown: list[Service] = field(default_factory=list)


def lock_units(session: Session, services: Sequence[Service]) -> None:
    """Lock every unit of some services, in the order of their ids: nobody books a place or reports meanwhile."""
    ids = [unit.id for service in services for unit in service.units]
    rows = select(Unit).where(Unit.id.in_(ids)).order_by(Unit.id).with_for_update()
    session.scalars(rows.execution_options(populate_existing=True)).all()


def report_services(
    session: Session,
    services: Sequence[Service],
    told: Mapping[int, UnitNumbers],
    *,
    by: Actor,
    now: datetime,
    confirmed: Collection[str] | None = None,
) -> list[VacancyReport]:
    """Store what is told of units of several services, all or none; about what is as before nothing is asked.

    Raises ToConfirm with the questions of all of them, and Invalid as `report_vacancies` does.
    """
    lock_units(session, services)
    reports: list[VacancyReport] = []
    questions: list[Question] = []
    for service in sorted(services, key=lambda each: each.id):
        units = [unit for unit in service.units if unit.id in told]
        changed = [unit for unit in units if told[unit.id].is_changed]
        same = {unit.id: told[unit.id].given for unit in units if not told[unit.id].is_changed}
        try:
            reports += _report(session, service, {unit.id: told[unit.id] for unit in changed}, confirmed, by, now)
        except ToConfirm as error:
            questions += error.questions
        reports += report_vacancies(session, service, same, by=by, now=now)
        for unit in changed:
            _prepare(session, unit, told[unit.id], by, now)
    if questions:
        raise ToConfirm(questions)
    return reports


def confirm_services(
    session: Session, services: Sequence[Service], *, by: Actor, now: datetime, seen: Collection[int]
) -> SaidRight:
    """Say of every service that its numbers are right, but of those that somebody changed or that never reported.

    `seen` holds the ids of the reports that the page showed.
    """
    lock_units(session, services)
    found = SaidRight()
    for service in sorted(services, key=lambda each: each.id):
        try:
            report_unchanged(session, service, by=by, now=now, seen=seen)
        except EditedMeanwhile:
            found.changed.append(service)
        except Invalid:
            found.unknown.append(service)
        else:
            found.right.append(service)
    return found


def _report(
    session: Session,
    service: Service,
    told: Mapping[int, UnitNumbers],
    confirmed: Collection[str] | None,
    by: Actor,
    now: datetime,
) -> list[VacancyReport]:
    numbers = {unit_id: each.reported for unit_id, each in told.items()}
    kept = {unit_id: each.said.reason for unit_id, each in told.items() if each.said and each.said.reason}
    return report_vacancies(session, service, numbers, by=by, now=now, confirmed=confirmed, kept=kept)


def _prepare(session: Session, unit: Unit, told: UnitNumbers, by: Actor, now: datetime) -> None:
    if told.vacated and told.said and told.said.becomes is Becomes.PREPARING and told.said.until:
        prepare(session, unit, told.vacated, told.said.until, told.reported, by=by, now=now)
