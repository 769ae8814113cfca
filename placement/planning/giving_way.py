"""The one limit that keeps a place from being offered, and the least that it would have to give way by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from math import ceil

from sqlalchemy.orm import Session

from placement.matching.judging.reasons import pounds
from placement.planning.shortlists import RefusedMatch, shortlist
from placement.records.referrals import Referral


@dataclass(frozen=True, slots=True, kw_only=True)
class GivingWay:
    """A change of one column of a referral, in words: “Raise the limit to £1,305”."""

    column: str
    value: float
    words: str


def way_of(match: RefusedMatch, support: str | None) -> GivingWay | None:
    """Return the change of a limit that would let a place be offered; None where it takes another, or more than one.

    `support` is the level of support, which a price may depend on. A must-have never gives way so: whether somebody
    needs it is for those who know the person.
    """
    price = match.unit.price_for(support)
    if match.rules == ("budget",) and price is not None:
        return GivingWay(column="budget_weekly_pence", value=price, words=f"Raise the limit to {pounds(price)}")
    if match.rules == ("distance",) and match.miles is not None:
        miles = ceil(match.miles * 10) / 10
        return GivingWay(column="max_miles", value=miles, words=f"Look up to {miles:g} miles away")
    return None


def way_to(session: Session, referral: Referral, unit_id: int, *, now: datetime) -> GivingWay | None:
    """Return the change that would let a unit be offered, as the records stand."""
    refused = shortlist(session, referral, now=now).refused
    return next((way_of(each, referral.support) for each in refused if each.unit.id == unit_id), None)
