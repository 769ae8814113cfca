"""Sign in, sign out, and where each role starts."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_user, logout_user

from placement.records.accounts import check_password, count_try, end_sign_in, start_sign_in, take_back_try
from placement.records.kept_forms import kept_form
from placement.web.access import SignedIn, current_actor, guard, is_signed_in, seconds_left
from placement.web.extensions import config, store
from placement.web.forms.account import SignInForm
from placement.web.keeping import page_again
from placement.web.layout import MENUS
from placement.web.transactions import committing, now, reading

blueprint = Blueprint("account", __name__)
guard(blueprint)


@blueprint.get("/")
def start() -> ResponseReturnValue:
    """Send each person to where their work begins."""
    if not is_signed_in():
        return redirect(url_for("account.sign_in"))
    return redirect(url_for(MENUS[current_user.actor.role][0][0]))


@blueprint.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> ResponseReturnValue:
    """Ask for e-mail address and password; one message for every wrong answer."""
    form = SignInForm()
    if not form.validate_on_submit():
        return render_template("account/sign_in.html", form=form), 422 if form.errors else 200
    subjects = (f"account {form.email.data.lower()}", f"address {request.remote_addr}")
    for subject in subjects:
        with store().writing() as counting:  # counted even if the sign-in fails, so it is a unit of its own
            count_try(counting, subject, now=now())
    with committing() as unit:
        user = check_password(unit, form.email.data, form.password.data)
        token = start_sign_in(unit, user.id, now=now(), longest=config().longest_sign_in) if user else None
        for subject in subjects if user else ():
            take_back_try(unit, subject)
    if user is None or token is None:
        form.email.errors = ["The e-mail address or the password is not right"]
        return render_template("account/sign_in.html", form=form), 422
    session.clear()
    session["seen"] = now().timestamp()
    login_user(SignedIn(token, user.actor(), now() + config().longest_sign_in))
    return redirect(_safe_next(request.args.get("next")) or url_for("account.start"))


@blueprint.get("/kept")
def kept() -> ResponseReturnValue:
    """Lead back to the form that was sent after the sign-in had ended, with what was typed in it."""
    typed = kept_form(reading(), actor=current_actor(), now=now())
    return redirect(url_for("account.start")) if typed is None else page_again(typed)


@blueprint.get("/stay")
def stay() -> ResponseReturnValue:
    """Say how many seconds are left; to be asked keeps a sign-in, unless the question says that it polls."""
    if request.headers.get("X-Polling") != "1" and is_signed_in():
        session["seen"] = now().timestamp()
    return {"seconds": seconds_left()}


@blueprint.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    """Forget this sign-in on the server and in the browser."""
    if is_signed_in():
        with committing() as unit:
            end_sign_in(unit, current_user.id)
    logout_user()
    session.clear()
    answer = redirect(url_for("account.sign_in"))
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


def _safe_next(target: str | None) -> str | None:
    """Return the wanted page if it is one of ours: a path, never another host."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return None
    parts = urlsplit(target)
    return target if not parts.scheme and not parts.netloc else None
