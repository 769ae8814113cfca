"""The work queue and the schedule: huey over a file in the home folder. Tasks carry ids only.

The queue may lose the job it is working on when it is killed; the run table does not, and the sweep finds such a run
again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from huey import SqliteHuey, crontab
from huey.serializer import SignedSerializer

from placement.brokerage.placements import release_expired
from placement.domain.people import SYSTEM
from placement.jobs.pricing import compute_prices
from placement.jobs.solving import Clock, solve_run, sweep
from placement.records.sessions import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """The queue of one home: `solve(run_id)` returns at once, and the worker of this home does it."""

    huey: Any
    solve: Callable[[int], Any]


def open_queue(home: Path, *, secret: str, store: Store, clock: Clock) -> Queue:
    """Open the queue of a home folder with its tasks; web and worker open it alike."""
    huey = SqliteHuey(
        "placement", filename=str(home / "queue.db"), serializer=SignedSerializer(secret=secret), results=False
    )

    def solve(run_id: int) -> None:
        solve_run(store, run_id, clock=clock)

    def sweep_runs() -> None:
        sweep(store, clock=clock)

    def release_reservations() -> None:
        with store.writing() as session:
            release_expired(session, by=SYSTEM, now=clock())

    def price_places() -> None:
        compute_prices(store, clock=clock)

    every_minute, at_night = crontab(minute="*"), crontab(hour="3", minute="30")
    huey.periodic_task(every_minute, name="release_reservations")(release_reservations)
    huey.periodic_task(every_minute, name="sweep_runs")(huey.lock_task("sweep")(sweep_runs))
    huey.periodic_task(at_night, name="price_places")(huey.lock_task("prices")(price_places))
    return Queue(huey=huey, solve=huey.task(name="solve")(solve))


def work(queue: Queue) -> None:
    """Do the queue's work until a signal says stop; two workers, so that a solve does not hold up the schedule.

    A worker that was killed while it swept has left the sweep's lock behind: one that starts takes it away.
    """
    queue.huey.create_consumer(
        workers=2, worker_type="thread", periodic=True, initial_delay=0.1, max_delay=1.0, flush_locks=True
    ).run()
