"""Referrals: beginning, submitting, holding and withdrawing, and finding them again."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import literal
from sqlalchemy.orm import Session, joinedload, selectinload

from placement.brokerage.answered import mark_answered, missing, require_draft
from placement.brokerage.deadlines import place_due, reply_due
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
from placement.brokerage.series import require_no_stays
from placement.domain.clocks import today
from placement.domain.errors import Invalid, OutOfStep
from placement.domain.kinds import KIND
from placement.domain.people import ADULT, Actor, age_on
from placement.records.base import Instant
from placement.records.events import record
from placement.records.lifecycles import move
from placement.records.referrals import Referral
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
    if lacking := missing(referral):
        raise OutOfStep(f"Answer these sections first: {', '.join(section.label for section in lacking)}.")
    if referral.latest_on is not None and referral.latest_on < today(now):
        raise OutOfStep("The last start date has passed. Answer “Dates and urgency” again first.")
    if referral.earliest_on is not None and age_on(referral.person.born_on, referral.earliest_on) < ADULT:
        raise OutOfStep(
            f"This person is not {ADULT} yet on the first possible start. Answer “Dates and urgency” again first."
        )
    referral.submitted_at = now
    referral.reply_by = reply_due(referral, now)
    referral.place_by = place_due(referral, now)
    apply_said(session, referral, by=by, now=now)
    referral.ward_code = referral.person.ward_code
    move(session, referral, "submit", by=by, now=now, kind=referral.kind)


def put_on_hold(session: Session, referral: Referral, *, by: Actor, now: datetime) -> None:
    """Take a referral out of the search for now; nobody who was asked needs to answer any more."""
    lock_referral(session, referral)
    move(session, referral, "put_on_hold", by=by, now=now)
    end_offers(session, referral, by=by, now=now)
    end_hold(session, referral, None, by=by, now=now)


def resume_referral(session: Session, referral: Referral, *, by: Actor, now: datetime) -> None:
    """Bring a referral on hold back into the search. Raises OutOfStep if it is not on hold."""
    lock_referral(session, referral)
    move(session, referral, "resume", by=by, now=now)  # one with a place comes back by losing its place, never so


def withdraw_referral(session: Session, referral: Referral, *, reason: str, by: Actor, now: datetime) -> None:
    """End a referral that is no longer needed."""
    lock_referral(session, referral)
    require_no_stays(session, referral)
    move(session, referral, "withdraw", by=by, now=now)
    end_offers(session, referral, by=by, now=now)
    end_hold(session, referral, None, by=by, now=now)
    referral.closed_at, referral.closed_reason = now, reason[:40]


def referral(session: Session, referral_id: int, *, actor: Actor) -> Referral:
    """Return one referral. Raises NotFound."""
    return one(session, visible_referrals(actor).where(Referral.id == referral_id).options(*DEEP), "referral")
