"""Domain error to status and page: the only map. A person always learns what happened and what to do next."""

from __future__ import annotations

import logging
from http import HTTPStatus
from uuid import uuid4

from flask import Flask, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import (
    DatabaseError,
    DataError,
    DBAPIError,
    IntegrityError,
    InterfaceError,
    InternalError,
    OperationalError,
    ProgrammingError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from placement.domain.errors import EditedMeanwhile, PlacementError, TooManyTries
from placement.records.races import is_race, violated
from placement.records.sessions import told
from placement.web.extensions import login
from placement.web.keeping import page_again, typed_now

log = logging.getLogger(__name__)

TITLES = {
    400: ("There is a problem with what was sent", "Go back, check what you entered and try again."),
    401: ("Sign in to see this page", "Your sign-in has ended. Sign in again to go on."),
    403: ("You cannot see this page", "It belongs to another role. Ask an administrator if you think you should."),
    404: ("Page not found", "Check the address, or go back to where you were."),
    405: ("This page cannot be used that way", "Go back and use the buttons on the page."),
    409: ("Something has changed", "Go back and look at where it stands now."),
    411: ("What was sent does not say how long it is", "Send it with a Content-Length."),
    413: ("The file is too large", "Send a file of at most 12 MB."),
    415: ("This kind of content cannot be read", "Send it in the format that the page names."),
    422: ("There is a problem with what was sent", "Go back, check what you entered and try again."),
    429: ("Too many tries", "Wait a while, then try again."),
    500: ("Something went wrong on our side", "Try again in a moment. Nothing you had saved is lost."),
    503: ("The service cannot be used just now", "Try again in a minute. Nothing you had saved is lost."),
}


def page(status: int, *, title: str | None = None, advice: str | None = None, mark: str = "") -> ResponseReturnValue:
    """Answer with the page for a status."""
    own_title, own_advice = TITLES.get(status, (HTTPStatus(status).phrase, "Go back and try again."))
    body = render_template("errors/error.html", title=title or own_title, advice=advice or own_advice, mark=mark)
    return body, status


def _domain(error: PlacementError) -> ResponseReturnValue:
    answer = make_response(page(error.status, title=str(error), advice=error.advice))
    if isinstance(error, TooManyTries):
        answer.headers["Retry-After"] = str(error.seconds)
    return answer


def _http(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 500
    if status < 400:
        return error
    if status == 401 and request.method in ("GET", "HEAD"):
        return redirect(url_for("account.sign_in", next=request.full_path.rstrip("?")))
    return page(status if status in TITLES else (400 if status < 500 else 500))


def _csrf(_error: CSRFError) -> ResponseReturnValue:
    typed = typed_now() if current_user.is_authenticated else None
    if typed is not None:  # somebody signed in anew in another window: their old page has another sign-in's token
        return page_again(typed, 400)
    return page(400, title="This page was open too long", advice="Go back, reload the page and send it again.")


def _database(error: DBAPIError | PoolTimeout) -> ResponseReturnValue:
    """Answer without the database: nobody is signed in on this page, for that would be asked there."""
    mark = uuid4().hex[:8]
    log.error("database not usable, mark %s: %s", mark, told(error))
    g._login_user = login.anonymous_user()
    answer = make_response(page(503, mark=mark))
    answer.headers["Retry-After"] = "30"
    return answer


def _refused(error: IntegrityError) -> ResponseReturnValue:
    """Tell of two writers who met where they can meet, and of a fault of ours everywhere else."""
    if is_race(error):
        return _edited_meanwhile(error)
    mark = uuid4().hex[:8]
    log.error("the database refused by %s, mark %s, endpoint %s", violated(error), mark, request.endpoint)
    return page(500, mark=mark)


def _edited_meanwhile(error: StaleDataError | IntegrityError) -> ResponseReturnValue:
    log.warning("%s at endpoint %s: two writers met", type(error).__name__, request.endpoint)
    return page(409, title="Somebody else changed this a moment ago", advice=EditedMeanwhile.advice)


def _unstorable(_error: DataError) -> ResponseReturnValue:
    return page(422, title="Something that was sent is too long or too large to be kept")


def _unexpected(error: Exception) -> ResponseReturnValue:
    mark = uuid4().hex[:8]
    # The type and the place, never the message: a message may quote what somebody typed about a person.
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    where = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "?"
    log.error("unexpected %s at %s, mark %s, endpoint %s", type(error).__name__, where, mark, request.endpoint)
    return page(500, mark=mark)


def init_app(app: Flask) -> None:
    """Bind the map to an application."""
    app.register_error_handler(PlacementError, _domain)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(HTTPException, _http)
    for refused in (OperationalError, InterfaceError, InternalError, DatabaseError, PoolTimeout):
        app.register_error_handler(refused, _database)
    app.register_error_handler(StaleDataError, _edited_meanwhile)
    app.register_error_handler(IntegrityError, _refused)
    app.register_error_handler(DataError, _unstorable)
    app.register_error_handler(ProgrammingError, _unexpected)
    if not app.testing:
        app.register_error_handler(Exception, _unexpected)
