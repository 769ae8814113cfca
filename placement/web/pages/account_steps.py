"""The second step of signing in: asked for after the first, set up, and removed. It is everybody's own choice."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import segno
from flask import flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from placement.domain.errors import Invalid
from placement.records import second_steps as steps
from placement.records.accounts import check_password, has_password, user_with_id
from placement.records.tries import count_try, take_back_try
from placement.web.access import current_actor, is_signed_in, signed_in_id
from placement.web.extensions import config, seal, store
from placement.web.forms.account import CodeForm, FirstCodeForm, ProofForm
from placement.web.forms.binding import show_error
from placement.web.forms.confirming import NothingAskedForm
from placement.web.pages.account import blueprint
from placement.web.signing_in import HALF, Entrance, arrive, carry, counted, has_just_proven, prove, safe_next
from placement.web.transactions import committing, now, reading

ISSUER = "Find a place"
ADVICE = "If your phone is lost, use a code on paper, or ask your administrator to turn the second step off."
WRONG = "This code is not right, or it was used before. Wait for the next one, and enter that"
# A code of six figures is guessed in a million tries: whoever is past the first step has this many.
MOST_CODES = ((5, timedelta(minutes=5)), (20, timedelta(hours=1)), (50, timedelta(days=1)))


@blueprint.route("/sign-in/code", methods=["GET", "POST"])
def code() -> ResponseReturnValue:
    """Ask for the code of the second step, and finish the sign-in."""
    token = str(session.get(HALF, ""))
    half = steps.half_sign_in(reading(), token, now=now())
    if half is None:
        session.pop(HALF, None)
        return redirect(url_for("account.sign_in"))
    form = CodeForm()
    if form.validate_on_submit():
        subjects = _counted(half.user_id)
        with committing() as unit:
            done = steps.finish_sign_in(
                unit, token, form.code.data, seal(), now=now(), longest=config().longest_sign_in
            )
            for subject in subjects if done else ():
                take_back_try(unit, subject)
        if done:
            carry(Entrance(user=done[0], token=done[1]))
            return redirect(safe_next(request.args.get("next")) or url_for("account.start"))
        form.code.errors = [WRONG]
    return render_template("account/code.html", form=form), 422 if form.errors else 200


@blueprint.route("/second-step", methods=["GET", "POST"])
def second_step() -> ResponseReturnValue:
    """Say whether a code is asked for, and begin to set it up."""
    if not is_signed_in():
        return _sign_in_first("account.second_step")
    is_on, has_one = steps.has_second_step(reading(), signed_in_id()), has_password(reading(), signed_in_id())
    needs_proof = not is_on and not has_just_proven()
    needs_link = needs_proof and not has_one
    form = ProofForm() if needs_proof and has_one else NothingAskedForm()
    if not needs_link and form.validate_on_submit() and _begun(form):
        return redirect(url_for("account.set_up_step"))
    page = render_template(
        "account/second_step.html",
        form=form,
        is_on=is_on,
        needs_link=needs_link,
        codes_left=steps.paper_codes_left(reading(), signed_in_id()),
    )
    return page, 422 if form.errors else 200


@blueprint.route("/second-step/set-up", methods=["GET", "POST"])
def set_up_step() -> ResponseReturnValue:
    """Show the secret as a picture and as text, and turn the step on with a first code."""
    if not is_signed_in():
        return _sign_in_first("account.second_step")
    secret = steps.secret_to_set_up(reading(), signed_in_id(), seal())
    if secret is None or not has_just_proven():
        return redirect(url_for("account.second_step"))
    form = FirstCodeForm()
    if form.validate_on_submit():
        codes = _confirmed(form)
        if codes:
            return render_template("account/paper_codes.html", codes=codes)
    owner = user_with_id(reading(), signed_in_id())
    address = steps.address_of(secret, owner.email, ISSUER)
    picture = Markup(segno.make(address, micro=False).svg_inline(scale=5, border=4, light="#fff"))
    groups = [secret[place : place + 4] for place in range(0, len(secret), 4)]
    page = render_template("account/set_up_step.html", form=form, picture=picture, groups=groups)
    return page, 422 if form.errors else 200


@blueprint.route("/second-step/remove", methods=["GET", "POST"])
def remove_step() -> ResponseReturnValue:
    """Turn the step off, with one more code: who finds this page open on a desk cannot."""
    if not is_signed_in():
        return _sign_in_first("account.second_step")
    if not steps.has_second_step(reading(), signed_in_id()):
        return redirect(url_for("account.second_step"))
    form = CodeForm()
    if form.validate_on_submit() and (entrance := _removed(form)):
        carry(entrance)
        flash("You sign in without a code from now on. You are signed out everywhere else.")
        return redirect(url_for("account.second_step"))
    return render_template("account/remove_step.html", form=form), 422 if form.errors else 200


def _begun(form: ProofForm | NothingAskedForm) -> bool:
    """Begin to set it up, unless a password was asked for and this is another."""
    password = form.password.data if isinstance(form, ProofForm) else None
    subjects = () if password is None else counted(f"password of {signed_in_id()}")
    with committing() as unit:
        email = user_with_id(unit, signed_in_id()).email
        if password is not None and check_password(unit, email, password) is None:
            form.password.errors = ["This is not your password"]
            return False
        steps.begin_second_step(unit, signed_in_id(), seal())
        for subject in subjects:
            take_back_try(unit, subject)
    if password is not None:
        prove()
    return True


def _confirmed(form: FirstCodeForm) -> list[str]:
    """Turn the step on and return the codes on paper, or none where the code was wrong."""
    subjects = _counted(signed_in_id())
    try:
        with committing() as unit:
            codes = steps.confirm_second_step(unit, signed_in_id(), form.code.data, seal(), now=now())
            entrance = arrive(unit, user_with_id(unit, signed_in_id()), asks_code=False)
            for subject in subjects:
                take_back_try(unit, subject)
    except Invalid as error:
        show_error(form, error)
        return []
    carry(entrance)
    return codes


def _removed(form: CodeForm) -> Entrance | None:
    subjects = _counted(signed_in_id())
    with committing() as unit:
        if not steps.spend_code(unit, signed_in_id(), form.code.data, seal(), now=now()):
            form.code.errors = [WRONG]
            return None
        user = steps.remove_second_step(unit, signed_in_id(), by=current_actor(), now=now())
        for subject in subjects:
            take_back_try(unit, subject)
        return arrive(unit, user)


def _counted(user_id: int) -> tuple[str, ...]:
    """Count a code, and return what it counted for. Raises TooManyTries."""
    told: dict[str, Any] = {"words": "There were too many codes that were not right", "advice": ADVICE}
    subjects = []
    for most, within in MOST_CODES:
        subjects.append(f"codes of {user_id} in {within.total_seconds():.0f}")
        with store().writing() as counting:
            count_try(counting, subjects[-1], most=most, within=within, now=now(), **told)
    return tuple(subjects)


def _sign_in_first(endpoint: str) -> ResponseReturnValue:
    return redirect(url_for("account.sign_in", next=url_for(endpoint)))
