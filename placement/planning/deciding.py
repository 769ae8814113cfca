"""What a person decides about a proposal, and what follows: the place is held, ruled out, or proposed again.

Only what the newest run proposes can be decided: an older one shows what was proposed then.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from placement.brokerage.holding import hold_place
from placement.brokerage.holds import end_hold, expire_holds, hold_of
from placement.brokerage.locks import lock_referral
from placement.brokerage.reservations import Decision
from placement.brokerage.ruling import put_back, rule_out
from placement.domain.errors import OutOfStep
from placement.domain.people import SYSTEM, Actor
from placement.domain.periods import Period
from placement.domain.reasons import RULING
from placement.domain.states import ProposalState
from placement.planning.proposals import decide_proposal, undecide_proposal
from placement.planning.runs import newest_finished
from placement.records.holds import PlaceHold
from placement.records.referrals import Referral
from placement.records.runs import Proposal


def hold_proposal(session: Session, proposal: Proposal, *, length: str, by: Actor, now: datetime) -> PlaceHold:
    """Decide later: the place is held for the person meanwhile. Raises what `hold_place` raises."""
    _require_newest(session, proposal, by=by)
    nights = Period.lasting(proposal.start_on, proposal.referral.nights)
    wanted = Decision(start_on=nights.start, end_on=nights.end)
    hold = hold_place(session, proposal.referral, proposal.unit, wanted, length=length, by=by, now=now)
    decide_proposal(session, proposal, "defer", by=by, now=now)
    return hold


def reject_proposal(
    session: Session, proposal: Proposal, *, reason: str, note: str = "", by: Actor, now: datetime
) -> None:
    """Say no for a reason: this place is not proposed for this person until that is undone."""
    _require_newest(session, proposal, by=by)
    lock_referral(session, proposal.referral)
    rule_out(session, proposal.referral, proposal.unit_id, reason=reason, note=note, by=by, now=now)
    if proposal.state is ProposalState.DEFERRED:
        end_hold(session, proposal.referral, None, by=by, now=now)
    words = RULING[reason].label + (f": {note}" if note else "")
    decide_proposal(session, proposal, "reject", reason=words, by=by, now=now)


def reopen_proposal(session: Session, proposal: Proposal, *, by: Actor, now: datetime) -> None:
    """Take back a hold or a rejection: the proposal is to be decided again, and what was ruled out fits again."""
    _require_newest(session, proposal, by=by)
    lock_referral(session, proposal.referral)
    if proposal.state is ProposalState.DEFERRED:
        end_hold(session, proposal.referral, None, by=by, now=now)
        undecide_proposal(session, proposal, "come_back", by=by, now=now)
    else:
        undecide_proposal(session, proposal, "put_back", by=by, now=now)
        put_back(session, proposal.referral, proposal.unit_id, by=by, now=now)


def let_go(session: Session, referral: Referral, *, by: Actor, now: datetime) -> None:
    """Let the place go that is held for a referral; one that a run has proposed is to be decided again.

    Raises OutOfStep if nothing is held.
    """
    lock_referral(session, referral)
    hold = hold_of(session, referral)
    if hold is None:
        raise OutOfStep("No place is held for this person any more.")
    end_hold(session, referral, None, by=by, now=now)
    come_back(session, [hold], now=now)


def end_holds(session: Session, *, now: datetime) -> int:
    """Let every place go whose time is over; what was to be decided later is to be decided now. Return how many."""
    ended = expire_holds(session, by=SYSTEM, now=now)
    come_back(session, ended, now=now)
    return len(ended)


def come_back(session: Session, holds: Iterable[PlaceHold], *, now: datetime) -> None:
    """Put the proposals back to be decided whose places are held no more."""
    pairs = {(hold.referral_id, hold.unit_id) for hold in holds}
    referrals = {referral for referral, _ in pairs}
    rows = select(Proposal).where(Proposal.state == ProposalState.DEFERRED, Proposal.referral_id.in_(referrals))
    for proposal in session.scalars(rows.order_by(Proposal.id)) if pairs else ():
        if (proposal.referral_id, proposal.unit_id) in pairs:
            undecide_proposal(session, proposal, "come_back", by=SYSTEM, now=now)


def _require_newest(session: Session, proposal: Proposal, *, by: Actor) -> None:
    newest = newest_finished(session, actor=by)
    if newest is not None and newest.id != proposal.run_id:
        raise OutOfStep(f"Run {newest.id} is newer than this one. Decide what it proposes.")
