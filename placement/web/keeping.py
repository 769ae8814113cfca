"""A sign-in that ends takes no typing with it: what is sent after it is kept, and shown again after signing in.

Whose the sign-in was is known by its token, so it is kept for nobody else. It stands in no address and no log.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import current_app, flash, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from placement.records.accounts import whose_sign_in
from placement.records.kept_forms import Fields, TypedBefore, give_back, keep_form
from placement.web.extensions import store
from placement.web.forms.marks import MARKS, SHOWN_AGAIN
from placement.web.transactions import now, reading

TOKEN = "_user_id"  # where Flask-Login keeps what a browser signs in with
# Forms that stand on the page of another address: sent there, they are shown again all the same.
STANDS_ELSEWHERE = {
    "broker.add_file",
    "broker.answer_question",
    "broker.ask_for_nights",
    "broker.assign",
    "broker.confirm_import",
    "broker.dismiss_task",
    "broker.dismiss_tasks",
    "broker.find",
    "broker.hand_over_one",
    "broker.hold_proposal",
    "broker.note",
    "broker.reject_proposal",
    "broker.send_back",
    "provider.confirm_bulk",
    "provider.decline",
    "provider.departure",
}
SECRET = "password"  # the part of a field's name that says that it is one


def wanted_page() -> str | None:
    """Return the page that somebody wanted who has to sign in first; what they typed is kept for them."""
    if request.method in ("GET", "HEAD"):
        return request.full_path.rstrip("?")
    who = whose_sign_in(reading(), str(session.get(TOKEN, "")), now=now())
    if who is None:
        return _page_before()
    if _is_form() and _keep(who):
        flash("Your sign-in had ended. What you typed is kept for an hour: sign in to go on with it.")
        return url_for("account.kept")
    flash("Your sign-in had ended, so nothing was done. Sign in and do it again.")
    return _page_before()


def typed_fields() -> Fields:
    """Return what was typed into the form that is sent: no marks of ours, and no password."""
    return [(name, value) for name, value in request.form.items(multi=True) if name not in MARKS and SECRET not in name]


def page_again(typed: TypedBefore, status: int = 200) -> ResponseReturnValue:
    """Answer with the one button that shows the form again, with what was typed in it."""
    return render_template("account/kept.html", typed=typed, again=SHOWN_AGAIN), status


def typed_now() -> TypedBefore | None:
    """Return the form that is sent, if its page can show it again and it comes from a page of ours."""
    came_from = urlsplit(request.headers.get("Origin") or request.referrer or "").netloc
    if request.method != "POST" or not _is_form() or came_from != request.host:
        return None
    return TypedBefore(path=request.full_path.rstrip("?"), fields=typed_fields(), had_file=_has_file())


def _keep(who: int) -> bool:
    typed = TypedBefore(path=request.full_path.rstrip("?"), fields=typed_fields(), had_file=_has_file())
    with store().writing() as unit:
        return keep_form(unit, who, typed, now=now())


def _has_file() -> bool:
    return any(file.filename for file in request.files.values())


def _is_form() -> bool:
    """Return whether what is sent is a form whose page shows it again: its address can be looked at, or it is known."""
    if request.endpoint in STANDS_ELSEWHERE:
        return bool(typed_fields())
    try:
        current_app.url_map.bind("").match(request.path, method="GET")
    except HTTPException:
        return False
    return bool(typed_fields()) or _has_file()


def _page_before() -> str | None:
    """Return the page of ours on which a button was pressed."""
    came = urlsplit(request.referrer or "")
    return came.path + (f"?{came.query}" if came.query else "") if came.netloc == request.host else None


def given_back(response: Response) -> Response:
    """Forget what was kept once its page has shown it again."""
    if response.status_code == 413:  # nothing of what was sent can be read
        return response
    if request.method == "POST" and SHOWN_AGAIN in request.form and current_user.is_authenticated:
        with store().writing() as unit:
            give_back(unit, actor=current_user.actor)
    return response


def init_app(app: Any) -> None:
    """Let an application forget what it has given back."""
    app.after_request(given_back)
