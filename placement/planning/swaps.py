"""Swaps: two people exchange their booked stays, unit and nights, before either has begun.

In one unit of work each gets what the other had, judged as if neither were there, or nothing changes. Each provider is
asked as for any reservation, for it said yes to another person. A swap is undone by swapping back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from placement.brokerage.allowance import require_within
from placement.brokerage.company import require_company
from placement.brokerage.deadlines import answer_due
from placement.brokerage.duties import CONFIRMED, RESERVED, begin_duties, end_step
from placement.brokerage.locks import lock_homes
from placement.brokerage.moves import homes_ending_for, refuse_overlap
from placement.brokerage.overriding import overridden, override_of
from placement.brokerage.packs import pack_of, take_pack_back
from placement.brokerage.reservations import miles_to, require_length, require_start
from placement.domain.clocks import today
from placement.domain.errors import Invalid, NoLongerVacant, OutOfStep
from placement.domain.kinds import KIND, RECURRING
from placement.domain.people import Actor
from placement.domain.periods import Period
from placement.domain.states import PlacementState
from placement.planning.eligibility import stands_against
from placement.records.councils import council_of
from placement.records.lifecycles import move, require
from placement.records.placements import Placement
from placement.records.providers import Service, Unit
from placement.records.referrals import Referral
from placement.records.visibility import visible_placements

BOOKED = (PlacementState.RESERVED, PlacementState.CONFIRMED)
PASSED = ("hold", "notice")
"""What is held back a human may give, and the time to answer begins anew."""
MOST_SHOWN = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """What changes hands: a place on some nights, and the report that counts it already."""

    unit: Unit
    start_on: date
    end_on: date | None
    counted_in_id: int | None

    @property
    def nights(self) -> Period:
        """The nights of the stay."""
        return Period(self.start_on, self.end_on)


@dataclass(frozen=True, slots=True, kw_only=True)
class SwapWith:
    """A stay that might be swapped with; `refused` says why not, empty where both would fit."""

    stay: Placement
    refused: str


def can_swap(stay: Placement, day: date) -> bool:
    """Return whether a stay is one that may be swapped at all: of planned breaks, booked and not begun."""
    return stay.state in BOOKED and stay.start_on >= day and stay.referral.kind in RECURRING


def stays_to_swap_with(session: Session, stay: Placement, *, actor: Actor, now: datetime) -> list[SwapWith]:
    """Return the stays of other people that have not begun, those nearest in time, each with what speaks against it."""
    day = today(now)
    if not can_swap(stay, day):
        return []
    rows = (
        visible_placements(actor)
        .join(Placement.referral)
        .where(
            Placement.state.in_(BOOKED),
            Placement.start_on >= day,
            Placement.person_id != stay.person_id,
            Referral.kind == stay.referral.kind,
        )
    )
    deep = joinedload(Placement.unit).joinedload(Unit.service).joinedload(Service.provider)
    found = session.scalars(rows.options(deep, joinedload(Placement.person), joinedload(Placement.referral))).all()
    near = sorted(found, key=lambda each: (abs((each.start_on - stay.start_on).days), each.id))
    differing = [each for each in near if slot_of(each) != slot_of(stay)][:MOST_SHOWN]
    return [SwapWith(stay=each, refused=_refusal(session, stay, each, now)) for each in differing]


def swap(session: Session, one: Placement, other: Placement, *, by: Actor, now: datetime) -> None:
    """Give each of two people the place and the nights of the other.

    Raises OutOfStep where one of the stays is not booked any more or has begun, Invalid where a rule, the allowance or
    the kind forbids the nights, NoLongerVacant where the company does, and AlreadyPlaced where somebody is elsewhere.
    """
    _lock(session, one, other)
    _require_swappable(session, one, other, by=by, day=today(now))
    if refusal := _refusal(session, one, other, now):
        raise Invalid(f"These stays cannot be swapped. {refusal}", field="other")
    for stay, there in ((one, slot_of(other)), (other, slot_of(one))):
        nobody = [one.id, other.id]
        require_within(session, stay.referral, there.nights, without=nobody)
        require_company(session, stay.referral, there.unit, there.nights, day=today(now), without=nobody)
    _exchange(session, one, other)
    for stay, was in ((one, other), (other, one)):
        _ask_again(session, stay, was, by=by, now=now)


def slot_of(stay: Placement) -> Slot:
    """Return what a stay would give away."""
    return Slot(unit=stay.unit, start_on=stay.start_on, end_on=stay.end_on, counted_in_id=stay.counted_in_id)


def _lock(session: Session, one: Placement, other: Placement) -> None:
    """Keep everybody else from both people, both units and both stays, and look at them again."""
    session.flush()
    lock_homes(session, [one.person_id, other.person_id])
    for stay in sorted((one, other), key=lambda each: each.id):
        session.refresh(stay, with_for_update=True)


def _require_swappable(session: Session, one: Placement, other: Placement, *, by: Actor, day: date) -> None:
    if one.person_id == other.person_id or one.referral.kind != other.referral.kind:
        raise Invalid("Choose a stay of another person, of the same kind.", field="other")
    for stay in (one, other):
        require(stay, "swap", by=by)
        if not can_swap(stay, day):
            raise OutOfStep("Only stays for planned breaks that have not begun can be swapped.")
        if homes_ending_for(session, stay):
            raise OutOfStep("One of these people moves on from another place. Release that stay instead.")


def _refusal(session: Session, one: Placement, other: Placement, now: datetime) -> str:
    """Return why two stays cannot be swapped, in sentences that name whom it is about by reference."""
    pair, is_same = [one.id, other.id], one.unit.service_id == other.unit.service_id
    council = council_of(session)
    if not is_same and not all(council.has(stay.unit.service.authority) for stay in (one, other)):
        return "A place outside the city needs a referral of its own."
    told = []
    for stay, there in ((one, other), (other, one)):
        if against := _against(session, stay, slot_of(there), pair, now):
            name = stay.referral.reference
            told.append(f"{name} cannot be at {there.unit.service.name}, {there.unit.name}: {'; '.join(against)}.")
    return " ".join(told)


def _against(session: Session, stay: Placement, there: Slot, pair: Sequence[int], now: datetime) -> list[str]:
    """Return what speaks against a person in a place, neither of the two being there."""
    try:
        require_start(there.start_on, today(now))
        require_length(there.nights.nights, KIND[stay.referral.kind])
        require_within(session, stay.referral, there.nights, without=pair)
        require_company(session, stay.referral, there.unit, there.nights, day=today(now), without=pair)
    except (Invalid, NoLongerVacant) as error:
        return [str(error).rstrip(".")]
    told = stands_against(session, stay.referral, there.unit, now=now, nights=there.nights, without=pair)
    passed = {*PASSED, *overridden(override_of(session, stay.referral, there.unit.id), told)}
    return [words for slug, words in told.items() if slug not in passed]


def _exchange(session: Session, one: Placement, other: Placement) -> None:
    """Exchange the slots so that no place is ever taken twice: for a moment the first stay has no night."""
    ours, theirs = slot_of(one), slot_of(other)
    one.end_on = one.start_on
    _flush(session)
    _put(other, ours)
    _flush(session)
    _put(one, theirs)
    _flush(session)


def _put(stay: Placement, slot: Slot) -> None:
    stay.unit, stay.start_on, stay.end_on, stay.counted_in_id = (
        slot.unit,
        slot.start_on,
        slot.end_on,
        slot.counted_in_id,
    )
    stay.weekly_pence = slot.unit.price_for(stay.referral.support)
    stay.miles = miles_to(stay.referral, slot.unit.service)
    stay.rank, stay.run_id, stay.differs, stay.as_planned_on = None, None, "", None


def _flush(session: Session) -> None:
    try:
        session.flush()
    except IntegrityError as error:
        refuse_overlap(error)


def _ask_again(session: Session, stay: Placement, was: Placement, *, by: Actor, now: datetime) -> None:
    """The provider is asked about the person who comes now; what the other provider was told of them ends."""
    if stay.unit.service.provider_id != was.unit.service.provider_id and pack_of(session, stay) is not None:
        take_pack_back(session, stay, by=by, now=now)
    stay.expires_at, stay.held_by, stay.hold_reason = answer_due(stay.referral, now), by.name, None
    move(session, stay, "swap", by=by, now=now, other=was.id, unit=was.unit_id)
    end_step(session, stay, CONFIRMED, by=by, now=now)
    begin_duties(session, stay, RESERVED, now=now)
