"""A placement as its provider may see it: needs, age band, ward and dates, and never who it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from placement.brokerage.anonymised import anonymised
from placement.domain.clocks import today
from placement.domain.periods import Period
from placement.domain.reasons import ENDINGS
from placement.domain.states import PlacementState
from placement.domain.staying import RELEASES
from placement.records.placements import Placement
from placement.web.pages.described import Described
from placement.web.transactions import now

ENDED_LABELS = {reason.slug: reason.label for reason in ENDINGS}
RELEASED_LABELS = {reason.slug: reason.label if reason.is_providers else "Released by brokerage" for reason in RELEASES}


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRow(Described):
    """One stay, without anything that names the person. Templates get this and never the record."""

    id: int
    state: PlacementState
    service: str
    unit: str
    start_on: date
    end_on: date | None
    expires_at: datetime | None
    seen_there_on: date | None
    weekly_pence: int | None
    ended_reason: str
    away_since: date | None
    back_expected_on: date | None
    notice_on: date | None
    notice_by: str | None
    as_planned_on: date | None

    @property
    def has_begun(self) -> bool:
        """Return whether the first day of the stay has come."""
        return self.start_on <= today(now())

    @property
    def is_over(self) -> bool:
        """Return whether the planned last night has passed."""
        return Period(self.start_on, self.end_on).is_over(today(now()))


def person_row(placement: Placement) -> PersonRow:
    """Return what the provider of a placement may see of it now."""
    return PersonRow(
        id=placement.id,
        state=placement.state,
        needs=anonymised(placement, day=today(now())),
        service=placement.unit.service.name,
        unit=placement.unit.name,
        start_on=placement.start_on,
        end_on=placement.end_on,
        expires_at=placement.expires_at,
        seen_there_on=placement.seen_there_on,
        weekly_pence=placement.weekly_pence,
        ended_reason=_why_over(placement),
        away_since=placement.away_since,
        back_expected_on=placement.back_expected_on,
        notice_on=placement.notice_on,
        notice_by=placement.notice_by,
        as_planned_on=placement.as_planned_on,
    )


def _why_over(placement: Placement) -> str:
    labels = RELEASED_LABELS if placement.state is PlacementState.RELEASED else ENDED_LABELS
    return labels.get(placement.ended_reason or "", "")
