"""Storing the numbers of a file once they are confirmed: each service whole or not at all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from placement.domain.errors import PlacementError
from placement.domain.people import Actor
from placement.market import services as market
from placement.market.imports.vacancies.plan import VacancyImport, VacancyRow
from placement.market.vacancies import report_vacancies
from placement.records.providers import Unit

MOST_IN_A_UNIT = 10
"""Services that are stored under one write lock."""
ServiceRows = list[VacancyRow]


@dataclass(frozen=True, slots=True, kw_only=True)
class NumbersSaved:
    """How many units have other numbers, how many are confirmed as they were, and which services were left out, why."""

    changed: int = 0
    confirmed: int = 0
    left_out: tuple[tuple[str, str], ...] = ()


def in_parts(plan: VacancyImport, *, also_same: bool) -> list[list[ServiceRows]]:
    """Return the rows to be stored, service by service in the order of their numbers, so many services at a time."""
    by_service: defaultdict[int, ServiceRows] = defaultdict(list)
    for row in (*plan.changed, *(plan.same if also_same else ())):
        if row.now:
            by_service[row.now.service.id].append(row)
    rows = [by_service[service_id] for service_id in sorted(by_service)]
    return [rows[first : first + MOST_IN_A_UNIT] for first in range(0, len(rows), MOST_IN_A_UNIT)]


def save_numbers(
    session: Session, part: Sequence[ServiceRows], *, confirmed: Collection[str], by: Actor, now: datetime
) -> NumbersSaved:
    """Store the numbers of some services. One that somebody saved meanwhile is left out whole, and told."""
    _lock(session, part)
    changed = same = 0
    left_out = []
    for rows in part:
        try:
            with session.begin_nested():
                _save(session, rows, confirmed, by, now)
        except PlacementError as error:
            left_out.append((rows[0].now.service.name if rows[0].now else "", str(error)))
        else:
            changes = sum(row.is_change for row in rows)
            changed, same = changed + changes, same + len(rows) - changes
    return NumbersSaved(changed=changed, confirmed=same, left_out=tuple(left_out))


def together(parts: Sequence[NumbersSaved]) -> NumbersSaved:
    """Return what came of all parts."""
    return NumbersSaved(
        changed=sum(part.changed for part in parts),
        confirmed=sum(part.confirmed for part in parts),
        left_out=tuple(line for part in parts for line in part.left_out),
    )


def _save(session: Session, rows: ServiceRows, confirmed: Collection[str], by: Actor, now: datetime) -> None:
    known = [(row.now, row.given) for row in rows if row.now and row.given]
    service = market.service(session, known[0][0].service.id, actor=by)
    report_vacancies(
        session,
        service,
        {each.unit.id: given for each, given in known},
        by=by,
        now=now,
        seen={each.unit.id: each.report.id if each.report else None for each, _ in known},
        counted={each.unit.id: each.live for each, _ in known},
        confirmed=confirmed,
    )


def _lock(session: Session, part: Sequence[ServiceRows]) -> None:
    """Lock the units of every service of a part in the order of their ids, as everybody does who locks several."""
    services = [row.now.service.id for rows in part for row in rows if row.now]
    session.scalars(select(Unit).where(Unit.service_id.in_(services)).order_by(Unit.id).with_for_update()).all()
