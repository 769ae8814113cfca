"""Stays to look into: the person was to have left, was to have arrived, or has lost the place that was promised."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from placement.brokerage.placements import DEEP
from placement.domain.clocks import today
from placement.domain.errors import Invalid, OutOfStep
from placement.domain.people import Actor
from placement.domain.reasons import SETTLING
from placement.domain.states import LIVE, PlacementState
from placement.records.events import record
from placement.records.placements import Placement, StayConcern, overdue
from placement.records.providers import Service, Unit
from placement.records.referrals import Referral
from placement.records.visibility import one, visible_placements


@dataclass(frozen=True, slots=True, kw_only=True)
class Attention:
    """What stands on the work list beside the referrals."""

    overdue: Sequence[Placement]
    not_arrived: Sequence[Placement]
    concerns: Sequence[StayConcern]

    @property
    def count(self) -> int:
        """How many lines there are."""
        return len(self.overdue) + len(self.not_arrived) + len(self.concerns)


def attention(session: Session, day: date, *, actor: Actor) -> Attention:
    """Return every stay to look into, those that have stood there longest first."""
    rows = visible_placements(actor).options(*DEEP)
    late = (Placement.state == PlacementState.CONFIRMED) & (Placement.start_on < day)
    return Attention(
        overdue=session.scalars(rows.where(overdue(day)).order_by(Placement.end_on, Placement.id)).all(),
        not_arrived=session.scalars(rows.where(late).order_by(Placement.start_on, Placement.id)).all(),
        concerns=open_concerns(session, actor=actor),
    )


def open_concerns(session: Session, *, actor: Actor, placement_id: int | None = None) -> Sequence[StayConcern]:
    """Return the live stays whose place was taken from under them and with whom nobody has dealt yet, of one or all."""
    stays = visible_placements(actor).where(Placement.state.in_(LIVE)).with_only_columns(Placement.id)
    rows = select(StayConcern).where(StayConcern.settled_at.is_(None), StayConcern.placement_id.in_(stays))
    if placement_id is not None:
        rows = rows.where(StayConcern.placement_id == placement_id)
    place = selectinload(StayConcern.placement)
    deep = (
        place.selectinload(Placement.person),
        place.selectinload(Placement.referral).selectinload(Referral.needs),
        place.selectinload(Placement.unit).selectinload(Unit.service).selectinload(Service.provider),
    )
    return session.scalars(rows.options(*deep).order_by(StayConcern.raised_at, StayConcern.id)).all()


def concern(session: Session, concern_id: int, *, actor: Actor) -> StayConcern:
    """Return one concern about a stay that the actor may see, its row locked. Raises NotFound."""
    stays = visible_placements(actor).with_only_columns(Placement.id)
    rows = select(StayConcern).where(StayConcern.id == concern_id, StayConcern.placement_id.in_(stays))
    return one(session, rows.with_for_update(), "concern")


def settle(session: Session, concern: StayConcern, *, outcome: str, by: Actor, now: datetime) -> None:
    """Somebody has dealt with it. Raises Invalid without a coded outcome, OutOfStep if somebody was quicker."""
    if outcome not in SETTLING:
        raise Invalid("Choose how it was dealt with.", field="outcome")
    if concern.settled_at is not None:
        raise OutOfStep(f"{concern.settled_by} has dealt with this already.")
    concern.settled_at, concern.settled_by, concern.outcome = now, by.name, outcome
    record(session, "stay_settled", concern.placement, by=by, now=now, cause=concern.cause, outcome=outcome)


def still_there(session: Session, placement: Placement, *, by: Actor, now: datetime) -> None:
    """The provider says that a person who was to have left is still there; brokerage decides what follows.

    Raises OutOfStep if the stay is not overdue any more.
    """
    if not placement.is_overdue(today(now)):
        raise OutOfStep("This stay is not past its planned end.")
    placement.seen_there_on = today(now)
    due = placement.end_on.isoformat() if placement.end_on else None
    record(session, "person_still_there", placement, by=by, now=now, due=due)
