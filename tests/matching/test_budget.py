"""A watch over a budget: what is left, when to stop, and stopping a search that is under way."""

import threading
import time

import pytest

from placement.matching.budget import Budget, Watch


def test_what_is_left_falls_from_what_was_given_to_nothing_and_never_below():
    watch = Watch(Budget(seconds=0.02))
    first = watch.seconds_left()
    time.sleep(0.03)

    assert 0 < first <= 0.02
    assert watch.seconds_left() == 0.0
    assert watch.is_over()
    assert watch.elapsed() >= 0.03


def test_without_a_limit_time_is_never_over():
    watch = Watch(Budget(seconds=None, work=0.5))

    assert watch.seconds_left() is None
    assert not watch.is_over()
    assert watch.work == 0.5


def test_a_wish_to_stop_is_looked_at_every_time():
    answers = iter([False, True])
    watch = Watch(Budget(), cancelled=lambda: next(answers))

    assert [watch.is_over(), watch.is_over()] == [False, True]


def test_a_search_is_told_to_stop_again_and_again_for_one_that_has_not_begun_would_not_hear_it():
    told = threading.Semaphore(0)
    with Watch(Budget(), cancelled=lambda: True).stopping(told.release):
        assert told.acquire(timeout=5)
        assert told.acquire(timeout=5)


@pytest.mark.parametrize("cancelled", [None, lambda: False])
def test_nothing_is_stopped_that_nobody_wished_to_stop(cancelled):
    stopped = []
    with Watch(Budget(), cancelled=cancelled).stopping(lambda: stopped.append(True)):
        time.sleep(0.12)

    assert stopped == []
