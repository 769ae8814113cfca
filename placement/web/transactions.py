"""One read unit per request, one commit per unsafe request; a GET cannot write."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from flask import Flask, g, request
from sqlalchemy.orm import Session

from placement.records.councils import scope
from placement.records.sent_forms import claim
from placement.web.extensions import config, store
from placement.web.forms.marks import SHOWN_AGAIN

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


def _close_reading(_error: BaseException | None = None) -> None:
    session: Session | None = g.pop("reading", None)
    if session is not None:
        session.close()


def init_app(app: Flask) -> None:
    """Close what a request opened, whatever happened to it."""
    app.teardown_appcontext(_close_reading)
