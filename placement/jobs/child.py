"""Long work in a child process, so that it can be watched, ended and outlived.

Measured: a solve ignores SIGTERM until it returns, and arithmetic that holds the interpreter stops every thread beside
it. So the parent kills, and a child whose parent is gone ends itself.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from typing import Any

from placement.jobs.parents import watch

Say = Callable[[Any], None]
Work = Callable[[Any, Say], Any]
_WORD, _ANSWER, _FAILURE = "word", "answer", "failure"


class Interrupted(Exception):
    """This process is going down and took the child with it: that says nothing about the work."""


class Child:
    """A child at work: `words` is what it has said so far."""

    def __init__(self, process: SpawnProcess, pipe: Connection, called: str) -> None:
        self.words: list[Any] = []
        self._process, self._pipe, self._called = process, pipe, called

    def answer(self, *, within: float) -> Any:
        """Return what the work came to, which is never None, or None if it is not there within so many seconds.

        Raises RuntimeError if the work failed or the child died, and Interrupted if this process is ending.
        """
        until = time.monotonic() + within
        while (left := until - time.monotonic()) > 0:
            if not self._pipe.poll(left):
                return None
            kind, said = self._heard()
            if kind == _ANSWER:
                return said
            if kind == _FAILURE:
                raise RuntimeError(said)
            self.words.append(said)
        return None

    def _heard(self) -> tuple[str, Any]:
        try:
            heard: tuple[str, Any] = self._pipe.recv()
        except EOFError:
            # At the interpreter's end `multiprocessing` ends its children while worker threads still run.
            if not threading.main_thread().is_alive():
                raise Interrupted from None
            self._process.join(1)
            raise RuntimeError(f"{self._called} ended by itself (exit code {self._process.exitcode}).") from None
        return heard


@contextmanager
def working(work: Work, given: Any, *, called: str) -> Iterator[Child]:
    """Start `work(given, say)` in a child and kill the child at the end, whatever happened.

    `work` is a function of a module and loads what is heavy itself; what is given, said and answered is pickled.
    `called` begins the sentence that tells of its death.
    """
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=work_in_child, args=(theirs, os.getpid(), work, given), daemon=True)
    process.start()
    theirs.close()
    try:
        yield Child(process, ours, called)
    finally:
        process.kill()
        process.join()
        ours.close()


def work_in_child(pipe: Connection, parent: int, work: Work, given: Any) -> None:
    """Do the work and say what it came to. The target of the child process; `parent` is the process id of the one that
    started it, which may be gone by now.
    """
    _live_with(parent)
    try:
        pipe.send((_ANSWER, work(given, lambda word: pipe.send((_WORD, word)))))
    except Exception as error:
        pipe.send((_FAILURE, f"{type(error).__name__}: {error}"))


def _live_with(parent: int) -> None:
    """End when the parent is gone, and leave every Ctrl-C to it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    watch(parent)  # the kernel would end it with the thread that started it, which is not the whole parent
