"""Keep processes running: start again what ends, and leave nothing behind.

What is started again waits if it ended at once the last time, so that a fault that stays does not fill the machine.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from placement.jobs.parents import end_with

PARENT_SETTING = "PLACEMENT_SUPERVISOR"
STOP_SECONDS = 15
SETTLED_SECONDS = 2.0
LONGEST_PAUSE = 4.0


def end_with_supervisor() -> None:
    """End when the supervisor is gone, in a process that one has started; elsewhere do nothing."""
    if parent := os.environ.get(PARENT_SETTING):
        end_with(int(parent))


@dataclass(slots=True, kw_only=True)
class KeptProcess:
    """One process that is kept running: its command, where, with which settings and open files."""

    name: str
    command: Sequence[str]
    folder: Path
    environment: Mapping[str, str]
    files: tuple[int, ...] = ()
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    pause: float = 0.0
    due_at: float = 0.0


@dataclass(slots=True)
class Supervisor:
    """The programs of one copy. Use it from the main thread: they end when that thread does."""

    programs: Sequence[KeptProcess]
    ends: list[tuple[str, int]] = field(default_factory=list)
    """Each end that was seen: the program's name and its exit code, negative for a signal."""

    def start(self) -> None:
        """Start every program."""
        for program in self.programs:
            _start(program)

    def look(self) -> None:
        """Start again what has ended, once its pause is over."""
        now = time.monotonic()
        for program in self.programs:
            if program.process is not None and (code := program.process.poll()) is not None:
                self.ends.append((program.name, code))
                quickly = now - program.started_at < SETTLED_SECONDS
                program.pause = min(LONGEST_PAUSE, 2 * program.pause or 0.5) if quickly else 0.0
                program.process, program.due_at = None, now + program.pause
            if program.process is None and now >= program.due_at:
                _start(program)

    def stop(self) -> None:
        """Ask every program to end, and end those that do not."""
        left = [program.process for program in self.programs if program.process is not None]
        for process in left:
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
        until = time.monotonic() + STOP_SECONDS
        for process in left:
            try:
                process.wait(max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def _start(program: KeptProcess) -> None:
    """Start in a session of its own: a Ctrl-C reaches the supervisor alone, which then ends the others in order."""
    program.started_at = time.monotonic()
    program.process = subprocess.Popen(
        program.command,
        cwd=program.folder,
        env={**program.environment, PARENT_SETTING: str(os.getpid())},
        pass_fds=program.files,
        start_new_session=True,
    )
