"""Changing the dates of a stay: earlier, later, longer, or another first night before the person has arrived.

The nights are judged as a booking would be, the stay itself being looked past.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from placement.brokerage.allowance import require_within
from placement.brokerage.duties import review_again
from placement.brokerage.locks import lock_homes
from placement.brokerage.moves import homes_ending_for, refuse_overlap
from placement.brokerage.reservations import require_length, require_start
from placement.domain.clocks import today
from placement.domain.errors import Invalid, NoLongerVacant, OutOfStep
from placement.domain.kinds import KIND
from placement.domain.limits import LONGEST_STAY
from placement.domain.people import Actor
from placement.domain.periods import Period, nights_in_words
from placement.domain.states import LIVE, THERE, PlacementState
from placement.domain.staying import STAYS_LONGER
from placement.matching.judging.starts import STARTS
from placement.planning.eligibility import refusals
from placement.records.availability import availability
from placement.records.events import record
from placement.records.placements import Placement
from placement.records.tasks import settle_task

VACANCY = ("nights", "pool")
FREELY_GIVEN = ("hold",)
"""What is held back for people still to come, a human may give."""


def change_dates(
    session: Session,
    placement: Placement,
    *,
    start_on: date,
    end_on: date | None,
    by: Actor,
    now: datetime,
    longer_reason: str | None = None,
) -> None:
    """Give a live stay other nights [start_on, end_on).

    Raises OutOfStep if the stay is over or ends because the person moves on, Invalid, naming the field, if the kind of
    referral or a rule forbids the nights, NoLongerVacant if a night is not free, and AlreadyPlaced if the person is
    somewhere else on one of them. A crisis stay that has begun may go on beyond the most nights of its kind, for a
    reason of LONGER.
    """
    _lock(session, placement)
    _require_changeable(placement)
    before, after, day = placement.period, Period(start_on, end_on), today(now)
    if after == before:
        raise Invalid("These are the dates that the stay has already.", field="end_on")
    is_long = _require_possible(placement, after, day, longer_reason)
    require_within(session, placement.referral, after, without=[placement.id])
    _require_free(session, placement, Period(max(start_on, day), end_on), now)
    homes = homes_ending_for(session, placement) if start_on != before.start else []
    _put(session, placement, after, homes, day)
    placement.longer_reason = longer_reason if is_long else None
    told = {"start": start_on.isoformat(), "end": _iso(end_on)}
    told |= {"was_start": before.start.isoformat(), "was_end": _iso(before.end)}
    told |= {"reason": longer_reason} if is_long else {}
    record(session, "stay_dates_changed", placement, by=by, now=now, **told)
    settle_task(session, "not_as_planned", placement, by=by, now=now)
    if placement.state in THERE:
        review_again(session, placement, by=by, now=now)
    for home in homes:
        was = before.start.isoformat()
        record(
            session, "stay_will_move_on", home, by=by, now=now,
            on=start_on.isoformat(), was=was, referral=placement.referral_id,
        )  # fmt: skip


def _require_changeable(placement: Placement) -> None:
    if placement.state not in LIVE:
        raise OutOfStep(f"This stay is {placement.state.label.lower()}, so its dates cannot be changed.")
    if placement.ends_for_referral_id is not None:
        raise OutOfStep("This stay ends because the person moves on. Change the first night of the next place instead.")
    if placement.state is PlacementState.NOTICE:
        raise OutOfStep("Notice is given for this stay. Take the notice back first.")


def _put(session: Session, placement: Placement, after: Period, homes: Sequence[Placement], day: date) -> None:
    """Give a stay its nights: the person is never in two places, not even between two statements."""
    is_earlier = after.start < placement.start_on
    if is_earlier:
        _follow(session, homes, after.start, day)
    placement.start_on, placement.end_on = after.start, after.end
    placement.seen_there_on = placement.as_planned_on = None
    _flush(session)
    if not is_earlier:
        _follow(session, homes, after.start, day)


def _lock(session: Session, placement: Placement) -> None:
    """Keep everybody else from the person, from every unit that a change touches, and from the stay."""
    lock_homes(session, [placement.person_id])
    session.refresh(placement, with_for_update=True)


def _require_possible(placement: Placement, after: Period, day: date, longer_reason: str | None) -> bool:
    """Return whether the stay becomes longer than its kind allows, for a reason."""
    kind = KIND[placement.referral.kind]
    if placement.state in THERE:
        if after.start != placement.start_on:
            raise Invalid("The person has arrived, so the first night cannot be changed.", field="start_on")
        if after.end is not None and after.end <= day:
            raise Invalid("Enter a day to come. If the person has left, record the departure.", field="end_on")
    else:
        require_start(after.start, day)
    is_crisis = placement.state in THERE and kind.has_exit_review
    if is_crisis and after.nights is not None and after.nights > kind.most_nights:
        if longer_reason not in STAYS_LONGER:
            raise Invalid(
                f"A {kind.label.lower()} stay has {kind.most_nights} nights at most. Choose why this one is longer, or "
                "enter an earlier day.",
                field="longer_reason",
            )
        require_length(after.nights, replace(kind, max_nights=LONGEST_STAY), field="end_on")
        return True
    require_length(after.nights, kind, field="end_on")
    return False


def _require_free(session: Session, placement: Placement, nights: Period, now: datetime) -> None:
    """Ask the rules about nights, and no other: who is in a place is not asked again whether it suits."""
    refused = refusals(session, placement.referral, placement.unit, now=now, nights=nights, without=[placement.id])
    told = {slug: words for slug, words in refused.items() if slug in STARTS and slug not in FREELY_GIVEN}
    if not told:
        return
    slug, words = next(iter(told.items()))
    if slug in VACANCY:
        known = availability(session, [placement.unit_id], day=today(now), without=[placement.id])
        full = nights_in_words(known.full(placement.unit_id, nights.start, nights.end)) or "some of these nights"
        raise NoLongerVacant(f"{placement.unit.service.name} has no free place on {full}.")
    raise Invalid(f"The stay cannot have these nights. {words[0].upper()}{words[1:]}.", field="end_on")


def _follow(session: Session, homes: Sequence[Placement], day_of_move: date, day: date) -> None:
    """The stays that the person moves from end on the day of the move, whenever that is."""
    for home in homes:
        if home.end_on is not None and day_of_move > home.end_on:
            known = availability(session, [home.unit_id], day=day, without=[home.id])
            if not known.bookable(home.unit_id, home.end_on, day_of_move):
                raise NoLongerVacant(
                    f"The person’s present place at {home.unit.service.name} is promised to somebody else from "
                    f"{home.end_on:%-d %B %Y}, so the move cannot be later."
                )
        home.end_on = day_of_move
        _flush(session)


def _flush(session: Session) -> None:
    try:
        session.flush()
    except IntegrityError as error:
        refuse_overlap(error)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
