"""Referrals: beginning, submitting, holding and withdrawing, and finding them again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from sqlalchemy import literal
from sqlalchemy.orm import Session, joinedload, selectinload

from placement.brokerage.answered import lacking, mark_answered, require_draft
from placement.brokerage.choices import stand_by_choice
from placement.brokerage.deadlines import place_due, reply_due, set_clocks
from placement.brokerage.holds import end_hold
from placement.brokerage.locks import lock_referral
from placement.brokerage.offers.ending import end_offers
from placement.brokerage.people import (
    NOTHING_SAID,
    Confirmed,
    PersonAnswers,
    apply_said,
    known_person,
    say_of_person,
)
from placement.domain.clocks import today
from placement.domain.errors import Invalid, OutOfStep
from placement.domain.kinds import KIND
from placement.domain.people import ADULT, Actor, age_on
from placement.domain.states import ReferralState
from placement.records.base import Instant
from placement.records.events import record
from placement.records.lifecycles import move
from placement.records.referrals import Referral
from placement.records.tasks import drop_task
from placement.records.visibility import one, visible_referrals

NEVER = literal(datetime(9999, 1, 1, tzinfo=UTC), Instant())  # a referral without a deadline stands last
LISTED = (joinedload(Referral.person), selectinload(Referral.needs))
DEEP = (
    selectinload(Referral.person),
    selectinload(Referral.needs),
    selectinload(Referral.avoided),
    selectinload(Referral.apart),
    selectinload(Referral.declines),
    selectinload(Referral.types),
    selectinload(Referral.dangers),
    selectinload(Referral.pen),
    selectinload(Referral.answered),
)


def start_referral(
    session: Session,
    kind: str,
    answers: PersonAnswers,
    *,
    by: Actor,
    now: datetime,
    confirmed: Confirmed = NOTHING_SAID,
) -> Referral:
    """Begin a draft for a person. Raises Invalid for a kind that is not in the table.

    Raises Recognised for somebody who is on record, or may be, until `confirmed` says who it is; what the answers say
    of such a person counts from the submission on.
    """
    if kind not in KIND:
        raise Invalid("Choose what kind of place is needed.", field="kind")
    person = known_person(session, answers, by=by, now=now, confirmed=confirmed)
    referral = Referral(person=person, kind=kind, created_at=now, created_by_id=by.user_id)
    session.add(referral)
    session.flush()
    referral.reference = f"RF-{referral.id:05}"
    say_of_person(referral, answers)
    mark_answered(referral, "person", by=by, now=now)
    record(session, "referral_begun", referral, by=by, now=now, kind=kind)
    return referral


def submit_referral(session: Session, referral: Referral, *, by: Actor, now: datetime) -> None:
    """Start the search and its clocks. Raises OutOfStep while a section is unanswered or its dates have passed."""
    require_draft(referral)
    require_complete(referral, now=now)
    referral.submitted_at = now
    referral.reply_by = reply_due(referral, now)
    referral.place_by = place_due(referral, now)
    apply_said(session, referral, by=by, now=now)
    referral.ward_code = referral.person.ward_code
    move(session, referral, "submit", by=by, now=now, kind=referral.kind)


def require_complete(referral: Referral, *, now: datetime) -> None:
    """Raise OutOfStep while a section is unanswered or the dates of a referral have passed."""
    if needed := lacking(referral):
        raise OutOfStep(f"Answer these sections first: {', '.join(section.label for section in needed)}.")
    if referral.latest_on is not None and referral.latest_on < today(now):
        raise OutOfStep("The last start date has passed. Answer “Dates and urgency” again first.")
    if referral.earliest_on is not None and age_on(referral.person.born_on, referral.earliest_on) < ADULT:
        raise OutOfStep(
            f"This person is not {ADULT} yet on the first possible start. Answer “Dates and urgency” again first."
        )


def put_on_hold(session: Session, referral: Referral, *, by: Actor, now: datetime) -> None:
    """Take a referral out of the search for now; nobody who was asked needs to answer any more."""
    lock_referral(session, referral)
    move(session, referral, "put_on_hold", by=by, now=now)
    leave_search(session, referral, by=by, now=now)


def resume_referral(session: Session, referral: Referral, *, by: Actor, now: datetime) -> None:
    """Bring a referral on hold back into the search. Raises OutOfStep if it is not on hold."""
    lock_referral(session, referral)
    move(session, referral, "resume", by=by, now=now)  # one with a place comes back by losing its place, never so
    stand_by_choice(session, referral, by=by, now=now)
    set_clocks(session, referral)


def withdraw_referral(session: Session, referral: Referral, *, reason: str, by: Actor, now: datetime) -> None:
    """End a referral that is no longer needed."""
    lock_referral(session, referral)
    move(session, referral, "withdraw", by=by, now=now)
    leave_search(session, referral, by=by, now=now)
    for kind in ("complete_missing", "complete_referral"):
        drop_task(session, kind, referral, by=by, now=now)
    referral.closed_at, referral.closed_reason = now, reason[:40]


def find_no_option(
    session: Session, referral: Referral, causes: Mapping[str, int], *, by: Actor, now: datetime
) -> None:
    """Say that no option is found, and what stood in the way: how many places each rule was the first to refuse.

    It is matched all the same: a place that fits later is told as an alert.
    """
    lock_referral(session, referral)
    move(session, referral, "find_no_option", by=by, now=now, causes=dict(causes))


def search_on(session: Session, referral: Referral, *, by: Actor, now: datetime) -> None:
    """Take back that no option was found. Raises OutOfStep in any other state."""
    lock_referral(session, referral)
    if referral.state is not ReferralState.NO_OPTION:
        raise OutOfStep("The search goes on already.")
    move(session, referral, "search_on", by=by, now=now)


def leave_search(session: Session, referral: Referral, *, by: Actor, now: datetime) -> None:
    """Nobody who was asked needs to answer any more, and no place is held; the caller holds the referral's lock."""
    end_offers(session, referral, by=by, now=now)
    end_hold(session, referral, None, by=by, now=now)


def referral(session: Session, referral_id: int, *, actor: Actor) -> Referral:
    """Return one referral. Raises NotFound."""
    return one(session, visible_referrals(actor).where(Referral.id == referral_id).options(*DEEP), "referral")
