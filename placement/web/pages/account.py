"""Sign in, sign out, and where each role starts."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_user, logout_user

from placement.domain.errors import Invalid
from placement.records.accounts import (
    change_password,
    check_password,
    end_sign_in,
    start_sign_in,
)
from placement.records.kept_forms import kept_form
from placement.records.tries import count_try, take_back_try, tries_at
from placement.web.access import SignedIn, current_actor, guard, is_signed_in, seconds_left
from placement.web.extensions import config, store
from placement.web.forms.account import PasswordForm, SignInForm
from placement.web.forms.binding import show_error
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
    subjects = _counted(form.email.data)
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


@blueprint.route("/password", methods=["GET", "POST"])
def password() -> ResponseReturnValue:
    """Let anybody change their own password; this browser stays signed in, under a new sign-in."""
    if not is_signed_in():
        return redirect(url_for("account.sign_in", next=url_for("account.password")))
    form = PasswordForm()
    if form.validate_on_submit() and _changed(form):
        flash("Your password is changed. You are signed out everywhere else.")
        return redirect(url_for("account.start"))
    return render_template("account/password.html", form=form), 422 if form.errors else 200


def _changed(form: PasswordForm) -> bool:
    actor = current_actor()
    subjects = _counted(f"password of {actor.user_id}")
    assert actor.user_id is not None  # whoever is signed in is a user
    try:
        with committing() as unit:
            user = change_password(unit, actor.user_id, current=form.current.data, new=form.password.data, now=now())
            token = start_sign_in(unit, user.id, now=now(), longest=config().longest_sign_in)
            for subject in subjects:
                take_back_try(unit, subject)
    except Invalid as error:
        show_error(form, error)
        return False
    session.clear()
    session["seen"] = now().timestamp()
    login_user(SignedIn(token, user.actor(), now() + config().longest_sign_in))
    return True


def _counted(email: str) -> tuple[str, ...]:
    """Count a try, and return what it counted for. Raises TooManyTries."""
    subjects = tries_at(email, request.remote_addr)
    for subject, most in subjects:
        with store().writing() as counting:  # counted even if the sign-in fails, so it is a unit of its own
            count_try(counting, subject, most=most, now=now())
    return tuple(subject for subject, _ in subjects)


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
    if not target or not target.startswith("/") or target.startswith("//") or "\\" in target:
        return None
    if (
        not target.isprintable()
    ):  # a browser drops line ends and tabs, and then reads another host; werkzeug refuses them
        return None
    parts = urlsplit(target)
    return target if not parts.scheme and not parts.netloc else None
