"""Races between real processes: everybody waits at a barrier before every round, then all act at once.

An act is a function of a module, `act(session, setting, round, racer)`, that runs as one write unit in a process of
its own. What it raises is its outcome; anything that is not one of the product's own errors fails the test.
"""

from __future__ import annotations

import multiprocessing
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from queue import Empty
from threading import BrokenBarrierError
from typing import Any

from sqlalchemy.orm import Session

from placement.domain.errors import PlacementError
from placement.records.sessions import open_url

Act = Callable[[Session, Mapping[str, Any], int, int], Any]
LONGEST_WAIT = 120
DONE, UNHANDLED = "done", "unhandled"


@dataclass(frozen=True, slots=True)
class Result:
    """What everybody met in every round (`DONE`, or an error's name), what was returned, and how long it took."""

    outcomes: list[list[str]]
    returned: list[list[Any]]
    seconds: list[float] = field(repr=False)

    @property
    def unhandled(self) -> list[str]:
        """Return what was raised that is not the product's own word."""
        pairs = zip(self.outcomes, self.returned, strict=True)
        return [said for names, words in pairs for name, said in zip(names, words, strict=True) if name == UNHANDLED]

    def counts(self) -> Counter[str]:
        """Return how often each outcome was met."""
        return Counter(outcome for each in self.outcomes for outcome in each)

    def rounds_with(self, winners: int) -> int:
        """Return how many rounds had exactly this number of winners."""
        return sum(1 for each in self.outcomes if each.count(DONE) == winners)

    def milliseconds(self, share: float) -> float:
        """Return the time that this share of the acts stayed within."""
        ordered = sorted(self.seconds)
        return round(1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))], 1)


class Racers:
    """Processes that are started once and run race after race; starting one costs more than a race does."""

    def __init__(self, number: int) -> None:
        context = multiprocessing.get_context("spawn")
        self.answers = context.Queue()
        self.orders = [context.Queue() for _ in range(number)]
        self.barriers = {size: context.Barrier(size) for size in {2, number}}
        self.processes = [
            context.Process(target=_work, args=(racer, orders, self.answers, self.barriers), daemon=True)
            for racer, orders in enumerate(self.orders)
        ]
        for process in self.processes:
            process.start()

    def race(self, url: str, acts: Sequence[Act], *, rounds: int, setting: Mapping[str, Any]) -> Result:
        """Let as many processes as there are acts race for a number of rounds."""
        for racer, act in enumerate(acts):
            self.orders[racer].put((url, act, len(acts), rounds, setting))
        reports = dict(self._answer() for _ in acts)
        every = [reports[racer] for racer in range(len(acts))]
        return Result(
            outcomes=[[report[number][0] for report in every] for number in range(rounds)],
            returned=[[report[number][1] for report in every] for number in range(rounds)],
            seconds=[row[2] for report in every for row in report],
        )

    def _answer(self) -> tuple[int, list[tuple[str, Any, float]]]:
        while True:
            with suppress(Empty):
                answer: tuple[int, list[tuple[str, Any, float]]] = self.answers.get(timeout=1)
                return answer
            if not all(process.is_alive() for process in self.processes):
                raise RuntimeError("A racer has ended by itself")

    def stop(self) -> None:
        """Send everybody home."""
        for orders in self.orders:
            orders.put(None)
        for process in self.processes:
            process.join(timeout=10)
            process.kill()
        for queue in (*self.orders, self.answers):
            queue.close()
            queue.join_thread()


def _work(racer: int, orders: Any, answers: Any, barriers: Mapping[int, Any]) -> None:
    while (order := orders.get()) is not None:
        url, act, size, rounds, setting = order
        store = open_url(url)
        with store.reading() as session:  # connect before the first start, not during it
            session.connection()
        rows = []
        for number in range(rounds):
            with suppress(BrokenBarrierError):
                barriers[size].wait(LONGEST_WAIT)
            began = time.perf_counter()
            outcome = _act(store, act, setting, number, racer)
            rows.append((*outcome, time.perf_counter() - began))
        store.engine.dispose()
        answers.put((racer, rows))


def _act(store: Any, act: Act, setting: Mapping[str, Any], number: int, racer: int) -> tuple[str, Any]:
    try:
        with store.writing() as session:
            returned = act(session, setting, number, racer)
    except PlacementError as error:
        return type(error).__name__, str(error)
    except Exception as error:
        return UNHANDLED, f"{type(error).__name__}: {error}"
    return DONE, returned
