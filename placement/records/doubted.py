"""Numbers in doubt: a unit has said “no vacancy” to somebody since it last reported its vacancies."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from placement.records.referrals import Decline
from placement.records.vacancies import VacancyReport

NO_VACANCY = "no_vacancy"


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
