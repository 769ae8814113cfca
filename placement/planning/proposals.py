"""What runs propose: the questions about proposals, and a proposal’s own moves. `deciding` says what follows."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from placement.domain.people import Actor
from placement.domain.states import UNDECIDED, RunState
from placement.records.lifecycles import move
from placement.records.providers import Unit
from placement.records.runs import MatchRun, Proposal
from placement.records.visibility import one, visible_proposals


def undecided(actor: Actor) -> Select[Proposal]:
    """Return the proposals that an actor may see and that nobody has accepted or rejected, of whatever run."""
    return visible_proposals(actor).where(Proposal.state.in_(UNDECIDED))


def newest_undecided(actor: Actor) -> Select[Proposal]:
    """Return what the newest finished run proposes and nobody has accepted or rejected."""
    newest = select(func.max(MatchRun.id)).where(MatchRun.state == RunState.FINISHED).scalar_subquery()
    return undecided(actor).where(Proposal.run_id == newest)


def newest_proposals(session: Session, referral_ids: Collection[int], *, actor: Actor) -> dict[int, Proposal]:
    """Return what the newest finished run proposes for these and nobody has decided; referral id → proposal."""
    deep = joinedload(Proposal.unit).joinedload(Unit.service)
    rows = newest_undecided(actor).where(Proposal.referral_id.in_(referral_ids))
    return {each.referral_id: each for each in session.scalars(rows.options(deep))}


def proposed_units(session: Session, unit_ids: Collection[int], *, actor: Actor) -> dict[int, list[str]]:
    """Return for whom the newest finished run proposes these units: references by the unit's id."""
    rows = newest_undecided(actor).where(Proposal.unit_id.in_(unit_ids)).options(joinedload(Proposal.referral))
    found: dict[int, list[str]] = {}
    for each in session.scalars(rows.order_by(Proposal.id)):
        found.setdefault(each.unit_id, []).append(each.referral.reference or "")
    return found


def proposal(session: Session, run_id: int, proposal_id: int, *, actor: Actor) -> Proposal:
    """Return one proposal of a run. Raises NotFound."""
    rows = visible_proposals(actor).where(Proposal.id == proposal_id, Proposal.run_id == run_id)
    return one(session, rows.options(selectinload(Proposal.referral)), "proposal")


def decide_proposal(
    session: Session, proposal: Proposal, verb: str, *, reason: str = "", by: Actor, now: datetime
) -> None:
    """Move a proposal as the verb says, and keep who decided and why. Raises OutOfStep if it was decided before."""
    session.refresh(proposal, ["state"], with_for_update=True)
    move(session, proposal, verb, by=by, now=now, referral=proposal.referral_id)
    proposal.decided_at, proposal.decided_by, proposal.decision_reason = now, by.name, reason


def undecide_proposal(session: Session, proposal: Proposal, verb: str, *, by: Actor, now: datetime) -> None:
    """Take a decision back: the proposal is to be decided again. Raises OutOfStep if there is none to take back."""
    session.refresh(proposal, ["state"], with_for_update=True)
    move(session, proposal, verb, by=by, now=now, referral=proposal.referral_id)
    proposal.decided_at, proposal.decided_by, proposal.decision_reason = None, "", ""
