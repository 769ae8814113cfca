"""How the product stands: how much there is of everything, and how fresh it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from placement.market.vacancies import is_due
from placement.records.availability import newest_reports
from placement.records.outbox import MailState, mail_state
from placement.records.providers import Provider, Service, Unit
from placement.records.runs import MatchRun
from placement.records.users import User


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """Counts of what is listed; `stale` units were reported once, but not for seven days."""

    providers: int
    services: int
    units: int
    never_reported: int
    stale: int
    users: int
    newest_run: MatchRun | None
    mail: MailState


def overview(session: Session, *, now: datetime) -> Overview:
    """Return the counts of the administrator's first page; nine queries."""
    units = session.scalars(select(Unit.id).join(Unit.service).where(Service.is_listed)).all()
    reports = newest_reports(session)
    reported = [reports[unit] for unit in units if unit in reports]
    return Overview(
        providers=session.scalar(select(func.count(Provider.id))) or 0,
        services=session.scalar(select(func.count(Service.id)).where(Service.is_listed)) or 0,
        units=len(units),
        never_reported=len(units) - len(reported),
        stale=sum(is_due(report, now=now) for report in reported),
        users=session.scalar(select(func.count(User.id)).where(User.is_active)) or 0,
        newest_run=session.scalars(select(MatchRun).order_by(MatchRun.id.desc()).limit(1)).first(),
        mail=mail_state(session),
    )
