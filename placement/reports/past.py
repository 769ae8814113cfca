"""What became of the referrals of a year: where a place was found, how long it took, and for whom none was."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from placement.domain.clocks import today
from placement.domain.reasons import DECLINES
from placement.domain.states import UNSETTLED, PlacementState, ReferralState
from placement.records.placements import Placement
from placement.records.referrals import Decline, Person, Referral
from placement.reports.asked import Asked
from placement.reports.demand import in_period, wanting
from placement.reports.out_of_city import reason_of

BY_THE_PERSON = frozenset(reason.slug for reason in DECLINES if reason.by_choice)


@dataclass(frozen=True, slots=True, kw_only=True)
class Became:
    """Referrals by what became of them, each in one of the first five; `declined` by at least one provider.

    `nights`: from being submitted until a place was found, the referral ended, or now; all of them together.
    """

    in_city: int = 0
    by_choice: int = 0
    not_by_choice: int = 0
    still: int = 0
    ended: int = 0
    declined: int = 0
    nights: int = 0

    @property
    def total(self) -> int:
        """All referrals."""
        return self.in_city + self.by_choice + self.not_by_choice + self.still + self.ended

    @property
    def unplaced(self) -> int:
        """Referrals for which no place was found, whether they are still searched for or not."""
        return self.still + self.ended

    @property
    def unmet(self) -> int:
        """Referrals that got no place in the city though nobody chose one outside it."""
        return self.not_by_choice + self.unplaced

    @property
    def nights_each(self) -> int:
        """Nights waited on average, rounded."""
        return round(self.nights / self.total) if self.total else 0


@dataclass(frozen=True, slots=True)
class _Found:
    """The first place that was found and not given up."""

    at: datetime
    is_in_city: bool
    reason: str | None


def past(session: Session, asked: Asked) -> Mapping[str, Became]:
    """Return what became of the referrals of the period, by the area where the person lives; three queries."""
    meant = in_period(asked.period, asked.now), *wanting(asked)
    where = Referral.ward_code, Person.authority
    asking = select(Referral.id, *where, Referral.state, Referral.submitted_at, Referral.closed_at)
    found = _found(session, meant)
    said_no = select(Decline.referral_id).join(Decline.referral).where(*meant, Decline.reason.not_in(BY_THE_PERSON))
    declined = set(session.scalars(said_no))
    by_area: defaultdict[str, list[Became]] = defaultdict(list)
    rows = session.execute(asking.join(Referral.person).where(*meant))
    for id_, ward_code, authority, state, submitted_at, closed_at in rows:
        place = found.get(id_)
        ended_at = asked.now if state in UNSETTLED else closed_at
        end = place.at if place else ended_at or submitted_at or asked.now
        waited = (today(end) - today(submitted_at or end)).days
        by_area[asked.area_of(ward_code, authority)].append(
            Became(**{_became(place, state): 1}, declined=int(id_ in declined), nights=max(0, waited))
        )
    return {area: together(rows) for area, rows in by_area.items()}


def together(rows: Iterable[Became]) -> Became:
    """Return the sum of some rows."""
    every = list(rows)
    return Became(**{each.name: sum(getattr(row, each.name) for row in every) for each in fields(Became)})


def _became(place: _Found | None, state: ReferralState) -> str:
    if place is None:
        return "still" if state in UNSETTLED else "ended"
    if place.is_in_city:
        return "in_city"
    return "by_choice" if reason_of(place.reason).by_choice else "not_by_choice"


def _found(session: Session, meant: Iterable[ColumnElement[bool]]) -> dict[int, _Found]:
    first = select(func.min(Placement.id)).where(Placement.state != PlacementState.RELEASED)
    columns = Placement.referral_id, Placement.created_at, Placement.is_in_city, Placement.out_of_city_reason
    rows = select(*columns).join(Placement.referral).where(*meant)
    rows = rows.where(Placement.id.in_(first.group_by(Placement.referral_id)))
    return {id_: _Found(at, is_in_city, reason) for id_, at, is_in_city, reason in session.execute(rows)}
