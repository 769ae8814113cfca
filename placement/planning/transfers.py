"""Transfers: a person goes on living in another unit, under the same referral.

In one unit of work the old stay ends on the day that the new one begins, so the person is never in two places, or in
none. The provider is asked as for any reservation: a no, or no answer in time, lets the old stay go on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from placement.brokerage.company import require_company
from placement.brokerage.deadlines import answer_due
from placement.brokerage.duties import RESERVED, begin_duties
from placement.brokerage.locks import lock_stay
from placement.brokerage.moves import end_for_move
from placement.brokerage.overriding import overridden, override_of
from placement.brokerage.protected import require_crisis_place
from placement.brokerage.reservations import insert_placement, miles_to, require_admitting, require_start
from placement.domain.clocks import today
from placement.domain.errors import Invalid, NoLongerVacant, OutOfStep
from placement.domain.limits import FARTHEST_START
from placement.domain.overriding import RESTRICTED
from placement.domain.people import Actor
from placement.domain.periods import Period, nights_in_words
from placement.domain.states import LIVE, THERE, PlacementState
from placement.domain.staying import TRANSFER
from placement.planning.eligibility import stands_against
from placement.planning.shortlists import shortlist
from placement.records.availability import availability
from placement.records.councils import council_of
from placement.records.events import record
from placement.records.placements import Placement
from placement.records.providers import Unit

PASSED = ("home", "booked", "hold", "notice", "nights", "pool")
"""Rules that are not asked of a transfer: the person is at home there, and a free place is asked for under the lock."""
MOST_OTHERS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferTo:
    """A unit that somebody might move to; `refused` says why not, where a rule or the nights speak against it."""

    unit: Unit
    is_same_service: bool
    refused: tuple[str, ...]


def places_to_move_to(session: Session, stay: Placement, *, on: date, now: datetime) -> list[TransferTo]:
    """Return the other units of the service, each with what speaks against it, and the first in the city that fit.

    A day after the last on which the stay can go on elsewhere is read as that one: `transfer` refuses it in words.
    Raises OutOfStep where the stay goes on nowhere.
    """
    on = min(on, _last_day_to_move(stay, today(now)), today(now) + timedelta(days=FARTHEST_START))
    beside = (Unit.service_id == stay.unit.service_id, Unit.id != stay.unit_id, Unit.retired_at.is_(None))
    rows = select(Unit).where(*beside)
    found = [
        TransferTo(unit=unit, is_same_service=True, refused=tuple(_against(session, stay, unit, on, now)))
        for unit in session.scalars(rows.order_by(Unit.name, Unit.id))
    ]
    known = {stay.unit_id, *(each.unit.id for each in found)}
    every = shortlist(session, stay.referral, now=now)
    others = [each.unit for each in every.listed if each.is_in_city and each.unit.id not in known]
    return found + [TransferTo(unit=unit, is_same_service=False, refused=()) for unit in others[:MOST_OTHERS]]


def transfer(
    session: Session, stay: Placement, unit: Unit, *, on: date, reason: str, by: Actor, now: datetime
) -> Placement:
    """Reserve a place in another unit from a day on, and end the present stay on that day; return the new stay.

    Raises OutOfStep where the person is not there or moves on already, Invalid, naming the field, for a day, unit or
    reason that cannot be, and NoLongerVacant, naming the nights, where no place is free.
    """
    if reason not in TRANSFER:
        raise Invalid("Choose why the person is to move.", field="reason")
    lock_stay(session, stay, also=[unit.id])
    _require_movable(stay, unit, on, today(now))
    if not (unit.service_id == stay.unit.service_id or council_of(session).has(unit.service.authority)):
        raise Invalid("A place outside the city needs a referral of its own.", field="unit")
    require_admitting(session, unit.service, on, _until(stay), today(now))
    if against := _against(session, stay, unit, on, now, nights_too=False):
        raise Invalid(f"The person cannot move there: {'; '.join(against)}.", field="unit")
    until = _until(stay)
    end_for_move(session, stay.referral, on, by, now)
    session.flush()
    if full := _full(session, unit, on, until, now):
        raise NoLongerVacant(f"{unit.service.name}, {unit.name} has no free place on {full}.")
    require_crisis_place(session, stay.referral, unit, Period(on, until), day=today(now), without=[stay.id])
    require_company(session, stay.referral, unit, Period(on, until), day=today(now), without=[stay.id])
    moved = _goes_on(stay, unit, on, until, by, now)
    insert_placement(session, moved)
    record(session, "place_reserved", moved, by=by, now=now, unit=unit.id)
    record(session, "transfer_planned", moved, by=by, now=now, stay=stay.id, unit=stay.unit_id, reason=reason)
    begin_duties(session, moved, RESERVED, now=now)
    return moved


def _last_day_to_move(stay: Placement, day: date) -> date:
    """Return the last day on which a stay can go on elsewhere: one night at least is left there."""
    if stay.state not in THERE:
        raise OutOfStep(f"This stay is {stay.state.label.lower()}, so the person cannot be transferred.")
    if stay.ends_for_referral_id is not None:
        raise OutOfStep("This person moves on already. Release the next place first.")
    end = _until(stay)
    if end is not None and end <= day:
        raise OutOfStep(
            f"The stay was to end on {end:%-d %B %Y}. Change its dates first, so that the person can go on living "
            "somewhere else."
        )
    return date.max if end is None else end - timedelta(days=1)


def _require_movable(stay: Placement, unit: Unit, on: date, day: date) -> None:
    last = _last_day_to_move(stay, day)
    if unit.id == stay.unit_id:
        raise Invalid("The person lives in this unit. Choose another.", field="unit")
    require_start(on, day)
    if on <= stay.start_on:
        raise Invalid("Enter a day after the stay began.", field="start_on")
    if on > last:
        end = f"{last + timedelta(days=1):%-d %B %Y}"
        raise Invalid(f"The stay ends on {end}. Enter an earlier day, or change its dates.", field="start_on")


def _until(stay: Placement) -> date | None:
    """Return until when the person stays altogether: a notice ends the old place, not the stay."""
    return stay.end_on_before_notice if stay.state is PlacementState.NOTICE else stay.end_on


def _against(
    session: Session, stay: Placement, unit: Unit, on: date, now: datetime, *, nights_too: bool = True
) -> list[str]:
    """Return what rules say against a unit on the nights from a day on, the present stay looked past."""
    nights = Period(on, _until(stay))
    told = stands_against(session, stay.referral, unit, now=now, nights=nights, without=[stay.id])
    passed = {*PASSED, *overridden(override_of(session, stay.referral, unit.id), told)}
    if unit.service_id == stay.unit.service_id:
        passed.add(RESTRICTED)  # who is there already comes to no restricted provider
    found = [words for slug, words in told.items() if slug not in passed]
    full = _full(session, unit, on, nights.end, now, without=stay.id) if nights_too else ""
    return [*found, *([f"no free place on {full}"] if full else [])]


def _full(
    session: Session, unit: Unit, on: date, until: date | None, now: datetime, *, without: int | None = None
) -> str:
    """Return the nights on which no place is free, in words."""
    known = availability(session, [unit.id], day=today(now), without=[without] if without else [])
    return nights_in_words(known.full(unit.id, on, until))


def _goes_on(stay: Placement, unit: Unit, on: date, until: date | None, by: Actor, now: datetime) -> Placement:
    is_same = unit.service_id == stay.unit.service_id
    # What was decided about a place outside the city goes on with the service, and ends with a place in the city.
    outside = ("out_of_city_reason", "manager_id", "signed_off_at", "host_notified_at")
    return Placement(
        person_id=stay.person_id,
        referral=stay.referral,
        unit=unit,
        state=PlacementState.RESERVED,
        number=stay.number,
        start_on=on,
        end_on=until,
        weekly_pence=unit.price_for(stay.referral.support),
        choice_reason=stay.choice_reason,
        is_in_city=stay.is_in_city or not is_same,
        out_of_city_evidence=stay.out_of_city_evidence if is_same else "",
        approved_by=stay.approved_by if is_same else "",
        **{name: getattr(stay, name) if is_same else None for name in outside},
        miles=miles_to(stay.referral, unit.service),
        created_at=now,
        created_by_id=by.user_id,
        held_by=by.name,
        expires_at=answer_due(stay.referral, now),
        moved_from_id=stay.id,
    )


def moved_to(session: Session, stay: Placement) -> Placement | None:
    """Return the live stay that a transfer goes on with."""
    rows = select(Placement).where(Placement.moved_from_id == stay.id, Placement.state.in_(LIVE))
    return session.scalars(rows.order_by(Placement.id.desc())).first()


def came_from(session: Session, stay: Placement) -> Sequence[Placement]:
    """Return the stays of the same referral that a transfer has ended or will end, the newest first."""
    found: list[Placement] = []
    while stay.moved_from_id is not None and (before := session.get(Placement, stay.moved_from_id)):
        found, stay = [*found, before], before
    return found
