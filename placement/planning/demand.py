"""What prices are computed from: who asks now for which places, and who has asked before.

The arrival history is every referral submitted in the last year, with what was asked for then.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from placement.brokerage.referrals import DEEP
from placement.domain.clocks import today
from placement.domain.states import ReferralState
from placement.matching.problem.instance import Instance
from placement.matching.worth.futures import Arrival, History
from placement.planning.needs import need_when_asked
from placement.planning.reading import stored_referrals
from placement.planning.snapshot import open_instance
from placement.records.referrals import Referral

A_YEAR = timedelta(days=365)
LEAST = timedelta(days=28)
"""A busy first day says little about a rate: a history is never taken to be shorter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """The open referrals and the places as they stand, and the arrivals of the last year."""

    instance: Instance
    history: History


def demand(session: Session, *, now: datetime) -> Demand:
    """Read all of it from the records."""
    return Demand(instance=open_instance(session, now=now), history=arrival_history(session, now=now))


def arrival_history(session: Session, *, now: datetime) -> History:
    """Return the referrals submitted in the year before today, or since the first one where the records are younger."""
    day = today(now)
    begin = max(day - A_YEAR, min(day - LEAST, _first(session, day)))
    rows = select(Referral).where(Referral.state != ReferralState.DRAFT, Referral.submitted_at >= now - A_YEAR)
    found = stored_referrals(session.scalars(rows.options(*DEEP).order_by(Referral.id)))
    asked = [(today(each.submitted_at), each) for each in found if each.submitted_at]
    return History(
        days=(day - begin).days,
        arrivals=tuple(
            Arrival(day=(on - begin).days, need=need_when_asked(referral, on))
            for on, referral in asked
            if begin <= on < day
        ),
    )


def _first(session: Session, day: date) -> date:
    first = session.scalar(select(func.min(Referral.submitted_at)))
    return today(first) if first else day
