import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from placement.brokerage.offers.sending import Asking, send_offers
from placement.brokerage.reservations import Decision, reserve
from placement.domain.kinds import RETURN
from placement.domain.people import SYSTEM
from placement.domain.states import OfferState, PlacementState, ReferralState, RunState
from placement.jobs.queue import open_queue, run_by_night
from placement.planning import runs
from placement.records.offers import Offer
from placement.records.placements import Placement
from placement.records.referrals import Referral
from placement.records.runs import MatchRun
from tests.brokerage.worlds import BROKER
from tests.builders import TODAY, a_placement, a_referral, a_unit, night
from tests.conftest import NOW, ROOT
from tests.jobs.markets import a_hard_market, an_easy_market, is_alive, is_solving, solvers_of, until
from tests.jobs.test_solving import requested, the_run

SECRET = "a secret that is only for tests, long enough"


@pytest.fixture
def queue(store, clock, tmp_path):
    return open_queue(tmp_path, secret=SECRET, store=store, clock=clock)


def run_schedule(queue):
    """Do, here and now, what the schedule of any minute asks for; return the names."""
    due = queue.huey.read_periodic(datetime(2026, 11, 23, 10, 0))
    for task in due:
        queue.huey.execute(task)
    return {task.name for task in due}


def test_every_minute_what_has_run_out_is_released_or_ended_and_runs_are_swept(queue, store, clock):
    run_id = requested(store, an_easy_market)
    with store.writing() as session:
        referral, unit = a_referral(session), a_unit(session)
        choice = Decision(start_on=TODAY, end_on=night(3))
        stay_id = reserve(session, referral, unit, choice, by=BROKER, now=NOW).id
        referral_id = referral.id
        asking = Asking(unit=a_unit(session), rank=1, start_on=TODAY, end_on=night(3))
        asked = a_referral(session)
        (offer,) = send_offers(session, asked, [asking], reply_by=NOW + timedelta(hours=2), by=BROKER, now=NOW)
        offer_id = offer.id
    clock.now = NOW + timedelta(hours=2)

    assert run_schedule(queue) == {
        "release_reservations",
        "sweep_runs",
        "sweep_scenarios",
        "attend_offers",
        "look_for_places",
        "keep_return_list",
        "let_holds_go",
        "write_digests",  # every quarter of an hour
        "watch_silence",  # every quarter of an hour
    }
    with store.reading() as session:
        assert session.get_one(Placement, stay_id).state is PlacementState.RELEASED
        assert session.get_one(Referral, referral_id).state is ReferralState.SEARCHING
        assert session.get_one(Offer, offer_id).state is OfferState.EXPIRED
    assert the_run(store, run_id).state is RunState.FINISHED


def test_whoever_arrives_outside_the_city_and_did_not_choose_to_is_looked_for_a_way_back(queue, store):
    """Council by council: what is begun is the council's whose stay it is."""
    with store.writing() as session:
        outside = {"state": PlacementState.ACTIVE, "is_in_city": False, "out_of_city_reason": "no_vacancy"}
        stay_id = a_placement(session, a_unit(session), start=-5, **outside).id
    for _ in range(2):
        run_schedule(queue)
    with store.reading() as session:
        stay = session.get_one(Placement, stay_id)
        (back,) = session.scalars(select(Referral).where(Referral.kind == RETURN.slug))
        assert (back.person_id, back.council, back.state) == (stay.person_id, stay.council, ReferralState.SEARCHING)


def test_a_run_by_night_asks_for_everybody_and_leaves_a_run_that_is_under_way_alone(store, clock):
    waiting = requested(store, an_easy_market)
    run_by_night(store, clock=clock)
    assert the_run(store, waiting).state is RunState.QUEUED
    with store.writing() as session:
        runs.request_cancel(session, session.get_one(MatchRun, waiting), by=SYSTEM, now=NOW)
    run_by_night(store, clock=clock)
    with store.reading() as session:
        night_run = session.scalars(select(MatchRun).order_by(MatchRun.id.desc())).first()
        assert (night_run.state, night_run.requester) == (RunState.FINISHED, SYSTEM.name)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_two_sweeps_do_not_run_at_once(queue, store):
    run_id = requested(store, an_easy_market)
    with queue.huey.lock_task("sweep"):
        run_schedule(queue)

    assert the_run(store, run_id).state is RunState.QUEUED


def test_asking_returns_at_once_and_another_opening_of_the_same_home_finds_the_job(queue, store, clock, tmp_path):
    run_id = requested(store, an_easy_market)
    queue.solve(run_id)
    assert the_run(store, run_id).state is RunState.QUEUED

    other = open_queue(tmp_path, secret=SECRET, store=store, clock=clock)
    task = other.huey.dequeue()
    assert (task.name, task.args) == ("solve", (run_id,))
    assert queue.huey.dequeue() is None


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_job_that_was_not_signed_with_the_secret_of_this_home_is_not_done(queue, store, clock, tmp_path):
    open_queue(tmp_path, secret="another secret", store=store, clock=clock).solve(requested(store, an_easy_market))

    with pytest.raises(ValueError, match="Signature"):
        queue.huey.dequeue()


@pytest.fixture
def worker(database, tmp_path):
    """`flask worker` of this home as a process of its own."""
    settings = {"PLACEMENT_HOME": str(tmp_path), "DATABASE_URL": database.url, "PLACEMENT_SECRET_KEY": SECRET}
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "worker"]
    log = open(tmp_path / "worker.log", "w")  # noqa: SIM115  # closed below, after the process
    process = subprocess.Popen(command, cwd=ROOT, env=os.environ | settings, stdout=log, stderr=log)
    yield process
    process.kill()
    process.wait()
    log.close()


def test_a_run_asked_for_here_is_solved_by_the_worker_of_this_home(queue, store, worker):
    run_id = requested(store, an_easy_market)
    queue.solve(run_id)

    assert until(lambda: the_run(store, run_id).state is RunState.FINISHED, 60)
    run = the_run(store, run_id)
    assert len(run.proposals) == 1
    assert abs(run.finished_at - datetime.now(UTC)) < timedelta(minutes=2)
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(10) == 0


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_worker_that_is_told_to_stop_while_it_solves_ends_within_ten_seconds_with_its_child(queue, store, worker):
    run_id = requested(store, a_hard_market)
    queue.solve(run_id)
    assert until(lambda: solvers_of(worker.pid), 60)
    (child,) = solvers_of(worker.pid)
    assert until(lambda: is_solving(child), 60)
    worker.send_signal(signal.SIGTERM)
    told_at = time.monotonic()

    worker.wait(30)
    assert time.monotonic() - told_at < 10
    assert until(lambda: not is_alive(child), 5)
    run = the_run(store, run_id)
    assert (run.state, run.proposals) == (RunState.RUNNING, [])
    with store.writing() as session:
        assert runs.claim_run(session, run_id, now=run.lease_until + timedelta(seconds=1))


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_worker_takes_away_the_lock_that_a_killed_one_left_behind(queue, request):
    queue.huey.lock_task("sweep").acquire()
    request.getfixturevalue("worker")

    assert until(lambda: not queue.huey.lock_task("sweep").is_locked(), 60)
