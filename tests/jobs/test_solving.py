import json
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from placement.domain.people import SYSTEM
from placement.domain.states import ReferralState, RunState
from placement.jobs.solving import solve_run, sweep
from placement.matching.judging.check import check
from placement.matching.problem.documents import read_instance, read_plan
from placement.planning import runs
from placement.records.leases import LEASE, MOST_ATTEMPTS
from placement.records.referrals import Referral
from placement.records.runs import MatchRun, Proposal
from tests.brokerage.worlds import BROKER
from tests.conftest import NOW
from tests.jobs.markets import a_hard_market, an_easy_market, is_alive, is_solving, solvers_of, until


def requested(store, market, seconds=60):
    """Return the number of a run that waits, over a market."""
    with store.writing() as session:
        market(session)
        run = runs.request_run(session, by=BROKER, now=NOW, seconds=seconds)
        return run.id


def the_run(store, run_id):
    """Return the run as it is stored now, with its proposals and documents, free of any session."""
    with store.reading() as session:
        run = runs.run(session, run_id, actor=SYSTEM)
        session.refresh(run, ["documents", "proposals"])
        session.expunge_all()
        return run


class Working:
    """`solve_run` in a thread of this process, and the child that it started."""

    def __init__(self, store, run_id, clock):
        self.result = None
        self._thread = threading.Thread(target=self._work, args=(store, run_id, clock))
        self._thread.start()
        assert until(lambda: multiprocessing.active_children() or not self._thread.is_alive())
        (self.child,) = (child.pid for child in multiprocessing.active_children())

    def _work(self, store, run_id, clock):
        try:
            self.result = solve_run(store, run_id, clock=clock)
        except Exception as error:
            self.result = error

    def ended_within(self, seconds):
        self._thread.join(seconds)
        return not self._thread.is_alive()


def test_a_run_is_solved_in_a_child_and_its_proposals_are_stored(store, clock):
    run_id = requested(store, an_easy_market)

    assert solve_run(store, run_id, clock=clock) is True
    run = the_run(store, run_id)
    assert (run.state, run.attempts, run.failure) == (RunState.FINISHED, 1, "")
    assert len(run.proposals) == 1
    assert [step["tier"] for step in run.progress] == ["in_city", "placed", "fit", "cost", "tie"]
    assert not multiprocessing.active_children()
    assert solve_run(store, run_id, clock=clock) is False


def run_again(store, clock, market=lambda session: None):
    """Ask for a run, solve it and return it with its plan."""
    run_id = requested(store, market)
    assert solve_run(store, run_id, clock=clock)
    run = the_run(store, run_id)
    return run, read_plan(json.dumps(run.documents.plan))


def places(plan):
    return [(match.need, match.unit, match.start) for match in plan.matches]


def test_a_second_run_takes_over_what_has_not_changed(store, clock):
    _, plan = run_again(store, clock, an_easy_market)
    run, again = run_again(store, clock)

    assert again.backend == "memory"
    assert places(again) == places(plan)
    assert len(run.proposals) == 1


@pytest.mark.parametrize("spoil", [{"format": "placement-plan/0"}, {"instance_sha256": "of another"}])
def test_a_former_plan_that_no_longer_holds_is_not_leant_on(store, clock, spoil):
    former, plan = run_again(store, clock, an_easy_market)
    with store.writing() as session:
        documents = session.get_one(MatchRun, former.id).documents
        documents.plan = {**documents.plan, **spoil}
    _, again = run_again(store, clock)

    assert again.backend == plan.backend
    assert places(again) == places(plan)


def test_a_former_run_of_another_day_is_not_leant_on(store, clock):
    _, plan = run_again(store, clock, an_easy_market)
    clock.now += timedelta(days=1)
    _, again = run_again(store, clock)

    assert again.backend == plan.backend


def test_a_run_that_uses_up_its_budget_publishes_the_best_plan_so_far(store, clock):
    run_id = requested(store, a_hard_market, seconds=1)
    solve_run(store, run_id, clock=clock)
    run = the_run(store, run_id)
    instance = read_instance(json.dumps(run.documents.instance))
    plan = read_plan(json.dumps(run.documents.plan))
    assert (run.state, len(run.proposals)) == (RunState.FINISHED, len(plan.matches))
    assert check(instance, plan).is_sound
    assert run.progress


def test_a_run_that_is_cancelled_while_it_solves_ends_within_two_seconds_and_its_child_is_dead(store, clock):
    run_id = requested(store, a_hard_market)
    working = Working(store, run_id, clock)
    assert until(lambda: is_solving(working.child)), "the child never began"
    with store.writing() as session:
        runs.request_cancel(session, session.get_one(MatchRun, run_id), by=BROKER, now=NOW)
    asked_at = time.monotonic()

    assert working.ended_within(10)
    assert time.monotonic() - asked_at < 2
    run = the_run(store, run_id)
    assert (run.state, run.proposals, run.failure) == (RunState.CANCELLED, [], "")
    assert not is_alive(working.child)


def test_a_run_whose_child_is_killed_fails_with_the_reason(store, clock):
    run_id = requested(store, a_hard_market)
    working = Working(store, run_id, clock)
    os.kill(working.child, signal.SIGKILL)

    assert working.ended_within(10)
    assert isinstance(working.result, RuntimeError)
    run = the_run(store, run_id)
    assert run.state is RunState.FAILED
    assert "exit code -9" in run.failure
    with store.writing() as session:
        assert runs.request_run(session, by=BROKER, now=NOW).id != run_id


def test_a_worker_that_was_taken_over_while_it_solved_stops_and_publishes_nothing(store, clock):
    run_id = requested(store, a_hard_market)
    working = Working(store, run_id, clock)
    with store.writing() as session:
        token = runs.claim_run(session, run_id, now=NOW + LEASE + timedelta(days=1))

    assert working.ended_within(10)
    run = the_run(store, run_id)
    assert (run.state, run.token, run.attempts, run.proposals) == (RunState.RUNNING, token, 2, [])
    assert not is_alive(working.child)


def test_a_run_that_its_worker_left_is_solved_by_the_sweep_once_the_lease_is_over(store, clock):
    run_id = requested(store, an_easy_market)
    with store.writing() as session:
        assert runs.claim_run(session, run_id, now=NOW)
    assert sweep(store, clock=clock) == 0
    clock.now += LEASE
    assert sweep(store, clock=clock) == 0
    clock.now += timedelta(seconds=1)

    assert sweep(store, clock=clock) == 1
    run = the_run(store, run_id)
    assert (run.state, run.attempts, len(run.proposals)) == (RunState.FINISHED, 2, 1)
    assert sweep(store, clock=clock) == 0


def test_a_run_that_keeps_killing_its_workers_is_given_up(store, clock):
    run_id = requested(store, an_easy_market)
    for _ in range(MOST_ATTEMPTS):
        with store.writing() as session:
            assert runs.claim_run(session, run_id, now=clock())
        clock.now += LEASE + timedelta(seconds=1)

    assert sweep(store, clock=clock) == 0
    run = the_run(store, run_id)
    assert (run.state, run.attempts) == (RunState.FAILED, MOST_ATTEMPTS)
    assert run.failure


def test_the_child_of_a_killed_worker_ends_within_five_seconds_and_the_run_is_solved_once(store, database, clock):
    run_id = requested(store, a_hard_market)
    command = [sys.executable, "-m", "tests.jobs.markets", database.url, str(run_id), NOW.isoformat()]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:
        try:
            assert until(lambda: solvers_of(parent.pid), 60), "the worker never began to solve"
            (child,) = solvers_of(parent.pid)
            assert until(lambda: is_solving(child), 60)
            os.kill(parent.pid, signal.SIGKILL)
            assert until(lambda: not is_alive(child), 5), "the solver outlived its worker"
        finally:
            parent.kill()
    run = the_run(store, run_id)
    assert (run.state, run.attempts, run.proposals) == (RunState.RUNNING, 1, [])

    with store.writing() as session:
        for referral in session.scalars(select(Referral).order_by(Referral.id).offset(2)):
            referral.state = ReferralState.ON_HOLD
    clock.now += LEASE + timedelta(seconds=1)
    assert sweep(store, clock=clock) == 1
    run = the_run(store, run_id)
    assert (run.state, run.attempts, len(run.proposals)) == (RunState.FINISHED, 2, 2)
    with store.reading() as session:
        assert session.scalar(select(func.count()).select_from(Proposal)) == 2


@pytest.mark.parametrize("state", [RunState.FINISHED, RunState.FAILED, RunState.CANCELLED])
def test_a_run_that_has_ended_is_not_solved_again(store, clock, state):
    run_id = requested(store, an_easy_market)
    with store.writing() as session:
        session.get_one(MatchRun, run_id).state = state

    assert solve_run(store, run_id, clock=clock) is False
    assert sweep(store, clock=clock) == 0
    assert the_run(store, run_id).state is state
