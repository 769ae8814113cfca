"""Taking a unit out of use for good, and taking it up again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from placement.domain.clocks import today
from placement.domain.errors import Invalid, OutOfStep
from placement.domain.people import Actor
from placement.market.numbers import Numbers
from placement.market.promises import living_now, named, stays_in
from placement.market.reshaping import (
    locked_reports,
    new_report,
    open_closures,
    others_in_unit,
    require_nothing_asked,
)
from placement.records.availability import newest_reports
from placement.records.events import record
from placement.records.providers import Service, Unit

NOTHING = Numbers(maximum=0, occupied=0, reserved=0, accepting=0)


def retire_unit(session: Session, unit: Unit, *, by: Actor, now: datetime) -> None:
    """Take a unit out of use: it is in no list any more, and its history stays.

    Raises Invalid, saying why, while people live there, are to come, or are being asked about.
    """
    if unit.id in newest_reports(session, [unit.id]):
        (report,) = locked_reports(session, [unit])
        _require_empty(session, unit, report.occupied, report.reserved, now)
        new_report(session, unit, NOTHING, like=report, counted=0)
    require_nothing_asked(session, unit)
    for other in others_in_unit(session, unit):
        other.over_at = now
    for closure in open_closures(session, unit):
        closure.cancelled_at = now
    unit.shared_caps, unit.retired_at = [], now
    record(session, "unit_retired", unit, by=by, now=now)
    session.flush()
    session.expire(unit.service, ["units"])


def take_up_unit(session: Session, unit: Unit, *, by: Actor, now: datetime) -> None:
    """Take a retired unit up again; it has no places until somebody enters its numbers. Raises OutOfStep otherwise."""
    session.refresh(unit, with_for_update=True)
    if unit.retired_at is None:
        raise OutOfStep(f"{unit.name} is in use.")
    unit.retired_at = unit.merged_into_id = None
    record(session, "unit_taken_up", unit, by=by, now=now)
    session.flush()
    session.expire(unit.service, ["units"])


def _require_empty(session: Session, unit: Unit, occupied: int, reserved: int, now: datetime) -> None:
    stays = stays_in(session, [unit.id], today(now))
    living = living_now(stays)
    if living:
        raise Invalid(f"{named(living)} live in {unit.name}. Record departures first, or move them to another unit.")
    if stays:
        raise Invalid(f"{named(stays)} are to come to {unit.name}. Ask brokerage to place them elsewhere first.")
    if occupied or reserved:
        raise Invalid(
            f"By your numbers {occupied} people live in {unit.name} and {reserved} places are reserved. Change the "
            "numbers first."
        )


def retired_units(session: Session, service: Service) -> Sequence[Unit]:
    """Return the units of a service that are out of use, by name."""
    rows = select(Unit).where(Unit.service_id == service.id, Unit.retired_at.is_not(None))
    return session.scalars(rows.order_by(Unit.name, Unit.id)).all()
