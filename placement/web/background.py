"""The application's end of the work queue."""

from __future__ import annotations

import logging
import sqlite3
from typing import cast

from flask import Flask, current_app

from placement.jobs.queue import Queue, open_queue
from placement.web.extensions import config, store

log = logging.getLogger(__name__)


def queue(app: Flask | None = None) -> Queue:
    """Return this application's queue, opened on first use."""
    found = (app or current_app).extensions.get("placement_queue")
    if found is None:
        settings = config()
        found = open_queue(
            settings.home,
            secret=settings.secret_key,
            store=store(),
            clock=settings.clock,
            mailing=settings.mailing,
        )
        current_app.extensions["placement_queue"] = found
    return cast(Queue, found)


def solve_later(run_id: int) -> None:
    """Ask the worker to solve a run; the run table keeps it even if the queue forgets."""
    try:
        queue().solve(run_id)
    except sqlite3.Error as error:  # the queue's own file: full, or in the way of itself
        log.error("the queue did not take a run: %s", type(error).__name__)


def value_later(valuation_id: int) -> None:
    """Ask the worker what more places would have been worth; what the queue forgets can be asked for again."""
    try:
        queue().value(valuation_id)
    except sqlite3.Error as error:
        log.error("the queue did not take a valuation: %s", type(error).__name__)
