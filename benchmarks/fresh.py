"""Running one measured piece in a process of its own: its wall and processor seconds and the most memory it held.

A fresh process starts with an empty memory and loads only what the piece imports, which also keeps highspy and
OR-Tools, which clash, apart.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]


@dataclass(slots=True)
class Lap:
    """Seconds between entering and leaving: on the wall clock, and of this process' processor time."""

    wall: float = 0.0
    cpu: float = 0.0
    _began: tuple[float, float] = field(default=(0.0, 0.0), repr=False)

    def __enter__(self) -> Lap:
        self._began = time.perf_counter(), time.process_time()
        return self

    def __exit__(self, *_: object) -> None:
        self.wall = time.perf_counter() - self._began[0]
        self.cpu = time.process_time() - self._began[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What a piece returned, and what its whole process took: seconds, and mebibytes at the most."""

    value: Any
    wall: float
    cpu: float
    peak: float


class PieceFailed(RuntimeError):
    """A measured piece ended with an error, which it has written to standard error."""


def fresh(piece: Callable[..., Any], **given: Any) -> Run:
    """Run a function of a module in a fresh process. It takes and returns JSON values; raises PieceFailed."""
    with tempfile.TemporaryDirectory() as folder:
        answer = Path(folder) / "answer.json"
        name = f"{piece.__module__}:{piece.__qualname__}"
        command = [sys.executable, "-m", "benchmarks.fresh", name, json.dumps(given), str(answer)]
        began = time.perf_counter()
        # Solvers print on standard output; the answer goes through a file.
        ended = subprocess.run(command, stdout=subprocess.DEVNULL, cwd=ROOT, check=False)
        if ended.returncode != 0:
            raise PieceFailed(f"{name} ended with status {ended.returncode}")
        told = json.loads(answer.read_text(encoding="utf-8"))
        return Run(value=told["value"], wall=time.perf_counter() - began, cpu=told["cpu"], peak=told["peak"])


def peak() -> float:
    """Return the most memory that this process has held so far, in mebibytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _answer(name: str, given: str, answer: str) -> None:
    module, function = name.split(":")
    value = getattr(import_module(module), function)(**json.loads(given))
    told = {"value": value, "cpu": time.process_time(), "peak": peak()}
    Path(answer).write_text(json.dumps(told), encoding="utf-8")


if __name__ == "__main__":
    _answer(*sys.argv[1:])
