"""A broker rules a place out for somebody, with a reason, and lets it be proposed again."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from placement.brokerage.locks import lock_referral
from placement.domain.errors import Invalid
from placement.domain.people import Actor
from placement.domain.reasons import RULING
from placement.records.events import record
from placement.records.holds import RuledOut
from placement.records.referrals import Referral


def rule_out(
    session: Session, referral: Referral, unit_id: int, *, reason: str, note: str = "", by: Actor, now: datetime
) -> None:
    """Keep a place from being proposed for somebody until that is undone; what is ruled out already stays so.

    Raises Invalid, naming the field, for a reason that is not in the table, or where "other" comes without a note.
    """
    if reason not in RULING:
        raise Invalid("Choose why this place is not for this person.", field="reason")
    if reason == "other" and not note:
        raise Invalid("Say why this place is not for this person.", field="note")
    lock_referral(session, referral)
    if _ruling(session, referral, unit_id) is None:
        ruling = RuledOut(
            referral_id=referral.id, unit_id=unit_id, reason=reason, note=note, ruled_by=by.name, ruled_at=now,
            council=referral.council,
        )  # fmt: skip
        session.add(ruling)
        record(session, "pair_ruled_out", referral, by=by, now=now, unit=unit_id, reason=reason)


def put_back(session: Session, referral: Referral, unit_id: int, *, by: Actor, now: datetime) -> None:
    """Let a place be proposed again that was ruled out, or whose provider has said no."""
    lock_referral(session, referral)
    if ruling := _ruling(session, referral, unit_id):
        ruling.undone_at, ruling.undone_by = now, by.name
    record(session, "pair_put_back", referral, by=by, now=now, unit=unit_id)


def _ruling(session: Session, referral: Referral, unit_id: int) -> RuledOut | None:
    pair = (RuledOut.referral_id == referral.id, RuledOut.unit_id == unit_id, RuledOut.undone_at.is_(None))
    return session.scalars(select(RuledOut).where(*pair).with_for_update()).one_or_none()
