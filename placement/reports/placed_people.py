"""Who lives in a place tonight, a row each person, and of those outside the city why, where and how."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from placement.brokerage.holds import held_referrals
from placement.brokerage.ways_back import ways_back
from placement.domain.features import Strength
from placement.domain.reasons import Reason
from placement.domain.states import THERE, TaskState
from placement.records.placements import Placement
from placement.records.providers import Service, Unit
from placement.records.referrals import Referral, ReferralNeed
from placement.records.tasks import Task
from placement.reports.out_of_city import reason_of

REVIEW, NEWS = "review_out_of_city", "new_place"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedPerson:
    """Somebody who lives in a place, with their newest stay; the rest only of who lives outside the city.

    `review_at`: when their review is due, None where none is asked for. `is_searched_for`: a way back is looked for.
    `has_way_back`: a place in the city has opened that suits them, or is held for them.
    """

    person_id: int
    is_in_city: bool
    since: date
    kind: str
    needs: frozenset[str]
    authority: str | None
    miles: float | None
    reason: Reason
    weekly_pence: int | None
    is_host_told: bool
    review_at: datetime | None
    is_searched_for: bool
    has_way_back: bool


def placed_people(session: Session) -> Sequence[PlacedPerson]:
    """Return everybody who lives in a place, by person; six queries."""
    rows = (
        select(Placement, Referral.kind, Service.authority)
        .join(Placement.referral)
        .join(Placement.unit)
        .join(Unit.service)
        .where(Placement.state.in_(THERE))
        .order_by(Placement.start_on, Placement.id)
    )
    newest = {row[0].person_id: row for row in session.execute(rows)}
    outside = [row[0] for row in newest.values() if not row[0].is_in_city]
    needs, reviews = _needs(session, outside), _tasks(session, REVIEW, [stay.id for stay in outside])
    ways = {person: way.id for person, way in ways_back(session, [stay.person_id for stay in outside]).items()}
    helped = {*_tasks(session, NEWS, list(ways.values())), *held_referrals(session)}
    return [
        _placed(row, needs=needs, reviews=reviews, way=ways.get(person), helped=helped)
        for person, row in sorted(newest.items())
    ]


def _placed(
    row: Row[Placement, str, str | None],
    *,
    needs: Mapping[int, set[str]],
    reviews: Mapping[int, datetime],
    way: int | None,
    helped: Collection[int],
) -> PlacedPerson:
    stay, kind, authority = row
    return PlacedPerson(
        person_id=stay.person_id,
        is_in_city=stay.is_in_city,
        since=stay.start_on,
        kind=kind,
        needs=frozenset(needs.get(stay.referral_id, ())),
        authority=authority,
        miles=stay.miles,
        reason=reason_of(stay.out_of_city_reason),
        weekly_pence=stay.weekly_pence,
        is_host_told=stay.host_notified_at is not None,
        review_at=reviews.get(stay.id),
        is_searched_for=way is not None,
        has_way_back=way in helped,
    )


def _needs(session: Session, outside: Sequence[Placement]) -> Mapping[int, set[str]]:
    found: defaultdict[int, set[str]] = defaultdict(set)
    rows = select(ReferralNeed.referral_id, ReferralNeed.slug).where(
        ReferralNeed.referral_id.in_([stay.referral_id for stay in outside]),
        ReferralNeed.strength == Strength.ESSENTIAL,
    )
    for referral, slug in session.execute(rows):
        found[referral].add(slug)
    return found


def _tasks(session: Session, kind: str, subjects: Sequence[int]) -> dict[int, datetime]:
    """Return when the open tasks of a kind are due, by what they are about."""
    rows = select(Task.subject_id, Task.due_at).where(
        Task.kind == kind, Task.state == TaskState.OPEN, Task.subject_id.in_(subjects)
    )
    return dict(session.execute(rows).all())
