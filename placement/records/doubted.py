"""What is in doubt of a unit: numbers since a “no vacancy”, features since a “cannot meet need” that names them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from placement.domain.claims import Said
from placement.domain.profile import is_about
from placement.records.events import AuditLine
from placement.records.providers import Unit, UnitFeature
from placement.records.referrals import Decline
from placement.records.vacancies import VacancyReport

NO_VACANCY, CANNOT_MEET = "no_vacancy", "cannot_meet_need"


def doubted(
    session: Session, reports: Mapping[int, VacancyReport], unit_ids: Collection[int] | None = None
) -> dict[int, datetime]:
    """Return when each unit whose numbers are in doubt last said that it has no vacancy, by its id.

    `reports` are the newest of the units asked about. A unit that never reported has no numbers to doubt.
    """
    rows = select(Decline.unit_id, func.max(Decline.declined_at)).where(Decline.reason == NO_VACANCY)
    if unit_ids is not None:
        rows = rows.where(Decline.unit_id.in_(unit_ids))
    said = session.execute(rows.group_by(Decline.unit_id))
    return {unit: said_at for unit, said_at in said if unit in reports and said_at > reports[unit].reported_at}


def doubted_features(session: Session, unit_ids: Collection[int] | None = None) -> dict[int, dict[str, datetime]]:
    """Return which features that a unit is said to have it has said that it cannot offer, and when, by its id.

    A doubt ends when somebody looks at the section of what the unit offers that it stands in, and saves it; three
    questions. Lines without a section are of the days when all of it stood on one page.
    """
    rows = select(Decline).where(Decline.reason == CANNOT_MEET, Decline.needs != "")
    if unit_ids is not None:
        rows = rows.where(Decline.unit_id.in_(unit_ids))
    said = session.scalars(rows.order_by(Decline.declined_at)).all()
    if not said:
        return {}
    about = {no.unit_id for no in said}
    edited = select(AuditLine).where(
        AuditLine.event == "unit_edited", AuditLine.subject == Unit.__tablename__, AuditLine.subject_id.in_(about)
    )
    looked_at = {
        (line.subject_id, line.details.get("section")): line.happened_at
        for line in session.scalars(edited.order_by(AuditLine.id))
    }
    claims = select(UnitFeature.unit_id, UnitFeature.slug).where(
        UnitFeature.unit_id.in_(about), UnitFeature.said == Said.YES
    )
    claimed = {(unit, slug) for unit, slug in session.execute(claims)}
    found: dict[int, dict[str, datetime]] = {}
    for no in said:
        for slug in no.needs.split():
            if (no.unit_id, slug) in claimed and not _is_looked_at(no, slug, looked_at):
                found.setdefault(no.unit_id, {})[slug] = no.declined_at
    return found


def _is_looked_at(no: Decline, slug: str, looked_at: Mapping[tuple[int, str | None], datetime]) -> bool:
    return any(
        unit == no.unit_id and at >= no.declined_at and is_about(section, slug)
        for (unit, section), at in looked_at.items()
    )
