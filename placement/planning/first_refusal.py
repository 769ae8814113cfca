"""First refusal: a place in the city that has just opened is held for who waits outside it, before others get it.

Whoever has been away longest is asked first, and about one place once: what they did not take is for the others.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from placement.brokerage.holding import keep_place
from placement.brokerage.holds import hold_of
from placement.brokerage.reservations import Decision
from placement.domain.errors import NoLongerVacant
from placement.domain.holds import FIRST_REFUSAL
from placement.domain.kinds import KIND
from placement.domain.people import SYSTEM
from placement.domain.states import THERE
from placement.planning.shortlists import ListedMatch, shortlist
from placement.records.holds import PlaceHold
from placement.records.placements import Placement
from placement.records.referrals import Referral
from placement.records.settings import number


def has_first_refusal(referral: Referral) -> bool:
    """Return whether a referral is asked before others about a place that opens."""
    return KIND[referral.kind].is_return


def holds_places(session: Session) -> bool:
    """Return whether a place that opens is held at all, as an administrator has set it."""
    return number(session, "first_refusal_hours") > 0


def longest_away_first(session: Session, referrals: Sequence[Referral]) -> list[Referral]:
    """Return referrals in the order in which they are asked about a place: who has been outside the city longest."""
    people = [each.person_id for each in referrals]
    rows = select(Placement.person_id, Placement.start_on).where(
        Placement.person_id.in_(people), Placement.is_in_city.is_(False), Placement.state.in_(THERE)
    )
    since = dict(iter(session.execute(rows.order_by(Placement.start_on.desc()))))
    return sorted(referrals, key=lambda each: (each.person_id not in since, since.get(each.person_id), each.id))


def keep_for(session: Session, referral: Referral, changed: Collection[int], *, now: datetime) -> PlaceHold | None:
    """Hold for a referral the best place in the city of the units that have changed; None where there is none for it.

    A referral for which a place is held already keeps that, and is not asked twice about one unit.
    """
    hours = number(session, "first_refusal_hours")
    if not hours or hold_of(session, referral) is not None:
        return None
    had = select(PlaceHold.unit_id).where(PlaceHold.referral_id == referral.id, PlaceHold.held_by == FIRST_REFUSAL)
    asked = set(session.scalars(had))
    for match in shortlist(session, referral, now=now).listed:
        if match.is_in_city and match.unit.id in changed and match.unit.id not in asked:
            try:
                return _kept(session, referral, match, now + timedelta(hours=hours), now)
            except NoLongerVacant:
                continue
    return None


def _kept(session: Session, referral: Referral, match: ListedMatch, until: datetime, now: datetime) -> PlaceHold:
    nights = Decision(start_on=match.start_on, end_on=match.end_on)
    return keep_place(session, referral, match.unit, nights, until=until, held_by=FIRST_REFUSAL, by=SYSTEM, now=now)
