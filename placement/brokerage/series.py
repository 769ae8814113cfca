"""Series of stays: what a referral asks for, which of its stays are still to be found, and reserving them together.

Locks are taken in the order of `locks`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from placement.brokerage.deadlines import set_clocks
from placement.brokerage.duties import RESERVED, begin_duties
from placement.brokerage.holds import end_hold
from placement.brokerage.offers.ending import end_offers
from placement.brokerage.reservations import Decision, book, require_bookable, require_searching
from placement.brokerage.windows import stays_left
from placement.domain.errors import Invalid, NoLongerVacant, OutOfStep
from placement.domain.people import Actor
from placement.domain.series import MOST_STAYS, TAKES, Pattern, StayWindow
from placement.domain.states import LIVE, PlacementState
from placement.records.lifecycles import move
from placement.records.placements import Placement
from placement.records.providers import Service, Unit
from placement.records.referrals import Referral, ReferralSeries, ReferralStay

DEEP = (selectinload(Placement.unit).selectinload(Unit.service).selectinload(Service.provider),)


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesAnswers:
    """Several stays in their order, and whether all are wanted; `pattern` is what they were made from, if anything."""

    take: str
    windows: tuple[StayWindow, ...]
    pattern: Pattern | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChosenStay:
    """A stay of a series by its number, and where it is to be reserved."""

    number: int
    unit: Unit
    start_on: date
    end_on: date


def set_series(referral: Referral, answers: SeriesAnswers | None) -> None:
    """Set which stays follow a referral's first; None: it asks for one stay only. Raises Invalid, naming the field."""
    if answers is None:
        if referral.is_recurring:
            referral.series, referral.is_recurring = None, False
        return
    if answers.take not in dict(TAKES):
        raise Invalid("Choose what to do if not every stay can be had.", field="take")
    if not 1 < len(answers.windows) <= MOST_STAYS:
        raise Invalid(f"Enter from 2 to {MOST_STAYS} stays, or choose “Once”.", field="listed")
    known = referral.series if referral.is_recurring else None
    row, pattern = known or ReferralSeries(), answers.pattern
    kept = {stay.number: stay for stay in row.stays}
    row.stays = [_stay(kept.get(each.number), each) for each in answers.windows[1:]]
    row.take = answers.take
    row.every, row.unit = (pattern.every, pattern.unit) if pattern else (None, None)
    row.weekday, row.until_on = (pattern.weekday, pattern.until_on) if pattern else (None, None)
    referral.series, referral.is_recurring = row, True


def _stay(row: ReferralStay | None, window: StayWindow) -> ReferralStay:
    row = row or ReferralStay(number=window.number)
    row.earliest_on, row.latest_on, row.nights = window.earliest_on, window.latest_on, window.nights
    return row


def pattern_of(referral: Referral) -> Pattern | None:
    """Return the pattern that a referral's stays were made from, if they were made from one."""
    row = referral.series if referral.is_recurring else None
    if row is None or row.every is None or row.until_on is None or referral.earliest_on is None:
        return None
    return Pattern(
        every=row.every,
        unit=row.unit or "",
        weekday=row.weekday or 0,
        from_on=referral.earliest_on,
        until_on=row.until_on,
        nights=referral.nights or 0,
    )


def booked_stays(session: Session, referral: Referral) -> list[tuple[StayWindow, Placement | None]]:
    """Return each stay of a series with the place that it has, or had."""
    rows = select(Placement).where(Placement.referral_id == referral.id, Placement.state != PlacementState.RELEASED)
    found = {each.number: each for each in session.scalars(rows.options(*DEEP).order_by(Placement.id))}
    return [(window, found.get(window.number)) for window in referral.windows]


def reserve_series(
    session: Session, referral: Referral, stays: Sequence[ChosenStay], decision: Decision, *, by: Actor, now: datetime
) -> list[Placement]:
    """Reserve a place for each of some stays of a series: all of them, or none.

    `decision` says why, its own nights count for nothing. The referral is placed once every stay has a place; until
    then it is searched for with those that are left. Raises what `reserve` raises, naming the stay; OutOfStep where a
    stay has a place already, or some are left out of a series that is wanted as a whole.
    """
    require_searching(session, referral, by=by)
    left = _left(session, referral, stays)
    ordered = sorted(stays, key=lambda stay: stay.start_on)
    decisions = [replace(decision, start_on=stay.start_on, end_on=stay.end_on, ends_current=False) for stay in ordered]
    for stay, each in zip(ordered, decisions, strict=True):
        require_bookable(session, referral, stay.unit, each, now=now)
    units = {stay.unit.id for stay in ordered}
    session.execute(select(Unit.id).where(Unit.id.in_(units)).order_by(Unit.id).with_for_update())
    taken = [
        _booked(session, referral, stay, each, by=by, now=now) for stay, each in zip(ordered, decisions, strict=True)
    ]
    if left:
        set_clocks(session, referral)
    else:
        move(session, referral, "place", by=by, now=now, placement=taken[0].id)
    end_offers(session, referral, by=by, now=now, verb="thank")
    end_hold(session, referral, ordered[0].unit, by=by, now=now)
    for placement in taken:
        begin_duties(session, placement, RESERVED, now=now)
    return taken


def _left(session: Session, referral: Referral, stays: Sequence[ChosenStay]) -> tuple[StayWindow, ...]:
    """Return the stays that will still be without a place."""
    if not referral.is_recurring or referral.series is None:
        raise OutOfStep("This referral asks for one stay.")
    left = stays_left(session, [referral])[referral.id]
    chosen = [stay.number for stay in stays]
    if not chosen or len(set(chosen)) < len(chosen) or not set(chosen) <= {each.number for each in left}:
        raise OutOfStep("One of these stays has a place already. Look at the series again.")
    rest = tuple(each for each in left if each.number not in chosen)
    is_begun = len(left) < len(referral.windows)
    if rest and referral.series.take == "all" and not is_begun:
        raise OutOfStep("This referral wants all of its stays or none, and some of them have no place.")
    return rest


def _booked(
    session: Session, referral: Referral, stay: ChosenStay, decision: Decision, *, by: Actor, now: datetime
) -> Placement:
    try:
        return book(session, referral, stay.unit, decision, by=by, now=now, number=stay.number)
    except NoLongerVacant as error:
        raise NoLongerVacant(
            f"{stay.unit.service.name} has no free place for the stay from {stay.start_on:%-d %B %Y} any more, so none "
            "of the stays was reserved."
        ) from error


def require_no_stays(session: Session, referral: Referral) -> None:
    """Raise OutOfStep while some stays of a series have a place: each is released first, so that its provider hears."""
    rows = select(Placement.id).where(Placement.referral_id == referral.id, Placement.state.in_(LIVE)).limit(1)
    if referral.is_recurring and session.scalar(rows) is not None:
        raise OutOfStep("Some stays of this series have a place. Release each of them first.")
