"""How fresh the market's numbers are, now and week by week: the share of units that reported within seven days."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from placement.domain.clocks import today
from placement.market.vacancies import DUE_AFTER
from placement.records.providers import Service, Unit, registered_on
from placement.records.vacancies import VacancyReport

WEEKS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class FreshShare:
    """At an instant, how many of the units in the register today had reported within the seven days before it."""

    at: datetime
    fresh: int
    total: int

    @property
    def percent(self) -> int:
        """Return the share in whole per cent; of no units, 0."""
        return round(100 * self.fresh / self.total) if self.total else 0


def fresh_shares(session: Session, *, now: datetime, weeks: int = WEEKS) -> Sequence[FreshShare]:
    """Return the share now and at the same hour of each week before, the oldest first; two questions."""
    listed = select(Unit.id).join(Unit.service).where(registered_on(today(now)))
    units = set(session.scalars(listed))
    since = now - DUE_AFTER - timedelta(weeks=weeks)
    rows = select(VacancyReport.unit_id, VacancyReport.reported_at).where(VacancyReport.reported_at > since)
    at: dict[int, list[datetime]] = {}
    for unit_id, when in session.execute(rows.join(VacancyReport.unit).join(Unit.service).where(Service.is_listed)):
        at.setdefault(unit_id, []).append(when)
    times = [sorted(when) for unit_id, when in at.items() if unit_id in units]
    instants = [now - timedelta(weeks=back) for back in range(weeks, -1, -1)]
    return [
        FreshShare(at=instant, fresh=sum(_reported(known, instant) for known in times), total=len(units))
        for instant in instants
    ]


def _reported(times: Sequence[datetime], instant: datetime) -> bool:
    """Return whether one of some instants, in order, lies less than seven days before another, or is it."""
    return bisect_right(times, instant) > bisect_left(times, instant - DUE_AFTER + timedelta(microseconds=1))
