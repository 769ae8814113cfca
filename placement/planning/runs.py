"""Match runs from request to proposals.

A run is claimed by UPDATE … RETURNING with a lease and a fencing token: a worker that died loses its run, and one that
was only slow cannot publish over its successor. Nothing is stored that the checker rejects, and what became untrue
while the solver worked is dropped with a reason.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session, joinedload

from placement.brokerage.holds import held_referrals, holds_of
from placement.domain.errors import OutOfStep
from placement.domain.lifecycles import RUN
from placement.domain.people import SYSTEM, Actor
from placement.domain.states import OPEN, UNDER_WAY, ProposalState, RunState
from placement.matching.explaining.rivals import Rival, rivals_of
from placement.matching.judging.check import check
from placement.matching.problem.documents import fingerprint, instance_document, plan_document
from placement.matching.problem.instance import Instance
from placement.matching.problem.plan import Match, Plan
from placement.planning.keys import unit_id_of
from placement.planning.outcomes import tell, write_outcome, write_rivals
from placement.planning.snapshot import open_instance
from placement.records.events import record
from placement.records.holds import PlaceHold
from placement.records.lifecycles import move
from placement.records.outcomes import ProposalQuestion, ProposalReason
from placement.records.pages import START, Key, Page, PlaceInList, page_of
from placement.records.referrals import Referral
from placement.records.runs import MatchRun, Proposal, RunDocuments
from placement.records.visibility import one, visible_runs

LEASE = timedelta(seconds=30)
MOST_ATTEMPTS = 3
HELD_BEFORE = "Held for this person when the place opened"


def request_run(session: Session, *, by: Actor, now: datetime, seconds: int = 60, seed: int = 0) -> MatchRun:
    """Ask for a run over all open referrals. Raises OutOfStep while another one waits or works."""
    if session.scalar(select(MatchRun.id).where(MatchRun.state.in_(UNDER_WAY)).limit(1)):
        raise OutOfStep("A match run is under way already. Wait for it, or cancel it first.")
    run = MatchRun(
        state=RunState.QUEUED,
        requested_at=now,
        requested_by_id=by.user_id,
        requester=by.name,
        budget_seconds=seconds,
        seed=seed,
    )
    session.add(run)
    record(session, "run_requested", run, by=by, now=now)
    return run


def request_cancel(session: Session, run: MatchRun, *, by: Actor, now: datetime) -> None:
    """Ask a run to stop. Raises OutOfStep if it has ended."""
    session.flush()
    session.refresh(run, ["state"], with_for_update=True)  # a worker may have taken it or ended it a moment ago
    if run.state is RunState.RUNNING:  # the worker stops it
        record(session, "run_cancelled", run, by=by, now=now)
    else:
        move(session, run, "cancel", by=by, now=now)
        run.finished_at = now
    run.cancel_requested = True


def claim_run(session: Session, run_id: int, *, now: datetime) -> str | None:
    """Take a waiting or abandoned run and return its fencing token; None if somebody else has it or it has ended."""
    token, claim = secrets.token_hex(16), RUN.moves["claim"]
    claimed = session.execute(
        update(MatchRun)
        .where(
            MatchRun.id == run_id,
            or_(
                MatchRun.state == RunState.QUEUED,
                (MatchRun.state == RunState.RUNNING) & (MatchRun.lease_until < now),
            ),
        )
        .values(
            state=claim.after,
            token=token,
            started_at=now,
            heartbeat_at=now,
            lease_until=now + LEASE,
            attempts=MatchRun.attempts + 1,
            progress=[],
        )
        .returning(MatchRun.attempts)
    ).scalar_one_or_none()
    if claimed is None:
        return None
    if claimed > MOST_ATTEMPTS:
        _claimed(session, run_id, token).attempts = MOST_ATTEMPTS
        fail_run(session, run_id, token, f"The worker stopped {MOST_ATTEMPTS} times while it was solving.", now=now)
        return None
    record(session, claim.event, _claimed(session, run_id, token), by=SYSTEM, now=now, attempt=claimed)
    return token


def snapshot_run(session: Session, run_id: int, token: str, *, now: datetime) -> Instance:
    """Keep the world as it is now with the run, and return it as the engine reads it."""
    run = _claimed(session, run_id, token)
    instance = open_instance(session, now=now)
    documents = session.get(RunDocuments, run_id) or RunDocuments(run_id=run_id)
    documents.instance, documents.plan = instance_document(instance), None
    session.add(documents)
    run.first_night, run.instance_sha256 = instance.first_night, fingerprint(instance)
    return instance


def beat(session: Session, run_id: int, token: str, progress: Sequence[dict[str, Any]], *, now: datetime) -> bool:
    """Say that the run is alive and how far it is; return whether it should go on."""
    run = session.get(MatchRun, run_id, with_for_update=True)
    if run is None or run.token != token or run.state is not RunState.RUNNING:
        return False
    run.heartbeat_at, run.lease_until, run.progress = now, now + LEASE, list(progress)
    return not run.cancel_requested


def publish_run(
    session: Session,
    run_id: int,
    token: str,
    instance: Instance,
    plan: Plan,
    *,
    now: datetime,
    rivals: Mapping[str, Sequence[Rival]] | None = None,
) -> None:
    """Store a plan and its proposals. Raises OutOfStep if the run was taken over, ValueError if the plan is unsound.

    What is held while somebody decides is proposed again as it was. `rivals` are `rivals_of` this plan, where they were
    worked out before the write began.
    """
    run = _claimed(session, run_id, token)
    if broken := check(instance, plan).violations:
        raise ValueError(f"the checker rejects the plan: {broken[0]}")
    documents = session.get_one(RunDocuments, run_id)
    documents.plan = plan_document(plan)
    held = held_referrals(session)
    for proposal in list(_carried(session, run, held)):
        session.add(proposal)
        session.flush()
        move(session, proposal, "defer", by=SYSTEM, now=now, referral=proposal.referral_id)
    open_now = {
        referral.reference: referral
        for referral in session.scalars(select(Referral).where(Referral.state.in_(OPEN)).order_by(Referral.id))
        if referral.id not in held
    }
    session.add_all(
        tell(_proposal(run, open_now[match.need], match), match) for match in plan.matches if match.need in open_now
    )
    write_outcome(session, run, instance, plan)
    write_rivals(session, run, rivals_of(instance, plan) if rivals is None else rivals)
    run.finished_at = now
    move(session, run, "finish", by=SYSTEM, now=now, proposals=len(plan.matches))


def fail_run(session: Session, run_id: int, token: str, reason: str, *, now: datetime) -> None:
    """End a run that could not be solved."""
    run = _claimed(session, run_id, token)
    run.failure, run.finished_at = reason[:2000], now
    move(session, run, "fail", by=SYSTEM, now=now)


def stop_run(session: Session, run_id: int, token: str, *, now: datetime) -> None:
    """End a run that was cancelled while it worked."""
    run = _claimed(session, run_id, token)
    run.finished_at = now
    move(session, run, "stop", by=SYSTEM, now=now)


def abandoned_runs(session: Session, *, now: datetime) -> Sequence[int]:
    """Return the runs that wait, or whose worker has fallen silent."""
    silent = (MatchRun.state == RunState.RUNNING) & (MatchRun.lease_until < now)
    rows = select(MatchRun.id).where(or_(MatchRun.state == RunState.QUEUED, silent))
    return session.scalars(rows.order_by(MatchRun.id)).all()


def runs(session: Session, *, actor: Actor, at: PlaceInList = START) -> Page[MatchRun]:
    """Return a page of the runs, newest first."""
    return page_of(session, visible_runs(actor), Key(column=MatchRun.id, is_descending=True), at=at)


def newest(session: Session, *, actor: Actor) -> MatchRun | None:
    """Return the run that was asked for last."""
    return session.scalars(visible_runs(actor).order_by(MatchRun.id.desc()).limit(1)).first()


def newest_finished(session: Session, *, actor: Actor) -> MatchRun | None:
    """Return the newest run that has an answer."""
    rows = visible_runs(actor).where(MatchRun.state == RunState.FINISHED)
    return session.scalars(rows.order_by(MatchRun.id.desc()).limit(1)).first()


def former_documents(session: Session, instance: Instance) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """Return the instance and the plan of the newest finished run, if its nights are numbered from the same day."""
    former = newest_finished(session, actor=SYSTEM)
    documents = former.documents if former and former.first_night == instance.first_night else None
    return (documents.instance, documents.plan) if documents and documents.plan else None


def run(session: Session, run_id: int, *, actor: Actor) -> MatchRun:
    """Return one run with its answer. Raises NotFound."""
    rows = visible_runs(actor).where(MatchRun.id == run_id)
    return one(session, rows.options(joinedload(MatchRun.answer)), "match run")


def _proposal(run: MatchRun, referral: Referral, match: Match) -> Proposal:
    first = run.first_night
    assert first is not None  # a run has a snapshot before it has a plan
    return Proposal(
        run=run,
        referral=referral,
        unit_id=unit_id_of(match.unit),
        start_on=first + timedelta(days=match.start),
    )


def _carried(session: Session, run: MatchRun, held: Collection[int]) -> Iterator[Proposal]:
    """Yield a run's proposals of the places that are held, each as it was made and put off before, if it was."""
    rows = select(Proposal).where(Proposal.state == ProposalState.DEFERRED, Proposal.referral_id.in_(held))
    newest = {each.referral_id: each for each in session.scalars(rows.order_by(Proposal.id))}
    for hold in holds_of(session, held).values():
        before = newest.get(hold.referral_id)
        if before is None or before.unit_id != hold.unit_id:
            yield _held_outside_a_run(run, hold)
            continue
        kept = ("referral_id", "unit_id", "start_on", "decided_at", "decided_by", "decision_reason")
        again = Proposal(run_id=run.id, state=ProposalState.PROPOSED, **{name: getattr(before, name) for name in kept})
        again.reasons = [ProposalReason(position=each.position, sentence=each.sentence) for each in before.reasons]
        again.questions = [ProposalQuestion(position=each.position, slug=each.slug) for each in before.questions]
        yield again


def _held_outside_a_run(run: MatchRun, hold: PlaceHold) -> Proposal:
    """Return what stands for a place that was held without a run having proposed it, as first refusal is."""
    return Proposal(
        run_id=run.id,
        state=ProposalState.PROPOSED,
        referral_id=hold.referral_id,
        unit_id=hold.unit_id,
        start_on=hold.start_on,
        decided_at=hold.held_at,
        decided_by=hold.held_by,
        reasons=[ProposalReason(position=0, sentence=HELD_BEFORE)],
    )


def _claimed(session: Session, run_id: int, token: str) -> MatchRun:
    run = session.get(MatchRun, run_id, with_for_update=True)
    if run is None or run.token != token or run.state is not RunState.RUNNING:
        raise OutOfStep("Another worker has taken this run over, or it was cancelled.")
    return run
