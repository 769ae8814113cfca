"""Which stays of a series still need a place, and which of them are looked for on a day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from placement.domain.series import StayWindow
from placement.domain.states import PlacementState
from placement.records.placements import Placement
from placement.records.referrals import Referral, ReferralSeries


def stays_left(session: Session, referrals: Collection[Referral]) -> dict[int, tuple[StayWindow, ...]]:
    """Return the stays of each series among some referrals that have no place yet, by the referral's id."""
    series = [each for each in referrals if each.is_recurring]
    if not series:
        return {}
    deep = selectinload(Referral.series).selectinload(ReferralSeries.stays)
    session.scalars(select(Referral).where(Referral.id.in_([each.id for each in series])).options(deep)).all()
    rows = select(Placement.referral_id, Placement.number).where(
        Placement.referral_id.in_([each.id for each in series]), Placement.state != PlacementState.RELEASED
    )
    had: defaultdict[int, set[int | None]] = defaultdict(set)
    for referral_id, number in session.execute(rows):
        had[referral_id].add(number)
    return {each.id: tuple(w for w in each.windows if w.number not in had[each.id]) for each in series}


def to_plan(left: Sequence[StayWindow], day: date) -> tuple[StayWindow, ...]:
    """Return which stays of those that are left are planned on a day: whose window has not passed, or else the last.

    The last one stays on the list as any referral does whose window has passed.
    """
    return tuple(each for each in left if each.latest_on >= day) or tuple(left[-1:])
