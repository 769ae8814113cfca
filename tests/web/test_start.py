"""`flask start`: whatever of it is killed is back, nothing is left behind, and a start that fails says why."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from datetime import UTC, datetime
from pathlib import Path

import pytest

from placement.domain.people import SYSTEM
from placement.domain.states import RunState
from placement.planning import runs
from placement.records.runs import MatchRun
from placement.records.sessions import open_url
from placement.records.users import User
from tests.jobs.markets import a_hard_market
from tests.jobs.test_supervising import eventually, is_alive
from tests.journeys.servers import ROOT, environment, free_port

BACK_SECONDS, PICKED_UP_SECONDS = 5, 60
TIMES = [pytest.param(1, id="once"), pytest.param(10, id="ten times", marks=pytest.mark.prove)]


class Copy:
    """One started copy in a home of its own."""

    def __init__(self, home: Path, **settings: str) -> None:
        self.home, self.port = home, free_port()
        self.url = f"sqlite:///{home / 'placement.db'}"
        self.settings = environment(home, self.url, self.port) | settings
        self.start()

    def start(self) -> None:
        command = [sys.executable, "-m", "flask", "--app", "wsgi", "start"]
        with open(self.home / "log", "ab") as log:
            self.process = subprocess.Popen(command, cwd=ROOT, env=self.settings, stdout=log, stderr=log)

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health/ready", timeout=5) as answer:
                return answer.status == 200
        except (urllib.error.URLError, OSError):
            return False

    def children(self, of: int | None = None) -> list[int]:
        listed = Path(f"/proc/{of or self.process.pid}/task/{of or self.process.pid}/children")
        return [int(pid) for pid in listed.read_text().split()]

    def named(self, words: str) -> int:
        def command(pid: int) -> str:
            with contextlib.suppress(FileNotFoundError):
                return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
            return ""

        assert eventually(lambda: any(words in command(pid) for pid in self.children()), 20)
        return next(pid for pid in self.children() if words in command(pid))

    def all(self) -> list[int]:
        first = self.children()
        return [self.process.pid, *first, *(each for pid in first for each in self.children(pid))]

    def log(self) -> str:
        return (self.home / "log").read_text()

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(30)


@pytest.fixture
def home(sqlite_template, tmp_path):
    shutil.copy(sqlite_template, tmp_path / "placement.db")
    return tmp_path


@pytest.fixture
def copy(home):
    started = Copy(home)
    assert eventually(lambda: "is running at" in started.log(), 60), started.log()
    yield started
    started.stop()


def back_after(copy, kill):
    """Kill; return the seconds until the site answers with nothing of what was killed."""
    began = time.monotonic()
    kill()
    assert eventually(copy.answers, BACK_SECONDS), copy.log()
    return time.monotonic() - began


@pytest.mark.parametrize("times", TIMES)
@pytest.mark.parametrize("who", ["gunicorn's master", "a web worker", "the background worker"])
def test_what_is_killed_is_started_again_and_the_site_is_back(copy, who, times):
    def victim():
        if who == "the background worker":
            return copy.named("worker")
        master = copy.named("gunicorn")
        return master if who == "gunicorn's master" else copy.children(master)[0]

    for _ in range(times):
        assert eventually(lambda: who == "the background worker" or len(copy.children(copy.named("gunicorn"))) == 2)
        below = [victim(), *copy.children(victim())]
        assert back_after(copy, lambda pid=below[0]: os.kill(pid, signal.SIGKILL)) <= BACK_SECONDS
        assert eventually(lambda pids=below: not any(map(is_alive, pids)), 5)
        assert eventually(lambda: len(copy.children()) == 2, 10)
    assert copy.process.poll() is None


@pytest.mark.parametrize("times", TIMES)
def test_a_killed_supervisor_leaves_no_orphan_and_can_be_started_again_on_its_port(copy, times):
    for _ in range(times):
        assert eventually(lambda: len(copy.all()) >= 5)
        everybody = copy.all()
        copy.process.kill()
        copy.process.wait()
        assert eventually(lambda pids=everybody: not any(map(is_alive, pids)), 5)
        began = time.monotonic()
        copy.start()
        assert eventually(copy.answers, 30), copy.log()
        assert time.monotonic() - began < 10


def test_a_signal_to_stop_ends_everything_and_the_port_is_free(copy):
    everybody = copy.all()
    copy.stop()
    assert copy.process.returncode == 0
    assert eventually(lambda: not any(map(is_alive, everybody)), 5)
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", copy.port))


@pytest.mark.prove
def test_the_run_of_a_killed_worker_is_picked_up_within_a_minute(home):
    store = open_url(f"sqlite:///{home / 'placement.db'}")
    now = datetime.now(UTC)
    with store.writing() as session:
        a_hard_market(session)
        run_id = runs.request_run(session, by=SYSTEM, now=now, seconds=120).id

    def attempts():
        with store.reading() as session:
            run = session.get_one(MatchRun, run_id)
            return run.attempts if run.state is RunState.RUNNING else 0

    copy = Copy(home)
    assert eventually(lambda: attempts() == 1, 90)
    os.kill(copy.named("worker"), signal.SIGKILL)
    killed = time.monotonic()
    assert eventually(lambda: attempts() == 2, PICKED_UP_SECONDS), copy.log()
    assert time.monotonic() - killed < PICKED_UP_SECONDS
    copy.stop()
    store.engine.dispose()


def test_it_starts_behind_https(home):
    copy = Copy(home, PLACEMENT_HTTPS="1")
    assert eventually(lambda: "is running at" in copy.log(), 60), copy.log()
    copy.stop()


def failed(home, **settings):
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "start"]
    ran = subprocess.run(command, cwd=ROOT, env=os.environ | settings, capture_output=True, text=True, timeout=60)
    return ran.returncode, ran.stderr


def test_a_start_that_fails_ends_with_its_reason_and_not_with_a_trace(home, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        settings = environment(home, f"sqlite:///{home / 'placement.db'}", taken.getsockname()[1])
        code, said = failed(home, **settings)
    assert code == 1
    assert "cannot be listened on: Address already in use" in said

    code, said = failed(home, **environment(home, f"sqlite:///{tmp_path}/no/such/folder.db", free_port()))
    assert code == 1
    assert "The database could not be opened" in said
    assert "Traceback" not in said


def test_a_start_without_being_asked_to_seeds_nothing_and_says_how_to_begin(copy):
    store = open_url(copy.url)
    with store.reading() as session:
        assert session.query(User).count() == 0
    store.engine.dispose()
    assert "Nobody can sign in yet" in copy.log()
    assert "coventry-demo" not in copy.log()
