"""Keeping solvers off standard output, where a plan may be on its way to somebody: some print from C, past Python."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

STDOUT, STDERR = 1, 2


@contextmanager
def stdout_reserved() -> Iterator[int]:
    """Send everything written to descriptor 1 to descriptor 2, and yield a descriptor of the real standard output.

    For a process of its own only (a command, a worker): descriptors belong to the whole process.
    """
    sys.stdout.flush()
    real = os.dup(STDOUT)
    os.dup2(STDERR, STDOUT)
    try:
        yield real
    finally:
        sys.stdout.flush()
        os.dup2(real, STDOUT)
        os.close(real)
