"""Work under a lease, done in child processes of the worker, so that it can be watched, cancelled and outlived.

A child is killed on a cancel within two seconds, and when its time is over in any case.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from placement.domain.errors import OutOfStep
from placement.jobs.child import Interrupted, Work, working
from placement.records.leases import Leases
from placement.records.sessions import Store, told

BEAT_SECONDS = 0.5
START_SECONDS = 30  # on a busy machine the solver's libraries alone take some to load
Clock = Callable[[], datetime]


class Cancelled(Exception):
    """Somebody asked the work to stop, or another worker took it over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """Work that this worker has: its row, the token it is written with, and whose council it is."""

    store: Store
    leases: Leases[Any]
    row_id: int
    token: str
    council: str
    clock: Clock

    def watched(self, work: Work, given: Sequence[Any], *, called: str, within: float) -> list[Any]:
        """Return what `work` comes to for each of what is given, each done in a child of its own, all at once.

        It beats and looks for a cancel meanwhile. What the children have said is the progress of the row.
        Raises Cancelled, TimeoutError after `within` seconds and START_SECONDS, or what `Child.answer` raises.
        """
        deadline = time.monotonic() + START_SECONDS + within
        with ExitStack() as stack:
            children = [stack.enter_context(working(work, each, called=called)) for each in given]
            answers: list[Any] = [None] * len(children)
            while True:
                for place, child in enumerate(children):
                    if answers[place] is None:
                        answers[place] = child.answer(within=BEAT_SECONDS)
                words = [word for child in children for word in child.words]
                with self.store.writing() as session:
                    goes_on = self.leases.beat(session, self.row_id, self.token, words, now=self.clock())
                if not goes_on:
                    raise Cancelled
                if all(answer is not None for answer in answers):
                    return answers
                if time.monotonic() > deadline:
                    raise TimeoutError(f"{called} did not stop at its limit and was ended.")


def do_claimed(store: Store, leases: Leases[Any], row_id: int, *, clock: Clock, do: Callable[[Claimed], None]) -> bool:
    """Claim work, do it and write what it came to; return whether this call was the one that did.

    Every database unit is to be short: none is open while a child works. What `do` raises fails the work.
    """
    with store.writing() as session:
        token = leases.claim(session, row_id, now=clock())
        council = session.get_one(leases.table, row_id).council
    if token is None:
        return False
    try:
        do(Claimed(store=store, leases=leases, row_id=row_id, token=token, council=council, clock=clock))
    except Cancelled:
        with contextlib.suppress(OutOfStep), store.writing() as session:
            leases.stop(session, row_id, token, now=clock())
    except Interrupted:  # it stays claimed until its lease lapses
        return False
    except Exception as error:
        with contextlib.suppress(OutOfStep), store.writing() as session:
            leases.fail(session, row_id, token, told(error), now=clock())
        raise
    return True


def sweep_claims(store: Store, leases: Leases[Any], do_one: Callable[..., bool], *, clock: Clock) -> int:
    """Do all work of a kind that waits or was abandoned; return how much was done here."""
    with store.reading() as session:
        waiting = list(leases.waiting(session, now=clock()))
    return sum(do_one(store, row_id, clock=clock) for row_id in waiting)
