import dataclasses
import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from placement.domain.errors import NotFound, OutOfStep
from placement.domain.people import SYSTEM, Actor, Role
from placement.domain.states import ProposalState, ReferralState, RunState
from placement.matching.judging.check import check
from placement.matching.judging.rules import CAUSES
from placement.matching.problem.documents import fingerprint, instance_document, plan_document, read_instance, read_plan
from placement.matching.problem.plan import Match
from placement.matching.tiers.solving import solve
from placement.planning import proposals, runs
from placement.planning.outcomes import cause_sentence
from placement.planning.run_table import run_page
from placement.records.leases import LEASE, MOST_ATTEMPTS
from placement.records.runs import MatchRun, Proposal, RunDocuments
from tests.brokerage.worlds import BROKER, RUGBY, story
from tests.builders import a_referral, a_service, a_unit, night
from tests.conftest import NOW

DOING = {"by": BROKER, "now": NOW}
LATER = NOW + LEASE + timedelta(seconds=1)


def asked(session, **values):
    return runs.request_run(session, **DOING, **values)


def claimed(session, **values):
    run = asked(session, **values)
    token = runs.claim_run(session, run.id, now=NOW)
    return fresh(session, run), token


def fresh(session, run):
    """Return the run as the database has it."""
    session.flush()
    session.refresh(run)
    return run


def solved(session):
    """Return a run that is held, its token, its instance and its plan, not yet published."""
    run, token = claimed(session)
    instance = runs.snapshot_run(session, run.id, token, now=NOW)
    return run, token, instance, solve(instance, seed=run.seed)


def published(session):
    run, token, instance, plan = solved(session)
    runs.publish_run(session, run.id, token, instance, plan, now=NOW)
    session.flush()
    session.expire(run)
    return run, plan


def a_market(session):
    """Two who fit one place in the city, one who fits nowhere."""
    unit = a_unit(session, offers=("pbs",))
    both = [a_referral(session, essential=("pbs",), submitted_at=NOW - timedelta(days=n)) for n in (3, 0)]
    return unit, both, a_referral(session, essential=("hoist",))


# Asking


def test_a_run_waits_with_what_was_asked_for(session):
    run = asked(session, seconds=7, seed=3)

    assert (run.state, run.budget_seconds, run.seed, run.attempts) == (RunState.QUEUED, 7, 3, 0)
    assert (run.requester, run.requested_at) == ("Bo Broker", NOW)
    assert story(session, run) == ["asked for a match run"]


def test_only_one_run_waits_or_works_at_a_time(session):
    run = asked(session)
    with pytest.raises(OutOfStep):
        asked(session)
    token = runs.claim_run(session, run.id, now=NOW)
    with pytest.raises(OutOfStep):
        asked(session)
    runs.fail_run(session, run.id, token, "x", now=NOW)

    assert asked(session).id != run.id


def test_a_waiting_run_is_cancelled_at_once_and_a_working_one_is_asked_to_stop(session):
    waiting = asked(session)
    runs.request_cancel(session, waiting, **DOING)
    assert (waiting.state, waiting.finished_at) == (RunState.CANCELLED, NOW)
    assert runs.claim_run(session, waiting.id, now=NOW) is None

    working, token = claimed(session)
    runs.request_cancel(session, working, **DOING)
    assert (working.state, working.cancel_requested) == (RunState.RUNNING, True)
    assert runs.beat(session, working.id, token, [], now=NOW) is False
    runs.stop_run(session, working.id, token, now=NOW)
    assert (working.state, working.finished_at) == (RunState.CANCELLED, NOW)
    with pytest.raises(OutOfStep):
        runs.request_cancel(session, working, **DOING)


# Claiming, beating, taking over


def test_a_run_is_claimed_once_until_its_lease_runs_out(session):
    run, token = claimed(session)
    assert (run.state, run.attempts, run.token) == (RunState.RUNNING, 1, token)
    assert (run.started_at, run.lease_until) == (NOW, NOW + LEASE)
    assert runs.claim_run(session, run.id, now=NOW + LEASE) is None

    second = runs.claim_run(session, run.id, now=LATER)
    assert second not in (None, token)
    fresh(session, run)
    assert run.attempts == 2


def test_a_beat_lengthens_the_lease_and_keeps_the_progress(session):
    run, token = claimed(session)
    at = NOW + timedelta(seconds=20)

    assert runs.beat(session, run.id, token, [{"tier": "in_city", "value": 1}], now=at)
    assert (run.lease_until, run.heartbeat_at, run.progress) == (at + LEASE, at, [{"tier": "in_city", "value": 1}])
    assert runs.claim_run(session, run.id, now=LATER) is None


def test_a_worker_that_was_only_slow_can_neither_beat_nor_publish_nor_fail_nor_stop(session):
    a_market(session)
    run, slow, instance, plan = solved(session)
    quick = runs.claim_run(session, run.id, now=LATER)
    fresh(session, run)

    assert runs.beat(session, run.id, slow, [], now=LATER) is False
    for act in (
        lambda: runs.publish_run(session, run.id, slow, instance, plan, now=LATER),
        lambda: runs.fail_run(session, run.id, slow, "x", now=LATER),
        lambda: runs.stop_run(session, run.id, slow, now=LATER),
        lambda: runs.snapshot_run(session, run.id, slow, now=LATER),
    ):
        with pytest.raises(OutOfStep):
            act()
    assert (run.state, run.token) == (RunState.RUNNING, quick)
    assert not session.scalars(select(Proposal)).all()

    again = runs.snapshot_run(session, run.id, quick, now=LATER)
    runs.publish_run(session, run.id, quick, again, solve(again), now=LATER)
    assert run.state is RunState.FINISHED
    with pytest.raises(OutOfStep):
        runs.publish_run(session, run.id, quick, again, solve(again), now=LATER)


def test_a_run_whose_workers_keep_dying_fails_after_three_attempts_with_a_reason(session):
    run = asked(session)
    at = NOW
    for attempt in range(1, MOST_ATTEMPTS + 1):
        assert runs.claim_run(session, run.id, now=at)
        fresh(session, run)
        assert run.attempts == attempt
        at += LEASE + timedelta(seconds=1)
        assert list(runs.abandoned_runs(session, now=at)) == [run.id]

    assert runs.claim_run(session, run.id, now=at) is None
    fresh(session, run)
    assert (run.state, run.attempts, run.finished_at) == (RunState.FAILED, MOST_ATTEMPTS, at)
    assert "3 times" in run.failure
    assert not runs.abandoned_runs(session, now=at + LEASE)


def test_abandoned_runs_are_those_that_wait_or_have_fallen_silent(session):
    assert not runs.abandoned_runs(session, now=NOW)
    run = asked(session)
    assert list(runs.abandoned_runs(session, now=NOW)) == [run.id]
    runs.claim_run(session, run.id, now=NOW)
    assert not runs.abandoned_runs(session, now=NOW + LEASE)
    assert list(runs.abandoned_runs(session, now=LATER)) == [run.id]


def test_a_run_that_does_not_exist_cannot_be_claimed_or_beaten(session):
    assert runs.claim_run(session, 10**6, now=NOW) is None
    assert runs.beat(session, 10**6, "x", [], now=NOW) is False


def test_a_long_failure_is_kept_short(session):
    run, token = claimed(session)
    runs.fail_run(session, run.id, token, "why " * 2000, now=NOW)

    assert (run.state, len(run.failure)) == (RunState.FAILED, 2000)


# Publishing


def test_a_published_run_keeps_what_was_asked_and_proposes_what_was_answered(session):
    unit, (longest, other), nowhere = a_market(session)
    run, plan = published(session)

    assert (run.state, run.first_night, run.finished_at) == (RunState.FINISHED, night(0), NOW)
    (proposal,) = run.proposals
    assert (proposal.referral, proposal.unit_id, proposal.start_on) == (longest, unit.id, night(0))
    assert proposal.state is ProposalState.PROPOSED
    assert set(proposals.newest_proposals(session, range(1, 20_000), actor=BROKER)) == {longest.id}
    assert run.documents.plan == plan_document(plan)
    assert runs.newest_finished(session, actor=BROKER) is run
    assert {each.need for each in plan.unmatched} == {other.reference, nowhere.reference}


def test_a_stored_run_can_be_replayed_to_the_same_plan(session):
    a_market(session)
    run, plan = published(session)
    stored = session.get_one(RunDocuments, run.id, populate_existing=True)
    instance, kept = read_instance(_text(stored.instance)), read_plan(_text(stored.plan))
    again = solve(instance, seed=run.seed)

    assert fingerprint(instance) == run.instance_sha256 == kept.instance_sha256
    assert kept == plan
    same = {"seconds": 0, "versions": {}}
    assert dataclasses.replace(again, **same) == dataclasses.replace(kept, **same)
    assert check(instance, kept).is_sound
    assert instance_document(instance) == stored.instance


def _text(document):
    return json.dumps(document)


@pytest.mark.parametrize("spoil", ["two in one place", "refused by a rule", "another instance"])
def test_nothing_is_stored_that_the_checker_rejects(session, spoil):
    _, both, nowhere = a_market(session)
    run, token, instance, plan = solved(session)
    (match,) = plan.matches
    others = {
        "two in one place": (Match(need=both[1].reference, unit=match.unit, start=match.start),),
        "refused by a rule": (Match(need=nowhere.reference, unit=match.unit, start=match.start + 1),),
        "another instance": (),
    }
    sha = "0" * 64 if spoil == "another instance" else plan.instance_sha256
    spoilt = dataclasses.replace(plan, matches=(*plan.matches, *others[spoil]), instance_sha256=sha)

    with pytest.raises(ValueError, match="the checker rejects"):
        runs.publish_run(session, run.id, token, instance, spoilt, now=NOW)
    assert run.state is RunState.RUNNING
    assert session.get_one(RunDocuments, run.id).plan is None
    assert not session.scalars(select(Proposal)).all()


@pytest.mark.parametrize("state", [ReferralState.WITHDRAWN, ReferralState.PLACED, ReferralState.ON_HOLD])
def test_a_proposal_for_a_referral_that_was_closed_meanwhile_is_dropped(session, state):
    _, (longest, _), _ = a_market(session)
    run, token, instance, plan = solved(session)
    longest.state = state
    session.flush()
    runs.publish_run(session, run.id, token, instance, plan, now=NOW)
    session.flush()
    session.expire(run)

    assert (run.state, run.proposals) == (RunState.FINISHED, [])
    assert [match.need for match in read_plan(_text(run.documents.plan)).matches] == [longest.reference]


def test_a_second_attempt_stores_the_world_anew(session):
    a_market(session)
    run, token = claimed(session)
    first = runs.snapshot_run(session, run.id, token, now=NOW)
    a_referral(session)
    second = runs.claim_run(session, run.id, now=LATER)
    fresh(session, run)
    again = runs.snapshot_run(session, run.id, second, now=LATER)

    assert len(again.needs) == len(first.needs) + 1
    assert run.instance_sha256 == fingerprint(again)
    assert len(session.scalars(select(RunDocuments)).all()) == 1


# Asking about runs and deciding proposals


def test_runs_come_newest_first(session):
    made = []
    for _ in range(3):
        run, token = claimed(session)
        runs.fail_run(session, run.id, token, "x", now=NOW)
        made.append(run)

    assert list(runs.runs(session, actor=BROKER).rows) == made[::-1]
    assert runs.newest_finished(session, actor=BROKER) is None
    assert proposals.newest_proposals(session, range(1, 20_000), actor=BROKER) == {}


def test_a_run_or_a_proposal_that_is_not_there_is_not_found(session):
    a_market(session)
    run, _ = published(session)
    (proposal,) = run.proposals

    assert runs.run(session, run.id, actor=BROKER) is run
    assert proposals.proposal(session, run.id, proposal.id, actor=BROKER) is proposal
    for missing in (
        lambda: runs.run(session, 10**6, actor=BROKER),
        lambda: proposals.proposal(session, run.id + 1, proposal.id, actor=BROKER),
    ):
        with pytest.raises(NotFound):
            missing()


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("user_id", [None, 1])
def test_runs_and_proposals_are_seen_by_brokers_and_by_the_product_itself(session, role, user_id):
    a_market(session)
    run, _ = published(session)
    (proposal,) = run.proposals
    actor = Actor(user_id=user_id, name="Somebody", role=role, provider_id=1)

    sees = role is Role.BROKER or actor == dataclasses.replace(SYSTEM, name="Somebody", provider_id=1)
    assert [each.id for each in runs.runs(session, actor=actor).rows] == [run.id] * sees
    assert runs.newest_finished(session, actor=actor) == (run if sees else None)
    assert list(proposals.newest_proposals(session, range(1, 20_000), actor=actor)) == [proposal.referral_id] * sees
    for ask in (
        lambda: runs.run(session, run.id, actor=actor),
        lambda: proposals.proposal(session, run.id, proposal.id, actor=actor),
    ):
        if sees:
            assert ask()
        else:
            with pytest.raises(NotFound):
                ask()


def test_a_proposal_can_be_held_and_then_decided_once(session):
    a_market(session)
    run, _ = published(session)
    (proposal,) = run.proposals
    proposals.decide_proposal(session, proposal, "defer", reason="asking", **DOING)
    assert proposal.referral_id in proposals.newest_proposals(session, range(1, 20_000), actor=BROKER)
    proposals.decide_proposal(session, proposal, "reject", reason="too far", **DOING)

    assert (proposal.state, proposal.decided_by, proposal.decision_reason) == (
        ProposalState.REJECTED,
        "Bo Broker",
        "too far",
    )
    assert proposals.newest_proposals(session, range(1, 20_000), actor=BROKER) == {}
    with pytest.raises(OutOfStep):
        proposals.decide_proposal(session, proposal, "accept", **DOING)
    assert story(session, proposal) == ["held a proposal", "rejected a proposal"]


def test_a_newer_run_keeps_what_an_older_one_proposed_where_nothing_is_better(session):
    unit = a_unit(session)
    a_unit(session, service=unit.service)
    a_referral(session)
    first, _ = published(session)
    second, _ = published(session)

    assert isinstance(first, MatchRun)
    assert [each.unit_id for each in second.proposals] == [each.unit_id for each in first.proposals]


# A finished run in the words of people


def test_an_outcome_says_who_is_placed_where_and_who_is_not_and_why(session):
    unit, (longest, other), nowhere = a_market(session)
    elsewhere = a_unit(session, offers=("hoist",), service=a_service(session, authority=RUGBY))
    run, plan = published(session)
    answer = runs.run(session, run.id, actor=BROKER).answer
    assert (answer.asked, answer.in_city, answer.out_by_need, answer.unplaced) == (3, 1, 1, 1)
    assert answer.is_proven
    assert [each.slug for each in run.objectives] == [each.slug for each in plan.objectives]
    assert [(each.value, each.bound) for each in run.objectives] == [(e.value, e.bound) for e in plan.objectives]
    rows = {row.referral: row for row in run_page(session, run, "", actor=BROKER).rows}
    told = {match.need: list(match.why) for match in plan.matches}
    proposed = {referral: row.proposal for referral, row in rows.items() if row.proposal}
    assert {each.reference: [why.sentence for why in found.reasons] for each, found in proposed.items()} == told
    assert {each: (found.unit, rows[each].is_in_city) for each, found in proposed.items()} == {
        longest: (unit, True),
        nowhere: (elsewhere, False),
    }
    missing = {each: row.unmet.is_met_out_of_city for each, row in rows.items() if row.unmet}
    assert missing == {other: False, nowhere: True}
    assert rows[other].every == ("1 place could take the person, but its places go to others",)
    assert rows[nowhere].every == ("1 place lacks an essential need",)
    assert rows[nowhere].nearest == ((unit, "no ceiling hoist recorded"),)


def test_an_outcome_of_nothing_is_told(session):
    run, _ = published(session)

    assert (run.answer.asked, run.answer.unplaced) == (0, 0)
    assert run_page(session, run, "", actor=BROKER).total == 0


ONE = ("does", "is", "lacks", "costs", "has", "could", "shares", "leaves", "overlaps", "takes", "keeps")
MANY = ("do", "are", "lack", "cost", "have", "could", "share", "leave", "overlap", "take", "keep")


@pytest.mark.parametrize("rule", CAUSES)
def test_a_cause_is_a_sentence_of_one_unit_and_of_many(rule):
    one, many = cause_sentence(rule, 1), cause_sentence(rule, 1234)
    verb, plural = one.split()[2], many.split()[2]

    assert (one.split()[:2], many.split()[:2]) == (["1", "place"], ["1,234", "places"])
    assert ONE.index(verb) == MANY.index(plural)
    assert not {"have", "their", "are", "services"} & set(one.replace(",", "").split())
    assert not {"has", "its", "is", "does", "service"} & set(many.replace(",", "").split())
