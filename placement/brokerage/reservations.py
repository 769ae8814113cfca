"""Reserving a place for a referred person, in one short write unit.

Locks are taken in the order of `locks`. The database refuses by itself what these checks would miss.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from placement.brokerage.allowance import require_within
from placement.brokerage.company import require_company
from placement.brokerage.deadlines import answer_due
from placement.brokerage.duties import RESERVED, begin_duties
from placement.brokerage.holds import end_hold
from placement.brokerage.locks import lock_referral
from placement.brokerage.moves import end_for_move, refuse_overlap
from placement.brokerage.offers.ending import end_offers
from placement.brokerage.protected import require_crisis_place
from placement.domain.clocks import today
from placement.domain.errors import Invalid, NoLongerVacant
from placement.domain.kinds import KIND, Kind
from placement.domain.limits import FARTHEST_START
from placement.domain.people import Actor
from placement.domain.periods import Period
from placement.domain.reasons import OUT_OF_CITY_REASON
from placement.domain.states import PlacementState
from placement.domain.text import plain
from placement.geography.distances import Point, miles_between
from placement.records.availability import availability
from placement.records.councils import council_of
from placement.records.events import record
from placement.records.lifecycles import move, require
from placement.records.placements import Placement
from placement.records.providers import Service, Unit
from placement.records.referrals import Referral
from placement.records.standings import barred_providers
from placement.records.users import User


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What a human decided: which nights, why, and (out of the city) for which coded reason.

    `rank` is the place of this unit in the ranked list that the human saw, from 1; `run_id` the run behind it;
    `differs` names, by slug, in what the decision departs from what was asked. `manager_id` is who is to sign off a
    place outside the city; `approved_by` who has done so where it was written down elsewhere.
    """

    start_on: date
    end_on: date | None
    reason: str = ""
    rank: int | None = None
    run_id: int | None = None
    out_of_city_reason: str | None = None
    out_of_city_evidence: str = ""
    approved_by: str = ""
    manager_id: int | None = None
    ends_current: bool = False
    differs: str = ""


def require_searching(session: Session, referral: Referral, *, by: Actor) -> None:
    """Keep everybody else from placing this person until the commit. Raises OutOfStep if somebody has done so."""
    lock_referral(session, referral)
    require(referral, "place", by=by)


def reserve(
    session: Session, referral: Referral, unit: Unit, decision: Decision, *, by: Actor, now: datetime
) -> Placement:
    """Reserve a place for a referred person.

    Raises NoLongerVacant if a night is not free any more, AlreadyPlaced if the person has a place on one of the
    nights (unless `ends_current` says that the move ends it), OutOfStep if the referral is not being searched for, and
    Invalid if an out-of-city reason is missing, the kind of referral forbids the nights or the provider may not admit.
    """
    require_searching(session, referral, by=by)
    require_bookable(session, referral, unit, decision, now=now)
    session.execute(select(Unit.id).where(Unit.id == unit.id).with_for_update())
    if decision.ends_current:
        end_for_move(session, referral, decision.start_on, by, now)
    placement = book(session, referral, unit, decision, by=by, now=now)
    move(session, referral, "place", by=by, now=now, placement=placement.id)
    end_offers(session, referral, by=by, now=now, verb="thank")
    end_hold(session, referral, unit, by=by, now=now)
    begin_duties(session, placement, RESERVED, now=now)
    return placement


def require_bookable(session: Session, referral: Referral, unit: Unit, decision: Decision, *, now: datetime) -> None:
    """Raise Invalid unless this decision may be made at all, whether or not a place is free."""
    require_nights(decision, KIND[referral.kind], today(now))
    _require_reason(session, decision, council_of(session).has(unit.service.authority))
    require_admitting(session, unit.service, decision.start_on, decision.end_on, today(now))


def book(
    session: Session,
    referral: Referral,
    unit: Unit,
    decision: Decision,
    *,
    by: Actor,
    now: datetime,
    number: int | None = None,
) -> Placement:
    """Store one reservation, under the locks of person and unit that the caller holds.

    Raises NoLongerVacant, AlreadyPlaced, and Invalid where it goes over the person's allowance of nights. `number` says
    which stay of a series it is.
    """
    require_vacant(session, unit, decision, now=now, held_for=[referral.id])
    nights = Period(decision.start_on, decision.end_on)
    require_crisis_place(session, referral, unit, nights, day=today(now))
    require_company(session, referral, unit, nights, day=today(now))
    require_within(session, referral, nights)
    is_in_city = council_of(session).has(unit.service.authority)
    placement = _reserved(referral, unit, decision, is_in_city, by, now)
    placement.number = number
    insert_placement(session, placement)
    told = {"differs": decision.differs.split()} if decision.differs else {}
    record(session, "place_reserved", placement, by=by, now=now, unit=unit.id, rank=decision.rank, **told)
    return placement


def require_vacant(
    session: Session,
    unit: Unit,
    decision: Decision,
    *,
    now: datetime,
    without: Collection[int] = (),
    held_for: Collection[int] = (),
) -> None:
    """Raise NoLongerVacant unless a place is free on every night; only under the unit's lock does that last.

    `without` are ids of stays that are looked past, `held_for` of referrals to whom what is held for them is free.
    """
    known = availability(session, [unit.id], day=today(now), without=without, held_for=held_for)
    if not known.bookable(unit.id, decision.start_on, decision.end_on):
        raise NoLongerVacant(f"{unit.service.name} has no free place on these nights any more.")


def insert_placement(session: Session, placement: Placement) -> None:
    """Store a placement. Where the database refuses it, say so in the words of the checks."""
    try:
        session.add(placement)
        session.flush()
    except IntegrityError as error:
        refuse_overlap(error)


def require_nights(decision: Decision, kind: Kind, day: date) -> None:
    """Raise Invalid, naming the field, unless the nights are to come, near enough and as many as the kind allows."""
    require_start(decision.start_on, day)
    require_length(Period(decision.start_on, decision.end_on).nights, kind)


def require_start(start_on: date, day: date) -> None:
    """Raise Invalid unless a stay may begin on this night."""
    if start_on < day:
        raise Invalid("Enter a first night that is not in the past.", field="start_on")
    if start_on > day + timedelta(days=FARTHEST_START):
        raise Invalid("Enter a first night within the next two years.", field="start_on")


def require_length(nights: int | None, kind: Kind, *, field: str = "nights") -> None:
    """Raise Invalid unless a kind of referral may have a stay of so many nights; None stands for no end."""
    if nights is None:
        if kind.must_end:
            raise Invalid(f"Enter how many nights. {kind.must_end_why}.", field=field)
    elif not 1 <= nights <= kind.most_nights:
        raise Invalid(f"Enter between 1 and {kind.most_nights} nights.", field=field)


def require_admitting(session: Session, service: Service, start_on: date, end_on: date | None, day: date) -> None:
    """Raise Invalid unless a service may take somebody for these nights: the provider's standing, and the register."""
    if service.provider_id in barred_providers(session, day):
        raise Invalid("This provider may not take anybody at present.")
    if not service.is_registered_on(max(day, start_on)):
        raise Invalid("This service is not in the register on these nights.")
    leaves = service.deregistered_on
    if leaves is not None and (end_on is None or end_on > leaves):
        raise Invalid(f"This service leaves the register on {leaves:%-d %B %Y}. Choose nights that end by then.")


def _require_reason(session: Session, decision: Decision, is_in_city: bool) -> None:
    if is_in_city:
        return
    reason = OUT_OF_CITY_REASON.get(decision.out_of_city_reason or "")
    if reason is None:
        raise Invalid("Choose why this person is placed outside the city.", field="out_of_city_reason")
    if reason.by_choice or plain(decision.approved_by):
        return
    manager = session.get(User, decision.manager_id) if decision.manager_id else None
    if manager is None or not (manager.is_manager and manager.is_active):
        raise Invalid("Choose the manager who is to sign this off.", field="manager_id")


def _reserved(
    referral: Referral, unit: Unit, decision: Decision, is_in_city: bool, by: Actor, now: datetime
) -> Placement:
    is_own = not is_in_city and decision.manager_id is not None and decision.manager_id == by.user_id
    return Placement(
        person_id=referral.person_id,
        referral=referral,
        unit=unit,
        run_id=decision.run_id,
        state=PlacementState.RESERVED,
        start_on=decision.start_on,
        end_on=decision.end_on,
        weekly_pence=unit.price_for(referral.support),
        rank=decision.rank,
        differs=decision.differs,
        choice_reason=decision.reason,
        is_in_city=is_in_city,
        out_of_city_reason=None if is_in_city else decision.out_of_city_reason,
        out_of_city_evidence=decision.out_of_city_evidence,
        approved_by=by.name if is_own else decision.approved_by,
        manager_id=None if is_in_city else decision.manager_id,
        signed_off_at=now if is_own else None,
        miles=miles_to(referral, unit.service),
        created_at=now,
        created_by_id=by.user_id,
        held_by=by.name,
        expires_at=answer_due(referral, now),
    )


def miles_to(referral: Referral, service: Service) -> float | None:
    """Return how far a service is from where the person is to live; None where either is not known."""
    if None in (referral.near_lat, referral.near_lon, service.lat, service.lon):
        return None
    return miles_between(
        Point(lat=referral.near_lat or 0, lon=referral.near_lon or 0), Point(lat=service.lat or 0, lon=service.lon or 0)
    )
