"""A scenario is replayed in children of the worker: watched, cancelled, taken over, and the same whoever does it."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
from datetime import timedelta

import pytest

from placement.domain.people import SYSTEM
from placement.domain.states import ScenarioState
from placement.jobs.queue import REPLAYS, open_queue
from placement.jobs.replaying import replay_scenario, sweep_scenarios
from placement.planning import scenarios
from placement.planning.scenarios import SCENARIOS
from placement.records.leases import LEASE
from tests.conftest import NOW
from tests.jobs.markets import is_alive, is_solving, solvers_of, until
from tests.planning.scenario_worlds import BY, asked_for


def kept(store, scenario_id):
    """Return a scenario as it is stored now, with its result, free of any session."""
    with store.reading() as session:
        row = scenarios.scenario(session, scenario_id, actor=SYSTEM)
        session.expunge_all()
        return row


def in_the_city(row):
    return {world: sums["in_city"] for world, sums in row.result.worlds.items()}


def test_both_worlds_are_lived_through_and_what_came_of_it_is_kept(store, clock):
    scenario_id = asked_for(store)
    assert replay_scenario(store, scenario_id, clock=clock) is True
    row = kept(store, scenario_id)
    assert (row.state, row.attempts, row.failure) == (ScenarioState.FINISHED, 1, "")
    assert in_the_city(row)["changed"] > in_the_city(row)["same"]
    assert {(word["world"], word["day"]) for word in row.progress} == {
        (world, day) for world in ("same", "changed") for day in (0, 10, 20)
    }
    assert not multiprocessing.active_children()
    assert replay_scenario(store, scenario_id, clock=clock) is False


def test_a_scenario_that_is_cancelled_while_it_is_replayed_ends_with_its_children(store, clock):
    scenario_id = asked_for(store)
    replaying = threading.Thread(target=replay_scenario, args=(store, scenario_id), kwargs={"clock": clock})
    replaying.start()
    assert until(lambda: len(multiprocessing.active_children()) == 2)
    children = [child.pid for child in multiprocessing.active_children()]
    with store.writing() as session:
        SCENARIOS.cancel(session, scenarios.scenario(session, scenario_id, actor=SYSTEM), **BY)
    replaying.join(10)
    row = kept(store, scenario_id)
    assert (row.state, row.result, row.failure) == (ScenarioState.CANCELLED, None, "")
    assert not any(is_alive(child) for child in children)


def test_what_a_killed_worker_left_is_replayed_by_another_with_the_same_figures(store, database, clock):
    undisturbed = asked_for(store, people=8)
    assert replay_scenario(store, undisturbed, clock=clock)
    with store.writing() as session:
        left = scenarios.request_again(session, scenarios.scenario(session, undisturbed, actor=SYSTEM), **BY).id
    command = [sys.executable, "-m", "tests.jobs.test_replaying", database.url, str(left), NOW.isoformat()]
    with subprocess.Popen(command) as worker:
        try:
            assert until(lambda: len(solvers_of(worker.pid)) == 2, 60), "the worker never began"
            children = solvers_of(worker.pid)
            assert until(lambda: all(map(is_solving, children)), 60)
            os.kill(worker.pid, signal.SIGKILL)
            assert until(lambda: not any(map(is_alive, children)), 20), "a child outlived its worker"
        finally:
            worker.kill()
    assert (kept(store, left).state, kept(store, left).result) == (ScenarioState.RUNNING, None)
    assert sweep_scenarios(store, clock=clock) == 0
    clock.now += LEASE + timedelta(seconds=1)
    assert sweep_scenarios(store, clock=clock) == 1
    row, before = kept(store, left), kept(store, undisturbed)
    assert (row.state, row.attempts) == (ScenarioState.FINISHED, 2)
    assert (row.result.worlds, row.result.shifts) == (before.result.worlds, before.result.shifts)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_scenario_that_cannot_be_replayed_says_so(store, clock):
    scenario_id = asked_for(store)
    with store.writing() as session:
        scenarios.scenario(session, scenario_id, actor=SYSTEM).changes[0].places = 1_000_000
    with pytest.raises(Exception, match="Change 1"):
        replay_scenario(store, scenario_id, clock=clock)
    row = kept(store, scenario_id)
    assert row.state is ScenarioState.FAILED
    assert row.failure


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_machine_replays_one_scenario_at_a_time_and_the_sweep_does_the_rest(store, clock, tmp_path):
    queue = open_queue(tmp_path, secret="a secret that is long enough for it", store=store, clock=clock)
    scenario_id = asked_for(store)
    queue.replay(scenario_id)
    with queue.huey.lock_task(REPLAYS):
        queue.huey.execute(queue.huey.dequeue())
    assert kept(store, scenario_id).state is ScenarioState.QUEUED
    assert sweep_scenarios(store, clock=clock) == 1


if __name__ == "__main__":  # a worker that a test kills: URL, scenario, the instant at which its clock stands
    from datetime import datetime

    from placement.records.sessions import open_url

    _, url, asked, instant = sys.argv
    replay_scenario(open_url(url), int(asked), clock=lambda: datetime.fromisoformat(instant))
