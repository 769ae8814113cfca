"""One read unit per request, one commit per unsafe request; a GET cannot write."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from time import sleep
from typing import TypeVar

from flask import Flask, g, request
from sqlalchemy.orm import Session

from placement.records.councils import scope
from placement.records.sent_forms import claim
from placement.web.extensions import config, store
from placement.web.forms.marks import SHOWN_AGAIN

P = TypeVar("P")
R = TypeVar("R")
BETWEEN_PARTS = 0.12  # seconds: SQLite looks for a lock again after 0.1 s at most
SAFE = {"GET", "HEAD", "OPTIONS"}


def now() -> datetime:
    """Return the instant of this request: the same one from its first question to its audit line."""
    if "now" not in g:
        g.now = config().clock()
    instant: datetime = g.now
    return instant


def work_for(council: str | None) -> None:
    """Let this request see and write one council's rows only; None: those that its actor may see of any council's."""
    g.council = council
    if "reading" in g:
        scope(g.reading, council)


def reading() -> Session:
    """Return this request's read-only session."""
    if "reading" not in g:
        g.reading = store().read()
        scope(g.reading, g.get("council"))
    session: Session = g.reading
    return session


@contextmanager
def committing() -> Iterator[Session]:
    """Open this request's one write unit; it commits at the end, or leaves nothing behind on an error.

    The read unit is closed first, so that the page that is answered after a refusal shows the world as it is now.
    """
    if request.method in SAFE or "has_written" in g or SHOWN_AGAIN in request.form:
        raise RuntimeError("A write belongs to one unsafe request, once, and to none that only shows a form again")
    _close_reading()
    g.has_written = True
    try:
        with store().writing(g.get("council")) as session:
            if "sending" in g:
                claim(session, g.sending, now=now())
            yield session
        g.claimed = "sending" in g
    finally:
        _close_reading()  # a question asked on the way saw the world before the commit


def commit_in_parts(parts: Sequence[P], do: Callable[[Session, P], R]) -> list[R]:
    """Do each part of a long piece of work in a write unit of its own, so that others can write between them.

    Only for work of which a part is whole by itself, and that can be sent again after it broke off between two: what
    the first part commits, stays. A moment is left between two parts: who waits for the lock looks only now and then.
    """
    found = []
    for number, part in enumerate(parts):
        if number:
            sleep(BETWEEN_PARTS)
        with store().writing(g.get("council")) if number else committing() as session:
            found.append(do(session, part))
    return found


def _close_reading(_error: BaseException | None = None) -> None:
    session: Session | None = g.pop("reading", None)
    if session is not None:
        session.close()


def init_app(app: Flask) -> None:
    """Close what a request opened, whatever happened to it."""
    app.teardown_appcontext(_close_reading)
