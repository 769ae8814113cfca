"""What a stay asks of brokerage by a time: one row a duty. They come with a step of the stay and go when it is over."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy.orm import Session

from placement.domain.clocks import LONDON, deadline
from placement.domain.kinds import KIND, WorkingDays
from placement.domain.people import SYSTEM, Actor
from placement.domain.reasons import OUT_OF_CITY_REASON
from placement.records.placements import Placement
from placement.records.settings import number
from placement.records.tasks import ask_for, drop_tasks, settle_task

NINE = time(9)
WITHIN = WorkingDays(days=1)  # to sign a place off and to tell the host council. [G]
REVIEWED_AFTER = timedelta(days=42)  # of a stay outside the city: the first review. [G]
EXIT_REVIEW_BEFORE = timedelta(days=3)  # of a crisis stay, before it ends: time to find what comes next. [G]
RESERVED, CONFIRMED, ARRIVED, AWAY, NOTICE = "reserved", "confirmed", "arrived", "away", "notice"


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """One task that a stay brings with it at a step: for which stays, by when, and whose it is."""

    task: str
    step: str
    concerns: Callable[[Placement], bool]
    due_at: Callable[[Session, Placement, datetime], datetime]
    whose: Callable[[Placement], int | None] = lambda stay: stay.referral.assigned_to_id


def _needs_sign_off(stay: Placement) -> bool:
    reason = OUT_OF_CITY_REASON.get(stay.out_of_city_reason or "")
    return not stay.is_in_city and reason is not None and not reason.by_choice and stay.manager_id is not None


def _at_nine(day: date) -> datetime:
    return datetime.combine(day, NINE, tzinfo=LONDON).astimezone(UTC)


def _exit_review(_: Session, stay: Placement, now: datetime) -> datetime:
    return max(now, _at_nine(stay.end_on - EXIT_REVIEW_BEFORE)) if stay.end_on else now


def _absence_review(session: Session, stay: Placement, now: datetime) -> datetime:
    after = timedelta(days=number(session, "absence_review_days"))
    return max(now, _at_nine((stay.away_since or stay.start_on) + after))


DUTIES = (
    Duty(
        task="sign_off",
        step=RESERVED,
        concerns=lambda stay: _needs_sign_off(stay) and stay.signed_off_at is None,
        due_at=lambda _, __, now: deadline(now, WITHIN),
        whose=lambda stay: stay.manager_id,
    ),
    Duty(
        task="notify_host",
        step=RESERVED,
        concerns=lambda stay: not stay.is_in_city and stay.host_notified_at is None,
        due_at=lambda _, __, now: deadline(now, WITHIN),
    ),
    Duty(
        task="release_pack",
        step=CONFIRMED,
        concerns=lambda _: True,
        due_at=lambda _, stay, now: max(now, min(deadline(now, WITHIN), _at_nine(stay.start_on))),
    ),
    Duty(
        task="review_out_of_city",
        step=ARRIVED,
        concerns=lambda stay: not stay.is_in_city,
        due_at=lambda _, stay, now: max(now, _at_nine(stay.start_on + REVIEWED_AFTER)),
    ),
    Duty(
        task="exit_review",
        step=ARRIVED,
        concerns=lambda stay: KIND[stay.referral.kind].has_exit_review and stay.end_on is not None,
        due_at=_exit_review,
    ),
    Duty(
        task="review_absence",
        step=AWAY,
        concerns=lambda stay: stay.away_since is not None,
        due_at=_absence_review,
    ),
    Duty(
        task="find_next",
        step=NOTICE,
        concerns=lambda stay: stay.notice_on is not None,
        due_at=lambda _, __, now: deadline(now, WITHIN),
    ),
)


def begin_duties(
    session: Session, stay: Placement, step: str, *, now: datetime, only: Collection[str] | None = None
) -> None:
    """Ask for what a stay brings with it at a step, or for some of it."""
    for duty in DUTIES:
        if duty.step == step and duty.concerns(stay) and (only is None or duty.task in only):
            due_at, whose = duty.due_at(session, stay, now), duty.whose(stay)
            ask_for(session, duty.task, stay, due_at=due_at, by=SYSTEM, now=now, assigned_to_id=whose)


def end_step(session: Session, stay: Placement, step: str, *, by: Actor, now: datetime) -> None:
    """Ask no more for what a step brought with it: it was taken back, or is over."""
    drop_tasks(session, [duty.task for duty in DUTIES if duty.step == step], stay, by=by, now=now)


def review_again(session: Session, stay: Placement, *, by: Actor, now: datetime) -> None:
    """A crisis stay has another end: its review is done, and the next one comes before the new end."""
    settle_task(session, "exit_review", stay, by=by, now=now)
    begin_duties(session, stay, ARRIVED, now=now, only=("exit_review",))


def end_duties(session: Session, stay: Placement, *, by: Actor, now: datetime) -> None:
    """Ask for nothing more: the stay is over, or was never begun."""
    drop_tasks(session, [*(duty.task for duty in DUTIES), "sent_back", "not_as_planned"], stay, by=by, now=now)
