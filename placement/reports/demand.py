"""Expressed demand: how many referrals ask for what, and where the people live."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from placement.domain.features import Strength
from placement.domain.states import OPEN, ReferralState
from placement.records.referrals import Person, Referral, ReferralNeed
from placement.reports.asked import Asked, DemandPeriod

YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedFor:
    """How many referrals of a period there are, and how many name each need as essential and each kind."""

    total: int
    needs: Mapping[str, int]
    kinds: Mapping[str, int]


def demand(session: Session, asked: Asked) -> Counter[str]:
    """Return the number of referrals that the question means, by the area where the person lives; one query."""
    rows = select(Referral.ward_code, Person.authority, func.count()).join(Referral.person)
    rows = rows.where(in_period(asked.period, asked.now), *wanting(asked))
    found: Counter[str] = Counter()
    for ward_code, authority, count in session.execute(rows.group_by(Referral.ward_code, Person.authority)):
        found[asked.area_of(ward_code, authority)] += count
    return found


def asked_for(session: Session, *, period: DemandPeriod, now: datetime) -> AskedFor:
    """Return what is asked for in a period, whatever the other filters say; two queries."""
    meant = in_period(period, now)
    needs = select(ReferralNeed.slug, func.count()).join(ReferralNeed.referral)
    needs = needs.where(meant, ReferralNeed.strength == Strength.ESSENTIAL).group_by(ReferralNeed.slug)
    kinds = select(Referral.kind, func.count()).where(meant).group_by(Referral.kind)
    by_kind = dict(session.execute(kinds).all())
    by_need = dict(session.execute(needs).all())
    return AskedFor(total=sum(by_kind.values()), needs=by_need, kinds=by_kind)


def in_period(period: DemandPeriod, now: datetime) -> ColumnElement[bool]:
    """Return the condition for a referral to count: still searched for, or submitted within a year."""
    if period is DemandPeriod.OPEN:
        return Referral.state.in_(OPEN)
    return (Referral.state != ReferralState.DRAFT) & (Referral.submitted_at > now - YEAR)


def wanting(asked: Asked) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions for a referral to ask for all the needs and to be of the kind that are asked about."""
    kinds = (Referral.kind == asked.kind,) if asked.kind else ()
    return *(_needs(slug) for slug in asked.needs), *kinds


def _needs(slug: str) -> ColumnElement[bool]:
    # Desirable is a wish that a place may lack, and not known is a question: neither is demand for such a place.
    return Referral.needs.any((ReferralNeed.slug == slug) & (ReferralNeed.strength == Strength.ESSENTIAL))
