"""A child process says how far it is and what it came to, and never outlives who started it."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
import time

import pytest

from placement.jobs.child import working


def counted(to, say):
    for number in range(1, to):
        say(number)
    return to


def refused(_given, _say):
    raise ValueError("no such thing")


def asleep(seconds, _say):
    time.sleep(seconds)
    return "awake"


def gone(code, _say):
    os._exit(code)


def test_an_answer_comes_after_the_words_on_the_way():
    with working(counted, 3, called="The count") as child:
        assert child.answer(within=60) == 3
        assert child.words == [1, 2]

    assert multiprocessing.active_children() == []


def test_an_error_in_the_child_is_told_with_its_name():
    with pytest.raises(RuntimeError, match="ValueError: no such thing"), working(refused, 0, called="It") as child:
        child.answer(within=60)


def test_a_child_that_dies_is_told_by_what_it_is_called():
    with (
        pytest.raises(RuntimeError, match=r"The count ended by itself \(exit code 3\)\."),
        working(gone, 3, called="The count") as child,
    ):
        child.answer(within=60)


def test_who_does_not_wait_kills_the_child():
    with working(asleep, 60, called="The sleeper") as child:
        assert child.answer(within=0.1) is None
        began = time.monotonic()

    assert time.monotonic() - began < 10
    assert multiprocessing.active_children() == []


def test_a_child_whose_worker_was_gone_before_it_looked_ends_as_well():
    """It is told its parent's number: asking for it would name whoever has adopted it."""
    left = subprocess.Popen([sys.executable, "-c", ""])
    left.wait()
    program = (
        "from multiprocessing import Pipe\n"
        "import time, placement.jobs.child as child\n"
        f"child.work_in_child(Pipe()[1], {left.pid}, lambda given, say: time.sleep(given), 60)\n"
    )
    child = subprocess.Popen([sys.executable, "-c", program])
    try:
        assert child.wait(30) == 1
    finally:
        child.kill()
        child.wait()
