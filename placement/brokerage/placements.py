"""Placements: reserving a place, and every step until the person leaves. Each is one short write unit.

Locks are always taken in the order person, referral, unit, stay; units in the order of their ids. The database refuses
by itself what these checks would miss.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, selectinload

from placement.brokerage.moves import end_for_move, stay_on
from placement.domain.clocks import deadline, today
from placement.domain.errors import AlreadyPlaced, Invalid, NoLongerVacant, OutOfStep
from placement.domain.kinds import KIND, Kind
from placement.domain.people import Actor
from placement.domain.reasons import DECLINE, ENDINGS, OUT_OF_CITY_REASON
from placement.domain.states import BARRED, LIVE, STATE_LABELS, PlacementState, ReferralState, require_move
from placement.geography.authorities import CITY
from placement.geography.distances import Point, miles_between
from placement.records.audit import record
from placement.records.availability import availability
from placement.records.placements import Placement
from placement.records.providers import Service, Unit
from placement.records.referrals import Decline, Person, Referral
from placement.records.standings import standing_of
from placement.records.visibility import one, visible_placements

MOST_NIGHTS = 3650
ENDING = {reason.slug: reason for reason in ENDINGS}
DEEP = (
    selectinload(Placement.person),
    selectinload(Placement.referral).selectinload(Referral.needs),
    selectinload(Placement.unit).selectinload(Unit.service).selectinload(Service.provider),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What a human decided: which nights, why, and (out of the city) for which coded reason.

    `rank` is the place of this unit in the ranked list that the human saw, from 1; `run_id` the run behind it.
    """

    start_on: date
    end_on: date | None
    reason: str = ""
    rank: int | None = None
    run_id: int | None = None
    out_of_city_reason: str | None = None
    out_of_city_evidence: str = ""
    approved_by: str = ""
    ends_current: bool = False


def require_searching(session: Session, referral: Referral) -> None:
    """Keep everybody else from placing this person until the commit. Raises OutOfStep if somebody has done so."""
    session.execute(select(Person.id).where(Person.id == referral.person_id).with_for_update())
    session.refresh(referral, with_for_update=True)
    require_move(referral.state, ReferralState.PLACED)


def reserve(session: Session, referral: Referral, unit: Unit, choice: Choice, *, by: Actor, now: datetime) -> Placement:
    """Reserve a place for a referred person.

    Raises NoLongerVacant if a night is not free any more, AlreadyPlaced if the person has a place on one of the
    nights (unless `ends_current` says that the move ends it), OutOfStep if the referral is not being searched for, and
    Invalid if an out-of-city reason is missing, the kind of referral forbids the nights or the provider may not admit.
    """
    require_searching(session, referral)
    is_in_city = unit.service.authority == CITY
    _require_nights(choice, KIND[referral.kind], today(now))
    _require_reason(choice, is_in_city)
    _require_admitting(session, unit.service, choice, today(now))
    session.execute(select(Unit.id).where(Unit.id == unit.id).with_for_update())
    if choice.ends_current:
        end_for_move(session, referral, choice.start_on, by, now)
    if not availability(session, [unit.id]).bookable(unit.id, choice.start_on, choice.end_on):
        raise NoLongerVacant(f"{unit.service.name} has no free place on these nights any more.")
    placement = _reserved(referral, unit, choice, is_in_city, by, now)
    _insert(session, placement)
    referral.state = ReferralState.PLACED
    record(session, "reserved a place", placement, by=by, now=now, unit=unit.id, rank=choice.rank)
    record(session, "found a place", referral, by=by, now=now, placement=placement.id)
    return placement


def confirm(session: Session, placement: Placement, *, by: Actor, now: datetime) -> None:
    """The provider says yes: the reservation no longer expires."""
    _move(session, placement, PlacementState.CONFIRMED)
    placement.expires_at = None
    record(session, "confirmed a place", placement, by=by, now=now)


def decline(
    session: Session, placement: Placement, *, reason: str, note: str = "", by: Actor, now: datetime
) -> Decline:
    """The provider says no, with a coded reason: the place is free again and the pair is not proposed any more."""
    if reason not in DECLINE:
        raise Invalid("Choose why you cannot take this person.", field="reason")
    _lock_homes(session, [placement.person_id])
    _lock(session, placement)
    if placement.state is not PlacementState.RESERVED:
        raise OutOfStep(f"This is {STATE_LABELS[placement.state].lower()} now, so it cannot be declined.")
    _release(session, placement, "declined", by, now)
    said = Decline(
        referral_id=placement.referral_id,
        unit_id=placement.unit_id,
        reason=reason,
        note=note,
        declined_by=by.name,
        declined_at=now,
    )
    session.add(said)
    record(session, "declined a place", placement, by=by, now=now, reason=reason)
    record(session, "was declined", placement.referral, by=by, now=now, unit=placement.unit_id, reason=reason)
    return said


def release(session: Session, placement: Placement, *, by: Actor, now: datetime, reason: str = "withdrawn") -> None:
    """Give a reserved or confirmed place back; the referral is searched for again."""
    _lock_homes(session, [placement.person_id])
    _release(session, placement, reason, by, now)
    record(session, "released a place", placement, by=by, now=now, reason=reason)
    record(session, "lost its place", placement.referral, by=by, now=now, placement=placement.id)


def begin(session: Session, placement: Placement, *, by: Actor, now: datetime) -> None:
    """The person has arrived. Raises OutOfStep before the first day of the stay."""
    if today(now) < placement.start_on:
        raise OutOfStep("This stay has not begun yet. Ask brokerage to change its dates first.")
    _move(session, placement, PlacementState.ACTIVE)
    record(session, "arrived", placement, by=by, now=now)


def end(session: Session, placement: Placement, *, on: date, reason: str, by: Actor, now: datetime) -> None:
    """The person has left on a day, or will not come back. Raises Invalid, naming the field.

    A day to come is refused: an ended stay frees its place at once.
    """
    if reason not in ENDING:
        raise Invalid("Choose why the stay ended.", field="reason")
    if on > today(now):
        raise Invalid("Enter today or a day that has passed.", field="on")
    if on < placement.start_on:
        raise Invalid("Enter a day on or after the stay began.", field="on")
    _move(session, placement, PlacementState.ENDED)
    session.refresh(placement.referral, with_for_update=True)
    placement.end_on, placement.ended_reason = on, reason
    if placement.referral.state is ReferralState.PLACED:
        placement.referral.state = ReferralState.CLOSED
        placement.referral.closed_at, placement.referral.closed_reason = now, "placed"
        record(session, "closed a referral", placement.referral, by=by, now=now, placement=placement.id)
    record(session, "left", placement, by=by, now=now, reason=reason)


def release_expired(session: Session, *, by: Actor, now: datetime) -> int:
    """Release every reservation whose time has run out; return how many."""
    ran_out = (Placement.state == PlacementState.RESERVED) & (Placement.expires_at <= now)
    _lock_homes(session, session.scalars(select(Placement.person_id).where(ran_out)).all())
    rows = select(Placement).where(ran_out)
    expired = session.scalars(rows.options(*DEEP).order_by(Placement.id).with_for_update(skip_locked=True)).all()
    for placement in expired:
        release(session, placement, by=by, now=now, reason="expired")
    return len(expired)


def placements(
    session: Session,
    *,
    actor: Actor,
    live_only: bool = True,
    states: Collection[PlacementState] = LIVE,
    limit: int = 500,
) -> Sequence[Placement]:
    """Return placements in some states, or in all unless `live_only`, those that begin soonest first."""
    rows = visible_placements(actor)
    if live_only:
        rows = rows.where(Placement.state.in_(states))
    return session.scalars(rows.options(*DEEP).order_by(Placement.start_on, Placement.id).limit(limit)).all()


def placement(session: Session, placement_id: int, *, actor: Actor) -> Placement:
    """Return one placement. Raises NotFound."""
    found: Placement = one(
        session, visible_placements(actor).where(Placement.id == placement_id).options(*DEEP), "placement"
    )
    return found


def placement_of(session: Session, referral: Referral) -> Placement | None:
    """Return a referral's newest placement that has not been released."""
    rows = select(Placement).where(Placement.referral_id == referral.id, Placement.state != PlacementState.RELEASED)
    return session.scalars(rows.options(*DEEP).order_by(Placement.id.desc()).limit(1)).first()


def live_placements_of(session: Session, person_id: int) -> Sequence[Placement]:
    """Return where a person lives or is going to live, soonest first."""
    rows = select(Placement).where(Placement.person_id == person_id, Placement.state.in_(LIVE))
    return session.scalars(rows.options(*DEEP).order_by(Placement.start_on, Placement.id)).all()


def _require_nights(choice: Choice, kind: Kind, day: date) -> None:
    if choice.start_on < day:
        raise Invalid("Enter a first night that is not in the past.", field="start_on")
    if choice.end_on is None:
        if kind.must_end:
            raise Invalid(f"Enter how many nights. {kind.must_end_why}.", field="nights")
    elif not 1 <= (choice.end_on - choice.start_on).days <= (kind.max_nights or MOST_NIGHTS):
        raise Invalid(f"Enter between 1 and {kind.max_nights or MOST_NIGHTS} nights.", field="nights")


def _require_admitting(session: Session, service: Service, choice: Choice, day: date) -> None:
    if standing_of(session, service.provider_id, day) in BARRED:
        raise Invalid("This provider may not take anybody at present.")
    ended_on = service.deregistered_on
    if not service.is_listed or (ended_on is not None and ended_on <= max(day, choice.start_on)):
        raise Invalid("This service is not in the register on these nights.")


def _require_reason(choice: Choice, is_in_city: bool) -> None:
    if is_in_city:
        return
    reason = OUT_OF_CITY_REASON.get(choice.out_of_city_reason or "")
    if reason is None:
        raise Invalid("Choose why this person is placed outside the city.", field="out_of_city_reason")
    if not reason.by_choice and not choice.approved_by:
        raise Invalid("Enter the name of the manager who approved this.", field="approved_by")


def _reserved(referral: Referral, unit: Unit, choice: Choice, is_in_city: bool, by: Actor, now: datetime) -> Placement:
    return Placement(
        person_id=referral.person_id,
        referral=referral,
        unit=unit,
        run_id=choice.run_id,
        state=PlacementState.RESERVED,
        start_on=choice.start_on,
        end_on=choice.end_on,
        weekly_pence=unit.weekly_pence,
        rank=choice.rank,
        choice_reason=choice.reason,
        is_in_city=is_in_city,
        out_of_city_reason=None if is_in_city else choice.out_of_city_reason,
        out_of_city_evidence=choice.out_of_city_evidence,
        approved_by=choice.approved_by,
        miles=_miles(referral, unit.service),
        created_at=now,
        created_by_id=by.user_id,
        expires_at=deadline(now, KIND[referral.kind].reply_within),
    )


def _insert(session: Session, placement: Placement) -> None:
    try:
        session.add(placement)
        session.flush()
    except IntegrityError as error:
        if "one_place_a_person" in str(error.orig):
            raise AlreadyPlaced("This person already has a place on some of these nights.") from error
        if "placement_over" in str(error.orig):
            raise NoLongerVacant("The last place was taken a moment ago.") from error
        raise


def _release(session: Session, placement: Placement, reason: str, by: Actor, now: datetime) -> None:
    _move(session, placement, PlacementState.RELEASED)
    placement.ended_reason = reason
    session.refresh(placement.referral, with_for_update=True)
    if placement.referral.state is ReferralState.PLACED:
        placement.referral.state = ReferralState.SEARCHING
    session.flush()
    stay_on(session, placement, by, now)


def _lock_homes(session: Session, person_ids: Collection[int]) -> None:
    """Lock every unit that these people have a place in, before any stay: a report locks in this order too."""
    homes = select(Placement.unit_id).where(Placement.person_id.in_(person_ids), Placement.state.in_(LIVE))
    session.execute(select(Unit.id).where(Unit.id.in_(homes)).order_by(Unit.id).with_for_update())


def _lock(session: Session, placement: Placement) -> None:
    """Look again at a stay, with its row locked: somebody else may have answered a moment ago."""
    session.flush()
    session.refresh(placement, ["state", "version"], with_for_update=True)


def _move(session: Session, placement: Placement, state: PlacementState) -> None:
    _lock(session, placement)
    require_move(placement.state, state)
    placement.state = state


def _miles(referral: Referral, service: Service) -> float | None:
    if None in (referral.near_lat, referral.near_lon, service.lat, service.lon):
        return None
    return miles_between(
        Point(lat=referral.near_lat or 0, lon=referral.near_lon or 0), Point(lat=service.lat or 0, lon=service.lon or 0)
    )
