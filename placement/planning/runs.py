"""Match runs from request to proposals.

A worker has a run by a lease (`records.leases`). Nothing is stored that the checker rejects, and what became untrue
while the solver worked is dropped with a reason.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
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
from placement.planning.outcomes import proposed_stays, tell, write_outcome, write_rivals
from placement.planning.reading import planned_stays
from placement.planning.snapshot import open_instance
from placement.records.events import record
from placement.records.holds import PlaceHold
from placement.records.leases import Leases
from placement.records.lifecycles import move
from placement.records.outcomes import ProposalQuestion, ProposalReason
from placement.records.pages import START, Key, Page, PlaceInList, page_of
from placement.records.referrals import Referral
from placement.records.runs import MatchRun, Proposal, RunDocuments
from placement.records.visibility import one, visible_runs

RUNS = Leases(table=MatchRun, lifecycle=RUN, name="run", doing="solving")
claim_run, beat, request_cancel = RUNS.claim, RUNS.beat, RUNS.cancel
fail_run, stop_run, abandoned_runs = RUNS.fail, RUNS.stop, RUNS.waiting
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


def snapshot_run(session: Session, run_id: int, token: str, *, now: datetime) -> Instance:
    """Keep the world as it is now with the run, and return it as the engine reads it."""
    run = RUNS.claimed(session, run_id, token)
    instance = open_instance(session, now=now)
    documents = session.get(RunDocuments, run_id) or RunDocuments(run_id=run_id)
    documents.instance, documents.plan = instance_document(instance), None
    session.add(documents)
    run.first_night, run.instance_sha256 = instance.first_night, fingerprint(instance)
    return instance


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
    run = RUNS.claimed(session, run_id, token)
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
    session.add_all(_proposals(session, run, plan, open_now))
    write_outcome(session, run, instance, plan)
    write_rivals(session, run, rivals_of(instance, plan) if rivals is None else rivals)
    run.finished_at = now
    move(session, run, "finish", by=SYSTEM, now=now, proposals=len(plan.matches))


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


def _proposals(
    session: Session, run: MatchRun, plan: Plan, open_now: Mapping[str | None, Referral]
) -> Iterator[Proposal]:
    """Yield a proposal for each referral that has a match; of a series with what was found for each stay."""
    assert run.first_night is not None  # a run has a snapshot before it has a plan
    matches: dict[str, list[Match]] = {}
    for match in sorted(plan.matches, key=lambda each: each.start):
        if match.need in open_now:
            matches.setdefault(match.need, []).append(match)
    stays = planned_stays(session, [open_now[need] for need in matches], run.first_night)
    for need, found in matches.items():
        told = proposed_stays(stays.get(open_now[need].id, ()), found, run.first_night)
        if told and all(stay.unit_id is None for stay in told):
            continue  # each stay that the run found a place for has been given one since
        first = next((stay.start_on for stay in told if stay.start_on), None)
        of_first = next((match for match in found if first == run.first_night + timedelta(days=match.start)), found[0])
        proposal = tell(_proposal(run, open_now[need], of_first), of_first)
        proposal.stays = told
        yield proposal


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
