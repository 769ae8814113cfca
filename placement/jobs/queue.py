"""The work queue and the schedule: huey over a file in the home folder. Tasks carry ids only.

The queue may lose the job it is working on when it is killed; the run table does not, and the sweep finds such a run
again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

from huey import SqliteHuey, crontab
from huey.serializer import SignedSerializer
from sqlalchemy.exc import DBAPIError

from placement.brokerage.attachments import clean
from placement.brokerage.offers.ending import expire_offers
from placement.brokerage.offers.sending import chase_offers, send_due
from placement.brokerage.placements import release_expired
from placement.brokerage.ways_back import begin_way_back, end_ways_back, without_way_back
from placement.domain.errors import OutOfStep, PlacementError
from placement.domain.people import SYSTEM
from placement.jobs.claimed import Clock
from placement.jobs.digests import write_digests
from placement.jobs.pricing import price_places
from placement.jobs.replaying import replay_scenario, sweep_scenarios
from placement.jobs.sending import Mailing, send_messages
from placement.jobs.silence import watch_silence
from placement.jobs.solving import solve_run, sweep
from placement.jobs.valuing import find_values
from placement.planning.deciding import end_holds
from placement.planning.later_waves import drop_unfit
from placement.planning.runs import request_run
from placement.planning.standing import ask_first, news, tell_news
from placement.records.accounts import councils_at_work
from placement.records.files import FILES, FolderStore
from placement.records.kept_forms import forget_kept_forms
from placement.records.leases import LEASE
from placement.records.looking import forget_looks
from placement.records.searches import forget_searches
from placement.records.sent_forms import forget_sent
from placement.records.sessions import Store, told

log = logging.getLogger(__name__)


class Job(Protocol):
    """What the schedule does: one whole piece of work over a database."""

    def __call__(self, store: Store, *, clock: Clock) -> object: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheduled:
    """One row of the schedule: which job, when, and the lock that keeps it from running twice at once (or none)."""

    name: str
    when: Callable[[datetime], bool]
    do: Job
    lock: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """The queue of one home: `solve(run_id)` and `replay(scenario_id)` return at once, the worker does it.

    `value(valuation_id)` does so for what more places would have been worth.
    `sweep_later(seconds)` looks for abandoned runs once, after so many seconds.
    """

    huey: Any
    solve: Callable[[int], Any]
    replay: Callable[[int], Any]
    value: Callable[[int], Any]
    sweep_later: Callable[[float], Any]


def release_reservations(store: Store, *, clock: Clock) -> None:
    """Release every place whose reservation has run out."""
    with store.writing() as session:
        release_expired(session, by=SYSTEM, now=clock())


def let_holds_go(store: Store, *, clock: Clock) -> None:
    """Let every place go that was held for long enough."""
    with store.writing() as session:
        end_holds(session, now=clock())


def attend_offers(store: Store, *, clock: Clock) -> None:
    """End requests that were not answered in time, ask those of the next wave that still fit, remind who is slow."""
    for step in (expire_offers, drop_unfit, send_due, chase_offers):
        with store.writing() as session:
            step(session, by=SYSTEM, now=clock())


def look_for_places(store: Store, *, clock: Clock) -> None:
    """Tell brokerage of whom a change of the last minute gives a place in the city; council by council."""
    with store.reading() as session:
        councils = councils_at_work(session)
    for council in councils:
        looked_at = clock()
        with store.reading(council) as session:
            found = news(session, now=looked_at)
        for referral_id in found.first:
            with store.writing(council) as session:
                ask_first(session, referral_id, found.units, now=clock())
        with store.writing(council) as session:
            tell_news(session, found, looked_at=looked_at, now=clock())


def run_by_night(store: Store, *, clock: Clock) -> None:
    """Match everybody anew, council by council, so that brokerage finds in the morning what has changed since."""
    with store.reading() as session:
        councils = councils_at_work(session)
    for council in councils:
        try:
            with store.writing(council) as session:
                run = request_run(session, by=SYSTEM, now=clock())
                session.flush()
                run_id = run.id
        except OutOfStep:
            continue  # somebody's run is under way: it says the same
        solve_run(store, run_id, clock=clock)


def keep_return_list(store: Store, *, clock: Clock) -> None:
    """Look for a way back for whoever is new on the return list, and for nobody who is not outside any more."""
    with store.reading() as session:
        councils = councils_at_work(session)
    for council in councils:
        with store.writing(council) as session:
            end_ways_back(session, now=clock())
        with store.reading(council) as session:
            stays = without_way_back(session)
        for stay_id in stays:
            try:
                with store.writing(council) as session:
                    begin_way_back(session, stay_id, now=clock())
            except PlacementError as error:  # the others are looked for all the same
                log.warning("no way back is looked for from stay %d: %s", stay_id, type(error).__name__)


def forget_kept(store: Store, *, clock: Clock) -> None:
    """Forget forms that nobody can send again, what was searched for, what was typed and never asked for, and looks."""
    with store.writing() as session:
        forget_sent(session, now=clock())
        forget_searches(session, now=clock())
        forget_kept_forms(session, now=clock())
        forget_looks(session, now=clock())


REPLAYS = "replays"
"""The lock of replays: they take minutes and every core, so a machine does one at a time."""
EVERY_MINUTE, AT_NIGHT = crontab(minute="*"), crontab(hour="3", minute="30")
EVERY_QUARTER = crontab(minute="*/15")
BEFORE_WORK = crontab(hour="5", minute="0")  # after the places were priced, and before anybody looks
SCHEDULE = (
    Scheduled(name="release_reservations", when=EVERY_MINUTE, do=release_reservations),
    Scheduled(name="let_holds_go", when=EVERY_MINUTE, do=let_holds_go),
    Scheduled(name="attend_offers", when=EVERY_MINUTE, do=attend_offers),
    Scheduled(name="look_for_places", when=EVERY_MINUTE, do=look_for_places, lock="places"),
    Scheduled(name="keep_return_list", when=EVERY_MINUTE, do=keep_return_list, lock="return_list"),
    Scheduled(name="write_digests", when=EVERY_QUARTER, do=write_digests, lock="digests"),
    Scheduled(name="watch_silence", when=EVERY_QUARTER, do=watch_silence, lock="silence"),
    Scheduled(name="sweep_runs", when=EVERY_MINUTE, do=sweep, lock="sweep"),
    Scheduled(name="sweep_scenarios", when=EVERY_MINUTE, do=sweep_scenarios, lock=REPLAYS),
    Scheduled(name="price_places", when=AT_NIGHT, do=price_places, lock="prices"),
    Scheduled(name="run_by_night", when=BEFORE_WORK, do=run_by_night, lock="night_run"),
    Scheduled(name="forget_kept", when=AT_NIGHT, do=forget_kept),
)


def open_queue(home: Path, *, secret: str, store: Store, clock: Clock, mailing: Mailing | None = None) -> Queue:
    """Open the queue of a home folder with its tasks; web and worker open it alike. Without a mailing none is sent."""
    huey = SqliteHuey(
        "placement", filename=str(home / "queue.db"), serializer=SignedSerializer(secret=secret), results=False
    )

    def solve(run_id: int) -> None:
        _logged("solve", lambda: solve_run(store, run_id, clock=clock))

    def value(valuation_id: int) -> None:
        _logged("value", lambda: find_values(store, valuation_id, clock=clock))

    def sweep_once() -> None:
        _logged("sweep_once", lambda: sweep(store, clock=clock))

    def replay(scenario_id: int) -> None:
        _logged("replay", lambda: replay_scenario(store, scenario_id, clock=clock))

    if mailing is not None:

        def send(store: Store, *, clock: Clock) -> None:
            send_messages(store, clock=clock, mailing=mailing)

        _enter(huey, Scheduled(name="send_messages", when=EVERY_MINUTE, do=send, lock="outbox"), store, clock)

    def clean_files(store: Store, *, clock: Clock) -> None:
        with store.reading() as session:
            clean(session, FolderStore(home / FILES), now=clock())

    _enter(huey, Scheduled(name="clean_files", when=AT_NIGHT, do=clean_files, lock="files"), store, clock)
    for row in SCHEDULE:
        _enter(huey, row, store, clock)
    later = huey.task(name="sweep_once")(sweep_once)
    return Queue(
        huey=huey,
        solve=huey.task(name="solve")(solve),
        replay=huey.task(name="replay")(huey.lock_task(REPLAYS)(replay)),
        value=huey.task(name="value")(value),
        sweep_later=lambda seconds: later.schedule(delay=seconds),
    )


def _logged(name: str, job: Callable[[], object]) -> None:
    """Do a job; what the database says against it goes into the log without its message, which may quote a person.

    The schedule does it again, and a run that was not ended is swept up.
    """
    try:
        job()
    except DBAPIError as error:
        log.error("the job %s ended: %s", name, told(error))


def _enter(huey: Any, row: Scheduled, store: Store, clock: Clock) -> None:
    def job() -> None:
        _logged(row.name, lambda: row.do(store, clock=clock))

    huey.periodic_task(row.when, name=row.name)(huey.lock_task(row.lock)(job) if row.lock else job)


def work(queue: Queue) -> None:
    """Do the queue's work until a signal says stop; three workers, so that neither a solve nor a replay holds up the
    schedule.

    A worker that was killed while it swept has left the sweep's lock behind: one that starts takes it away. The run
    that it was solving is free when its lease is over: one that starts looks for it then, before the schedule does.
    """
    queue.sweep_later((LEASE + timedelta(seconds=1)).total_seconds())
    queue.huey.create_consumer(
        workers=3, worker_type="thread", periodic=True, initial_delay=0.1, max_delay=1.0, flush_locks=True
    ).run()
