"""Asking commissioning to ring whoever has stopped answering reminders."""

from __future__ import annotations

from functools import partial

from placement.jobs.claimed import Clock
from placement.market.silence import keep_silence_tasks
from placement.records.accounts import councils_at_work
from placement.records.sessions import Store, retried


def watch_silence(store: Store, *, clock: Clock) -> int:
    """Make and end these tasks in each council; return how many were made."""
    with store.reading() as session:
        councils = councils_at_work(session)
    return sum(retried(store, partial(keep_silence_tasks, now=clock()), council=council) for council in councils)
