"""Stays to look into: the person was to have left, was to have arrived, or has lost the place that was promised."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, literal, or_, select, union_all
from sqlalchemy.orm import InstrumentedAttribute, Session

from placement.domain.clocks import LONDON, today
from placement.domain.errors import Invalid, OutOfStep
from placement.domain.people import Actor
from placement.domain.reasons import SETTLING
from placement.domain.states import LIVE, THERE, PlacementState, TaskState
from placement.records.events import record
from placement.records.placements import Placement, StayConcern, overdue
from placement.records.providers import Service, Unit
from placement.records.referrals import Person, Referral
from placement.records.tasks import Task
from placement.records.visibility import one, visible_placements


@dataclass(frozen=True, slots=True, kw_only=True)
class StayToLookInto:
    """One line of the work list beside the referrals: `why` is OVERDUE, NOT_ARRIVED, or the slug of a concern
    or task.

    `on` is the day on which the person was to leave or to arrive; on `seen_there_on` the provider last said that the
    person is still there.
    """

    placement: int
    person: str
    reference: str
    service: str
    provider_id: int
    why: str
    on: date
    seen_there_on: date | None = None
    state: PlacementState = PlacementState.ACTIVE
    ends_on: date | None = None

    @property
    def is_task(self) -> bool:
        """Whether a task asks what follows."""
        return self.why in DECIDES


Columns = Select[int, PlacementState, date, date | None, date | None, str, str | None, str, int, str]
OVERDUE, NOT_ARRIVED = "overdue", "not_arrived"
DECIDES = ("exit_review", "not_as_planned", "find_next", "review_absence")
"""The tasks about a stay from which something follows for it: once they are due they stand on the work list."""


def stays_to_look_into(session: Session, day: date, *, actor: Actor) -> list[StayToLookInto]:
    """Return every stay to look into, whose place has gone first, then by the day that has passed; two questions."""
    concerns = _told(actor, StayConcern.cause).join(StayConcern, StayConcern.placement_id == Placement.id)
    concerns = concerns.where(StayConcern.settled_at.is_(None), Placement.state.in_(LIVE))
    late = (Placement.state == PlacementState.CONFIRMED) & (Placement.start_on < day)
    due = _told(actor, literal("")).where(or_(overdue(day), late))
    reviews = _told(actor, Task.kind).join(Task, and_(Task.subject == "placement", Task.subject_id == Placement.id))
    by_night = datetime.combine(day + timedelta(days=1), time(), tzinfo=LONDON)
    reviews = reviews.where(Task.kind.in_(DECIDES), Task.state == TaskState.OPEN, Task.due_at < by_night)
    asked = union_all(
        concerns.add_columns(literal(0).label("group"), StayConcern.raised_at.label("at"), StayConcern.id.label("of")),
        reviews.add_columns(literal(1).label("group"), Task.due_at.label("at"), Task.id.label("of")),
    )
    found = [_line(row, row.why) for row in session.execute(asked.order_by("group", "at", "of"))]
    lines = [_line(row, OVERDUE if row.state in THERE else NOT_ARRIVED) for row in session.execute(due)]
    return [*found, *sorted(lines, key=lambda line: (line.why != OVERDUE, line.on, line.placement))]


def _told(actor: Actor, why: ColumnElement[str] | InstrumentedAttribute[str]) -> Columns:
    rows = select(
        Placement.id,
        Placement.state,
        Placement.start_on,
        Placement.end_on,
        Placement.seen_there_on,
        Person.name.label("person"),
        Referral.reference,
        Service.name.label("service"),
        Service.provider_id,
        why.label("why"),
    )
    mine = visible_placements(actor).with_only_columns(Placement.id)
    rows = rows.join(Placement.person).join(Placement.referral).join(Placement.unit).join(Unit.service)
    return rows.where(Placement.id.in_(mine))


def _line(row: Any, why: str) -> StayToLookInto:
    return StayToLookInto(
        placement=row.id,
        person=row.person,
        reference=row.reference or "",
        service=row.service,
        provider_id=row.provider_id,
        why=why,
        on=(row.end_on if why in (OVERDUE, *DECIDES) else None) or row.start_on,
        seen_there_on=row.seen_there_on,
        state=row.state,
        ends_on=row.end_on,
    )


def open_concerns(session: Session, *, actor: Actor, placement_id: int | None = None) -> Sequence[StayConcern]:
    """Return the live stays whose place was taken from under them and with whom nobody has dealt yet, of one or all."""
    stays = visible_placements(actor).where(Placement.state.in_(LIVE)).with_only_columns(Placement.id)
    rows = select(StayConcern).where(StayConcern.settled_at.is_(None), StayConcern.placement_id.in_(stays))
    if placement_id is not None:
        rows = rows.where(StayConcern.placement_id == placement_id)
    return session.scalars(rows.order_by(StayConcern.raised_at, StayConcern.id)).all()


def concern(session: Session, concern_id: int, *, actor: Actor) -> StayConcern:
    """Return one concern about a stay that the actor may see. Raises NotFound."""
    stays = visible_placements(actor).with_only_columns(Placement.id)
    rows = select(StayConcern).where(StayConcern.id == concern_id, StayConcern.placement_id.in_(stays))
    return one(session, rows, "concern")


def settle(session: Session, concern: StayConcern, *, outcome: str, by: Actor, now: datetime) -> None:
    """Somebody has dealt with it. Raises Invalid without a coded outcome, OutOfStep if somebody was quicker."""
    if outcome not in SETTLING:
        raise Invalid("Choose how it was dealt with.", field="outcome")
    session.refresh(concern, with_for_update=True)
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
