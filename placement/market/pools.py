"""Pools that units of one service share, staff or rooms: making one, changing it, ending it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from placement.domain.clocks import today
from placement.domain.errors import Invalid, require_confirmed
from placement.domain.limits import MOST_PLACES
from placement.domain.people import Actor
from placement.domain.periods import Period
from placement.domain.text import listed, plain
from placement.market.promises import left_without, named, not_ours, put_at_risk, question, stays_in
from placement.records.availability import newest_reports
from placement.records.events import record
from placement.records.placements import Placement
from placement.records.providers import Service, SharedCap, Unit
from placement.records.visibility import one, visible_services, visible_units

LONGEST_NAME = 120


def add_shared_cap(
    session: Session,
    units: Sequence[Unit],
    *,
    name: str,
    places: int,
    by: Actor,
    now: datetime,
    confirmed: Collection[str] | None = None,
) -> SharedCap:
    """Say that units of one service share a pool of staff or rooms. Raises Invalid, naming the field.

    Where more people have been promised a place in them ToConfirm is raised unless its question is among the
    `confirmed` (None asks nothing); their stays then stand on brokerage's work list.
    """
    name = _require_sound(units, name, places)
    stays = _promised(session, units, places, confirmed, today(now))
    cap = SharedCap(service_id=units[0].service_id, name=name, places=places, units=list(units))
    session.add(cap)
    record(session, "shared_cap_added", cap, by=by, now=now, places=places, units=_ids(units))
    _tell(session, stays, confirmed, by, now)
    return cap


def change_shared_cap(
    session: Session,
    cap: SharedCap,
    units: Sequence[Unit],
    *,
    name: str,
    places: int,
    by: Actor,
    now: datetime,
    confirmed: Collection[str] | None = None,
) -> None:
    """Give a pool another name, other places or other units of its service; raises as `add_shared_cap` does."""
    name = _require_sound(units, name, places)
    if {each.service_id for each in units} != {cap.service_id}:
        raise Invalid("Choose units of one service.", field="units")
    stays = _promised(session, units, places, confirmed, today(now))
    before = {"places": cap.places, "units": _ids(cap.units)}
    cap.name, cap.places, cap.units = name, places, list(units)
    record(session, "shared_cap_changed", cap, by=by, now=now, places=places, units=_ids(units), before=before)
    _tell(session, stays, confirmed, by, now)


def end_shared_cap(session: Session, cap: SharedCap, *, by: Actor, now: datetime) -> None:
    """Let units share this no more: each has its own places. What it was stays in the trail."""
    record(session, "shared_cap_ended", cap, by=by, now=now, places=cap.places, units=_ids(cap.units))
    session.delete(cap)
    session.flush()


def shared_cap(session: Session, cap_id: int, *, actor: Actor) -> SharedCap:
    """Return one pool of a service that the actor may see. Raises NotFound."""
    visible = visible_services(actor).with_only_columns(Service.id)
    rows = select(SharedCap).where(SharedCap.id == cap_id, SharedCap.service_id.in_(visible))
    return one(session, rows.options(selectinload(SharedCap.units)), "pool")


def lock_shared_cap(session: Session, cap: SharedCap) -> None:
    """Lock a pool after its units, and look at it again: somebody may have changed it a moment ago."""
    _lock(session, cap.units)
    session.refresh(cap, with_for_update=True)


def units_to_share(session: Session, ids: Collection[int], *, actor: Actor) -> Sequence[Unit]:
    """Return the units of these ids that the actor may see and that are in use."""
    rows = visible_units(actor).where(Unit.id.in_(ids), Unit.retired_at.is_(None)).order_by(Unit.id)
    return session.scalars(rows).all()


def pool_words(cap: SharedCap) -> str:
    """Return what a pool says, as providers and brokers read it."""
    return f"{cap.name}: at most {cap.places} at a time in {listed([unit.name for unit in cap.units])} together"


def _require_sound(units: Sequence[Unit], name: str, places: int) -> str:
    if len({each.service_id for each in units}) != 1:
        raise Invalid("Choose units of one service.", field="units")
    name = plain(name)
    if not 1 <= len(name) <= LONGEST_NAME:
        raise Invalid(f"Enter what is shared, in at most {LONGEST_NAME} characters.", field="name")
    if not 0 <= places <= MOST_PLACES:
        raise Invalid(f"Enter a number from 0 to {MOST_PLACES:,}.", field="places")
    return name


def _lock(session: Session, units: Sequence[Unit]) -> None:
    """Nobody books a place in any of them meanwhile: a booking locks its unit first, and then the pool."""
    ids = [unit.id for unit in units]
    session.execute(select(Unit.id).where(Unit.id.in_(ids)).order_by(Unit.id).with_for_update())


def _promised(
    session: Session, units: Sequence[Unit], places: int, confirmed: Collection[str] | None, day: date
) -> list[Placement]:
    """Return the stays for which a pool of so many places has none, once that has been confirmed."""
    _lock(session, units)
    ids = [unit.id for unit in units]
    others = sum(not_ours(report) for report in newest_reports(session, ids).values())
    stays = left_without(stays_in(session, ids, day), day, places={Period(day): places}, others=others)
    if stays and confirmed is not None:
        text = (
            f"With {places} at a time there would be too few places for people who have been promised one: "
            f"{named(stays)}. If you save this all the same, brokerage will be told about each of them."
        )
        require_confirmed([question(f"pool-{places}", min(ids), stays, text)], confirmed)
    return stays


def _tell(
    session: Session, stays: Sequence[Placement], confirmed: Collection[str] | None, by: Actor, now: datetime
) -> None:
    if confirmed is not None:
        put_at_risk(session, stays, "pool", by=by, now=now)


def _ids(units: Sequence[Unit]) -> list[int]:
    return sorted(unit.id for unit in units)
