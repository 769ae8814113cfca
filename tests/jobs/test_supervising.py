"""What ends is started again, and nothing outlives the supervisor, even where it is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from placement.jobs.supervising import KeptProcess, Supervisor

ROOT = Path(__file__).resolve().parents[2]
SLEEP = "import time; from placement.jobs.supervising import end_with_supervisor as e; e(); time.sleep(60)"
KEEP = f"""
import sys, time
from pathlib import Path
from placement.jobs.supervising import KeptProcess, Supervisor
program = KeptProcess(name="Sleeper", command=[sys.executable, "-c", {SLEEP!r}], folder=Path("."), environment={{}})
supervisor = Supervisor([program])
supervisor.start()
print(program.process.pid, flush=True)
time.sleep(60)
"""


def eventually(question, seconds=10.0):
    until = time.monotonic() + seconds
    while not question() and time.monotonic() < until:
        time.sleep(0.02)  # another process has no event to wait for
    return question()


def is_alive(pid):
    """Return whether a process runs; one that has ended and was not asked for its code does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def program(code):
    return KeptProcess(name="A program", command=[sys.executable, "-c", code], folder=ROOT, environment=os.environ)


def test_a_program_that_is_killed_is_started_again():
    kept = program(SLEEP)
    supervisor = Supervisor([kept])
    supervisor.start()
    first = kept.process.pid
    os.kill(first, signal.SIGKILL)

    def again():
        supervisor.look()
        return kept.process is not None and kept.process.pid != first

    assert eventually(again)
    assert supervisor.ends == [("A program", -signal.SIGKILL)]
    supervisor.stop()
    assert not is_alive(kept.process.pid)


def test_a_program_that_ends_at_once_is_started_again_after_longer_and_longer_pauses():
    kept = program("raise SystemExit(3)")
    supervisor = Supervisor([kept])
    supervisor.start()
    pauses = []
    for _ in range(3):
        kept.process.wait(20)
        supervisor.look()
        pauses.append(kept.pause)
        kept.due_at = 0.0
        supervisor.look()
    assert supervisor.ends[0] == ("A program", 3)
    assert pauses == sorted(pauses)
    assert pauses[0] == 0.5
    assert pauses[-1] > pauses[0]
    supervisor.stop()


def test_a_supervisor_that_is_killed_leaves_nothing_behind():
    supervisor = subprocess.Popen([sys.executable, "-c", KEEP], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    child = int(supervisor.stdout.readline())
    assert is_alive(child)
    time.sleep(0.5)  # the child has come as far as the request to end with its parent
    supervisor.kill()
    supervisor.wait()

    assert eventually(lambda: not is_alive(child), 5)
    supervisor.stdout.close()
