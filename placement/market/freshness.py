"""How fresh each service's numbers are: the one answer for reminders, for commissioning and for whom to ring."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from placement.domain.clocks import today
from placement.domain.states import ASKED
from placement.market.vacancies import is_due
from placement.records.availability import newest_reports
from placement.records.councils import EVERY_COUNCIL
from placement.records.doubted import doubted
from placement.records.offers import Offer
from placement.records.providers import Service, Unit, registered_on
from placement.records.reminders import Reminded, reminded
from placement.records.vacancies import VacancyReport

MOST_REMINDERS = 4
"""After so many without an update a service is not reminded any more, and commissioning is told."""
SILENT_AFTER = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceFreshness:
    """One service's numbers: how old, whether in doubt, and what was written about them since they were last reported.

    `oldest` is the newest report of the unit that reported longest ago; None if a unit never reported. `is_wanted`:
    brokerage is asking about a place there. At `silent_since` the last reminder had had a day to be answered.
    """

    service: Service
    oldest: VacancyReport | None
    doubted_at: datetime | None
    is_wanted: bool
    is_due: bool
    reminders: int
    reminded_at: datetime | None
    is_to_remind: bool
    silent_since: datetime | None


def freshness(
    session: Session, *, now: datetime, provider_ids: Collection[int] | None = None
) -> list[ServiceFreshness]:
    """Return every service in the register that has a unit, by name; seven questions."""
    rows = select(Service).join(Service.provider).where(registered_on(today(now)), Service.units.any())
    if provider_ids is not None:
        rows = rows.where(Service.provider_id.in_(provider_ids))
    deep = rows.options(joinedload(Service.provider), selectinload(Service.units))
    services = session.scalars(deep.order_by(Service.name, Service.id)).unique().all()
    units = [unit.id for service in services for unit in service.units]
    reports = newest_reports(session, units)
    in_doubt = doubted(session, reports, units)
    wanted = _wanted(session, units)
    known = reminded(session)
    return [
        _row(service, reports, in_doubt, service.id in wanted, known.get(service.id, Reminded()), now)
        for service in services
    ]


def stale(session: Session, *, now: datetime, provider_ids: Collection[int] | None = None) -> list[ServiceFreshness]:
    """Return the services whose numbers should be confirmed."""
    return [row for row in freshness(session, now=now, provider_ids=provider_ids) if row.is_due]


def _row(
    service: Service,
    reports: dict[int, VacancyReport],
    in_doubt: dict[int, datetime],
    is_wanted: bool,
    known: Reminded,
    now: datetime,
) -> ServiceFreshness:
    found = [reports[unit.id] for unit in service.units if unit.id in reports]
    is_complete = len(found) == len(service.units)
    oldest = min(found, key=lambda each: (each.reported_at, each.id)) if is_complete else None
    doubted_at = max((in_doubt[unit.id] for unit in service.units if unit.id in in_doubt), default=None)
    due = is_due(oldest, now=now, is_wanted=is_wanted) or doubted_at is not None
    sent = known.since(max((each.reported_at for each in found), default=None))
    before = [each for each in sent if today(each) < today(now)]
    last = sent[-1] if sent else None
    return ServiceFreshness(
        service=service,
        oldest=oldest,
        doubted_at=doubted_at,
        is_wanted=is_wanted,
        is_due=due,
        reminders=len(sent),
        reminded_at=last,
        is_to_remind=due and (len(before) < MOST_REMINDERS or known.is_chased(today(now))),
        silent_since=_silent_since(sent, now) if due else None,
    )


def _silent_since(sent: tuple[datetime, ...], now: datetime) -> datetime | None:
    since = sent[MOST_REMINDERS - 1] + SILENT_AFTER if len(sent) >= MOST_REMINDERS else None
    return since if since is not None and since <= now else None


def _wanted(session: Session, unit_ids: Collection[int]) -> set[int]:
    """Return the services of which brokerage asks about a place and has had no last word, whichever council asks."""
    rows = select(Unit.service_id).join(Offer, Offer.unit_id == Unit.id)
    asked = rows.where(Offer.unit_id.in_(unit_ids), Offer.state.in_(ASKED))
    return set(session.scalars(asked, execution_options=EVERY_COUNCIL))
