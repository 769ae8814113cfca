"""A new referral that is filled in from another: for a way back to the city, or for what comes after a crisis stay."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from placement.brokerage.answered import mark_answered
from placement.brokerage.locks import lock_stay
from placement.domain.clocks import today
from placement.domain.errors import OutOfStep
from placement.domain.kinds import MOVE_ON, Kind
from placement.domain.people import Actor
from placement.domain.sections import SECTIONS
from placement.domain.states import THERE, UNSETTLED, ReferralState
from placement.records.events import record
from placement.records.placements import Placement
from placement.records.referrals import Referral, ReferralNeed, ReferralType
from placement.records.sections import RisksSection

UNDER_WAY = (ReferralState.DRAFT, *UNSETTLED)


def filled_in_from(
    session: Session, was: Referral, kind: Kind, *, earliest_on: date, by: Actor, now: datetime
) -> Referral:
    """Begin a referral of a kind with what another one asked for, every section of it answered; it is a draft."""
    new = Referral(
        person=was.person,
        kind=kind.slug,
        created_at=now,
        created_by_id=by.user_id,
        near_postcode=was.near_postcode,
        near_lat=was.near_lat,
        near_lon=was.near_lon,
        max_miles=was.max_miles,
        budget_weekly_pence=was.budget_weekly_pence,
        earliest_on=earliest_on,
        latest_on=earliest_on + timedelta(days=kind.window_days),
        needs=[ReferralNeed(slug=each.slug, strength=each.strength) for each in was.needs],
        types=[ReferralType(slug=each.slug, wish=each.wish) for each in was.types],
        avoided=list(was.avoided),
        apart=list(was.apart),
    )
    session.add(new)
    session.flush()
    new.reference = f"RF-{new.id:05}"
    new.near_who, new.persons_words, new.funding = was.near_who, was.persons_words, was.funding
    if said := was.dangers:
        new.dangers = RisksSection(risks=said.risks, legal=said.legal, note=said.note)
    for section in SECTIONS:
        mark_answered(new, section.slug, by=by, now=now)
    record(session, "referral_begun", new, by=by, now=now, kind=new.kind)
    return new


def refer_on(session: Session, stay: Placement, *, by: Actor, now: datetime) -> Referral:
    """Begin a move-on referral for somebody whose stay ends, or return the one that is under way.

    It is a draft until a human has checked it and sends it. Raises OutOfStep where the person is not there.
    """
    lock_stay(session, stay)
    if stay.state not in THERE:
        raise OutOfStep("This person does not live there.")
    rows = select(Referral).where(
        Referral.person_id == stay.person_id, Referral.kind == MOVE_ON.slug, Referral.state.in_(UNDER_WAY)
    )
    if known := session.scalars(rows.order_by(Referral.id.desc())).first():
        return known
    day = max(today(now), stay.end_on or today(now))
    new = filled_in_from(session, stay.referral, MOVE_ON, earliest_on=day, by=by, now=now)
    new.assigned_to_id, new.team_id = stay.referral.assigned_to_id, stay.referral.team_id
    return new
