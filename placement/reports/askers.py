"""Who asked and who found no place in the city: a row each person and period, which the gap map counts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy.orm import Session

from placement.domain.clocks import today
from placement.domain.states import ReferralState
from placement.records.referrals import Referral
from placement.reports.asked import QUARTERS_OVER, Asked, DemandPeriod, span_of_period
from placement.reports.cases import Outcome, ReferralCase, cases
from placement.reports.causes import causes
from placement.reports.waiting import waiting_referrals


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """Somebody in the periods in which they count; `lack`: why there was no place in the city, empty where one was."""

    case: ReferralCase
    periods: tuple[DemandPeriod, ...]
    lack: str

    @property
    def is_outside(self) -> bool:
        """Whether they went out of the city though nobody chose that."""
        return self.case.outcome is Outcome.NOT_BY_CHOICE


def waiting_askers(session: Session, asked: Asked) -> Sequence[Asker]:
    """Return whom the newest run leaves without a place in the city, each person once; seven queries."""
    lacks = waiting_referrals(session)
    found = cases(session, Referral.id.in_(lacks), now=asked.now)
    return [
        Asker(case=case, periods=(DemandPeriod.OPEN,), lack=lacks[case.referral_id])
        for case in _one_each(found, asked.now)
    ]


def past_askers(session: Session, asked: Asked) -> Sequence[Asker]:
    """Return who asked in the four quarters that are over, and who in the present one, by themselves; seven queries.

    In each of the two a person counts once: with the newest referral that found no place in the city, or else with the
    newest one.
    """
    day = today(asked.now)
    year, present = (span_of_period(period, day) for period in (DemandPeriod.YEAR, DemandPeriod.PRESENT))
    margin = datetime.combine(year.start, time(), tzinfo=UTC) - timedelta(days=1)
    meant = (
        Referral.council == asked.ward_set.authority,
        Referral.state != ReferralState.DRAFT,
        Referral.submitted_at >= margin,
    )
    found = [(case, asked_on(case)) for case in cases(session, *meant, now=asked.now)]
    over = _one_each((case for case, on in found if on and year.holds(on)), asked.now)
    so_far = _one_each((case for case, on in found if on and present.holds(on)), asked.now)
    lacks = causes(session, [*over, *so_far])
    return [
        *(Asker(case=case, periods=_over(case, day), lack=lacks.get(case.referral_id, "")) for case in over),
        *(Asker(case=case, periods=(DemandPeriod.PRESENT,), lack=lacks.get(case.referral_id, "")) for case in so_far),
    ]


def asked_on(case: ReferralCase) -> date | None:
    """Return on which day somebody asked."""
    return today(case.submitted_at) if case.submitted_at else None


def _over(case: ReferralCase, day: date) -> tuple[DemandPeriod, ...]:
    on = asked_on(case)
    return DemandPeriod.YEAR, *(each for each in QUARTERS_OVER if on and span_of_period(each, day).holds(on))


def _one_each(found: Iterable[ReferralCase], now: datetime) -> list[ReferralCase]:
    ordered = sorted(found, key=lambda case: (case.is_unmet, case.submitted_at or now, case.referral_id))
    newest = {case.person_id: case for case in ordered}
    return [newest[person] for person in sorted(newest)]
