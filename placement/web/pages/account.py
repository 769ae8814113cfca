"""Sign in, sign out, and where each role starts."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, logout_user

from placement.domain.errors import Invalid
from placement.records.accounts import change_password, check_password, end_sign_in, has_password
from placement.records.kept_forms import kept_form
from placement.records.second_steps import has_second_step
from placement.records.tries import take_back_try
from placement.web.access import current_actor, guard, is_signed_in, seconds_left, signed_in_id
from placement.web.forms.account import PasswordForm, SignInForm
from placement.web.forms.binding import show_error
from placement.web.keeping import page_again
from placement.web.layout import MENUS
from placement.web.signing_in import arrive, carry, counted, has_just_proven, safe_next, welcome
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
        return _sign_in_page(form)
    subjects = counted(form.email.data)
    with committing() as unit:
        user = check_password(unit, form.email.data, form.password.data)
        entrance = arrive(unit, user) if user else None
        for subject in subjects if user else ():
            take_back_try(unit, subject)
    if entrance is None:
        form.email.errors = ["The e-mail address or the password is not right"]
        return _sign_in_page(form)
    return welcome(entrance, request.args.get("next"))


def _sign_in_page(form: SignInForm) -> ResponseReturnValue:
    wanted = safe_next(request.args.get("next"))
    return render_template("account/sign_in.html", form=form, wanted=wanted), 422 if form.errors else 200


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
    needs_link = False
    if not has_password(reading(), signed_in_id()):
        del form.current
        needs_link = not has_just_proven()
    if not needs_link and form.validate_on_submit() and _changed(form):
        flash("Your password is changed. You are signed out everywhere else.")
        return redirect(url_for("account.start"))
    has_step = has_second_step(reading(), signed_in_id())
    page = render_template("account/password.html", form=form, has_step=has_step, needs_link=needs_link)
    return page, 422 if form.errors else 200


def _changed(form: PasswordForm) -> bool:
    subjects = counted(f"password of {signed_in_id()}")
    try:
        with committing() as unit:
            current = form.current.data if form.current else None
            user = change_password(unit, signed_in_id(), current=current, new=form.password.data, now=now())
            entrance = arrive(unit, user, asks_code=False)
            for subject in subjects:
                take_back_try(unit, subject)
    except Invalid as error:
        show_error(form, error)
        return False
    carry(entrance)
    return True


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
