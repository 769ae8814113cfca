"""Every form has a number of its own. Sent twice – a double click, Back, a reload – it is done once and answered alike.

`form_marks()` writes what every form that changes something carries: its token and its number. What a form came to is
kept with its number (`records.sent_forms`); the unit that does it claims the number (`transactions.committing`).
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import time

from flask import Flask, Response, flash, g, redirect, render_template, request, session
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup
from werkzeug.datastructures import FileStorage

from placement.domain.errors import SentAlready
from placement.records.sent_forms import DoneForm, Sending, done_before, keep_answer
from placement.web.extensions import config, store
from placement.web.forms.marks import MARKS, NONCE, TOKEN
from placement.web.transactions import SAFE, reading

_NONCE = re.compile(r"[A-Za-z0-9_-]{16,64}")
LONGEST_WAIT, STEP = 5.0, 0.05  # seconds in which the first answer is written, and between two looks
_HIDDEN = Markup('<input type="hidden" name="{}" value="{}">')


def form_marks() -> Markup:
    """Return what every form carries that changes something: the token of its session, and a number of its own."""
    return _HIDDEN.format(TOKEN, generate_csrf()) + _HIDDEN.format(NONCE, secrets.token_urlsafe(18))


def _answer_again() -> ResponseReturnValue | None:
    # The method first: who is signed in is asked of the database, which whoever only looks need not have.
    if request.method in SAFE or not current_user.is_authenticated:
        return None
    return answer_again(current_user.actor.user_id)


def answer_again(user_id: int) -> ResponseReturnValue | None:
    """Answer a form of somebody that is done already with what it was answered; note the number of any other.

    It is asked for everybody who is signed in; a page that knows its reader by a link asks for itself.
    """
    nonce = request.form.get(NONCE, "") if request.method not in SAFE else ""
    if not _NONCE.fullmatch(nonce):
        return None
    g.sending = Sending(user_id=user_id, nonce=nonce, digest=_digest(nonce))
    done = done_before(reading(), g.sending)
    return None if done is None else _answer_of(done)


def _digest(nonce: str) -> str:
    """Return a keyed hash of what a form says and where it goes: nobody can guess back what was typed."""
    said = sorted((name, value) for name, value in request.form.items(multi=True) if name not in MARKS)
    files = sorted((name, _content(file)) for name, file in request.files.items(multi=True))
    words = repr((nonce, request.full_path, said, files))
    return hmac.new(config().secret_key.encode(), words.encode(errors="replace"), hashlib.sha256).hexdigest()


def _content(file: FileStorage) -> str:
    """Return a hash of an uploaded file, and leave it to be read from its beginning."""
    found = hashlib.sha256(file.read()).hexdigest()  # no upload is longer than 12 MB
    file.seek(0)
    return found


def _answer_of(done: DoneForm | None) -> ResponseReturnValue:
    """Return the first answer; a form that says something else by now is told so, and what it says is kept."""
    if done is not None and not done.is_same:
        kept = [(name, value) for name, value in request.form.items(multi=True) if name not in MARKS]
        return render_template("errors/sent.html", location=done.location, kept=kept), 409
    if done is None or done.status is None or not done.location:
        return render_template("errors/sent.html", location=None, kept=[]), 409
    for category, words in done.notices:
        flash(words, category)
    return redirect(done.location, done.status)


def _sent_meanwhile(_error: SentAlready) -> ResponseReturnValue:
    """The same form was done while this one was read: wait for its answer and give it here too."""
    until = time.monotonic() + LONGEST_WAIT
    while True:
        with store().reading() as unit:
            done = done_before(unit, g.sending)
        if (done is not None and done.status is not None) or time.monotonic() > until:
            return _answer_of(done)
        time.sleep(STEP)


def _keep(response: Response) -> Response:
    """Keep the answer to a form that was done, beside its number."""
    if g.get("claimed") and response.location:
        with store().writing() as unit:
            notices = [list(each) for each in session.get("_flashes", [])]
            keep_answer(unit, g.sending, status=response.status_code, location=response.location, notices=notices)
    return response


def init_app(app: Flask) -> None:
    """Number every form of an application, and answer those that come twice."""
    app.add_template_global(form_marks)
    app.before_request(_answer_again)
    app.after_request(_keep)
    app.register_error_handler(SentAlready, _sent_meanwhile)
