"""What became of each referral of a period: a row each, which every report on the past adds up in its own way."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Row, func, select
from sqlalchemy.orm import Session

from placement.domain.clocks import today
from placement.domain.features import Strength
from placement.domain.periods import Period
from placement.domain.reasons import DECLINES
from placement.domain.services import TypeWish
from placement.domain.states import UNSETTLED, PlacementState, ReferralState
from placement.records.placements import Placement
from placement.records.referrals import Decline, Person, Referral, ReferralNeed, ReferralType
from placement.reports.out_of_city import reason_of

BY_THE_PERSON = frozenset(reason.slug for reason in DECLINES if reason.by_choice)


class Outcome(StrEnum):
    """What became of a referral."""

    IN_CITY = "in_city"
    BY_CHOICE = "by_choice"
    NOT_BY_CHOICE = "not_by_choice"
    STILL = "still"
    ENDED = "ended"


UNMET = frozenset({Outcome.NOT_BY_CHOICE, Outcome.STILL, Outcome.ENDED})
"""No place in the city, though nobody chose one outside it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundPlace:
    """The first place that was found and not given up; `weekly_pence` None: its price is not known."""

    at: datetime
    is_in_city: bool
    reason: str | None
    stay: Period
    weekly_pence: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralCase:
    """One referral: whose it is, what it asks for without fail (`needs`) and by preference, and what became of it.

    `nights`: from being submitted until a place was found, the referral ended, or now. `stay`: the nights for which a
    place was wanted, as they were in the place that was found, or else as they were asked for.
    """

    referral_id: int
    person_id: int
    ward_code: str | None
    authority: str | None
    kind: str
    needs: frozenset[str]
    types: frozenset[str]
    submitted_at: datetime | None
    outcome: Outcome
    is_declined: bool
    nights: int
    stay: Period
    found: FoundPlace | None

    @property
    def is_unmet(self) -> bool:
        """Whether there was no place in the city, though nobody chose one outside it."""
        return self.outcome in UNMET


def cases(session: Session, *meant: ColumnElement[bool], now: datetime) -> Sequence[ReferralCase]:
    """Return a row for each referral that the conditions mean, by id; five queries."""
    asking = select(Referral, Person.authority).join(Referral.person).where(*meant).order_by(Referral.id)
    found, declined = _found(session, meant), _declined(session, meant)
    needs, types = _needs(session, meant), _types(session, meant)
    return [
        _case(
            referral,
            authority,
            found.get(referral.id),
            now,
            is_declined=referral.id in declined,
            needs=needs[referral.id],
            types=types[referral.id],
        )
        for referral, authority in session.execute(asking)
    ]


def _case(
    referral: Referral,
    authority: str | None,
    place: FoundPlace | None,
    now: datetime,
    *,
    is_declined: bool,
    needs: set[str],
    types: set[str],
) -> ReferralCase:
    submitted_at = referral.submitted_at
    ended_at = now if referral.state in UNSETTLED else referral.closed_at
    end = place.at if place else ended_at or submitted_at or now
    wanted_from = referral.earliest_on or today(submitted_at or now)
    return ReferralCase(
        referral_id=referral.id,
        person_id=referral.person_id,
        ward_code=referral.ward_code,
        authority=authority,
        kind=referral.kind,
        needs=frozenset(needs),
        types=frozenset(types),
        submitted_at=submitted_at,
        outcome=_outcome(place, referral.state),
        is_declined=is_declined,
        nights=max(0, (today(end) - today(submitted_at or end)).days),
        stay=place.stay if place else Period.lasting(wanted_from, referral.nights),
        found=place,
    )


def _outcome(place: FoundPlace | None, state: ReferralState) -> Outcome:
    if place is None:
        return Outcome.STILL if state in UNSETTLED else Outcome.ENDED
    if place.is_in_city:
        return Outcome.IN_CITY
    return Outcome.BY_CHOICE if reason_of(place.reason).by_choice else Outcome.NOT_BY_CHOICE


def _found(session: Session, meant: Sequence[ColumnElement[bool]]) -> dict[int, FoundPlace]:
    first = select(func.min(Placement.id)).where(Placement.state != PlacementState.RELEASED)
    rows = select(Placement).join(Placement.referral).where(*meant)
    rows = rows.where(Placement.id.in_(first.group_by(Placement.referral_id)))
    return {
        row.referral_id: FoundPlace(
            at=row.created_at,
            is_in_city=row.is_in_city,
            reason=row.out_of_city_reason,
            stay=row.period,
            weekly_pence=row.weekly_pence,
        )
        for row in session.scalars(rows)
    }


def _declined(session: Session, meant: Sequence[ColumnElement[bool]]) -> set[int]:
    """Return the referrals to which a provider has said no; a no by the person or the family is none."""
    said_no = select(Decline.referral_id).join(Decline.referral)
    return set(session.scalars(said_no.where(*meant, Decline.reason.not_in(BY_THE_PERSON))))


def _needs(session: Session, meant: Sequence[ColumnElement[bool]]) -> defaultdict[int, set[str]]:
    rows = select(ReferralNeed.referral_id, ReferralNeed.slug).join(ReferralNeed.referral)
    return _by_referral(session.execute(rows.where(*meant, ReferralNeed.strength == Strength.ESSENTIAL)))


def _types(session: Session, meant: Sequence[ColumnElement[bool]]) -> defaultdict[int, set[str]]:
    rows = select(ReferralType.referral_id, ReferralType.slug)
    rows = rows.join(Referral, Referral.id == ReferralType.referral_id)
    return _by_referral(session.execute(rows.where(*meant, ReferralType.wish != TypeWish.RULED_OUT)))


def _by_referral(rows: Iterable[Row[int, str]]) -> defaultdict[int, set[str]]:
    found: defaultdict[int, set[str]] = defaultdict(set)
    for referral_id, slug in rows:
        found[referral_id].add(slug)
    return found
