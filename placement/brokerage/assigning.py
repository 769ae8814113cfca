"""Whose a referral is: taking it, handing it over with a note, and what brokerage writes down about it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from placement.domain.errors import Invalid
from placement.domain.people import Actor, Role
from placement.domain.text import plain
from placement.records.events import record
from placement.records.notes import LONGEST_NOTE, CaseNote
from placement.records.referrals import Referral
from placement.records.users import Team, User
from placement.records.visibility import visible_referrals

MOST_AT_ONCE = 50
"""As many as a page of the work list holds."""


def brokers(session: Session) -> Sequence[User]:
    """Return everybody of brokerage who can sign in, by name."""
    rows = select(User).where(User.role == Role.BROKER, User.is_active).order_by(User.name, User.id)
    return session.scalars(rows).all()


def teams(session: Session) -> Sequence[Team]:
    """Return the teams of brokerage by name."""
    return session.scalars(select(Team).order_by(Team.name, Team.id)).all()


def hand_over(
    session: Session,
    referrals: Collection[Referral],
    to: User | None,
    *,
    team: Team | None = None,
    note: str = "",
    by: Actor,
    now: datetime,
) -> int:
    """Give referrals to somebody, to a team, or to nobody; return how many were not theirs already.

    Somebody's referral is their team's too. A note stands on each. Raises Invalid for somebody who is not of brokerage.
    """
    if to is not None and (to.role is not Role.BROKER or not to.is_active):
        raise Invalid("Choose somebody who works in brokerage.", field="to")
    assigned, team_id = (to.id, to.team_id) if to else (None, team.id if team else None)
    words, given = plain(note, lines=True), 0
    for referral in sorted(referrals, key=lambda each: each.id):
        session.refresh(referral, with_for_update=True)
        was, was_team = referral.assigned_to_id, referral.team_id
        if (was, was_team) != (assigned, team_id):
            referral.assigned_to_id, referral.team_id = assigned, team_id
            record(session, "referral_assigned", referral, by=by, now=now, to=assigned, was=was, team=team_id)
            given += 1
        if words:
            write_note(session, referral, words, by=by, now=now)
    return given


def write_note(session: Session, referral: Referral, words: str, *, by: Actor, now: datetime) -> CaseNote:
    """Write something down about a referral. Raises Invalid for nothing, and for too much."""
    text = plain(words, lines=True)
    if not text:
        raise Invalid("Enter a note.", field="words")
    if len(text) > LONGEST_NOTE:
        raise Invalid(f"Enter at most {LONGEST_NOTE:,} characters.", field="words")
    note = CaseNote(referral_id=referral.id, words=text, written_at=now, written_by=by.name, council=referral.council)
    session.add(note)
    session.flush()
    record(session, "note_written", referral, by=by, now=now, note=note.id)
    return note


def notes_of(session: Session, referral: Referral) -> Sequence[CaseNote]:
    """Return the notes on a referral, newest first."""
    return session.scalars(
        select(CaseNote).where(CaseNote.referral_id == referral.id).order_by(CaseNote.id.desc())
    ).all()


def chosen(session: Session, ids: Collection[int], *, actor: Actor) -> Sequence[Referral]:
    """Return the referrals with these numbers that an actor may see, at most a page of them."""
    some = sorted(set(ids))[:MOST_AT_ONCE]
    return session.scalars(visible_referrals(actor).where(Referral.id.in_(some)).order_by(Referral.id)).all()
