"""Places that are closed for a while: closing them, opening them again, and which are closed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from placement.domain.clocks import today
from placement.domain.errors import Invalid, OutOfStep, require_confirmed
from placement.domain.people import Actor
from placement.domain.reasons import CLOSURE, PREPARING
from placement.market.doubts import closed_over_people
from placement.market.promises import closed_over, put_at_risk
from placement.records.events import record
from placement.records.periods import in_force, not_over
from placement.records.providers import Unit
from placement.records.vacancies import Closure
from placement.records.visibility import one, visible_units

EARLIEST_CLOSURE = timedelta(days=366)


def close_places(
    session: Session,
    unit: Unit,
    *,
    start_on: date,
    end_on: date | None,
    places: int | None,
    reason: str,
    by: Actor,
    now: datetime,
    confirmed: Collection[str] | None = None,
) -> Closure:
    """Take places out of service for the nights [start_on, end_on). Raises Invalid, naming the field.

    Where people would be left without a place ToConfirm is raised unless its questions are among the `confirmed` (None
    asks nothing); their stays then stand on brokerage's work list.
    """
    _require_possible(unit, start_on, end_on, places, reason, today(now))
    closure = Closure(
        unit_id=unit.id,
        start_on=start_on,
        end_on=end_on,
        places=places,
        reason=reason,
        created_at=now,
        created_by=by.name,
    )
    session.execute(select(Unit.id).where(Unit.id == unit.id).with_for_update())  # nobody books one meanwhile
    stays = closed_over(session, unit, closure, today(now))
    if confirmed is not None:
        require_confirmed([closed_over_people(unit, stays)] if stays else [], confirmed)
    session.add(closure)
    session.flush()
    if confirmed is not None:
        put_at_risk(session, stays, "closure", by=by, now=now)
    record(session, "places_closed", closure, by=by, now=now, unit=unit.id, places=places)
    return closure


def cancel_closure(session: Session, closure: Closure, *, by: Actor, now: datetime) -> None:
    """Open closed places again; the row stays as a record. Raises OutOfStep if they are open already."""
    if closure.cancelled_at is not None:
        raise OutOfStep("These places are open again already.")
    closure.cancelled_at = now
    record(session, "places_reopened", closure, by=by, now=now, unit=closure.unit_id)


def closures(session: Session, units: Iterable[Unit], *, today: date) -> Sequence[Closure]:
    """Return closures of these units that are in force or still to come."""
    rows = select(Closure).where(
        Closure.unit_id.in_([unit.id for unit in units]),
        Closure.cancelled_at.is_(None),
        not_over(Closure.end_on, today),
    )
    return session.scalars(rows.order_by(Closure.start_on, Closure.id)).all()


def prepared(session: Session, unit_ids: Collection[int], *, today: date) -> dict[int, list[Closure]]:
    """Return, by unit, the closures in force of places that are being prepared for the next person."""
    rows = select(Closure).where(
        Closure.unit_id.in_(unit_ids),
        Closure.cancelled_at.is_(None),
        Closure.reason == PREPARING,
        in_force(Closure.start_on, Closure.end_on, today),
    )
    found: defaultdict[int, list[Closure]] = defaultdict(list)
    for each in session.scalars(rows.order_by(Closure.id)):
        found[each.unit_id].append(each)
    return found


def closure(session: Session, closure_id: int, *, actor: Actor) -> Closure:
    """Return one closure of a unit that the actor may see, its row locked. Raises NotFound."""
    visible = visible_units(actor).with_only_columns(Unit.id)
    rows = select(Closure).where(Closure.id == closure_id, Closure.unit_id.in_(visible)).with_for_update()
    return one(session, rows, "closure")


def _require_possible(
    unit: Unit, start_on: date, end_on: date | None, places: int | None, reason: str, day: date
) -> None:
    if start_on < day - EARLIEST_CLOSURE:
        raise Invalid("Enter a first closed night within the last year, or to come.", field="start_on")
    if end_on is not None and end_on <= start_on:
        raise Invalid("Enter a date of reopening after the first closed night.", field="end_on")
    if reason not in CLOSURE:
        raise Invalid("Choose why the places are closed.", field="reason")
    if places is not None and not 0 < places <= unit.capacity:
        raise Invalid(
            f"Enter between 1 and {unit.capacity} places, or leave it empty to close them all.", field="places"
        )
