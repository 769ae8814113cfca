"""Updating vacancies from the link of an e-mail, without an account: the link opens the numbers themselves.

Looking at them uses nothing up, so that whoever looks at mail before its reader does not. Once something was stored
the link opens nothing any more, and this browser can go on for an hour to put right what was stored.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from placement.domain.contacts import is_email
from placement.domain.errors import NotFound, SentAlready, TooManyTries
from placement.domain.people import Actor
from placement.market import services as market
from placement.market.update_links import link_actor, opened_link, reader_of_link, send_link, use_link, used_at
from placement.records.tries import count_try, tries_at
from placement.records.users import User
from placement.web.access import guard
from placement.web.extensions import store
from placement.web.forms.account import NewLinkForm
from placement.web.pages.updating import Updating, update
from placement.web.sending import answer_again
from placement.web.transactions import committing, now, reading

blueprint = Blueprint("update", __name__, url_prefix="/update")
guard(blueprint)
OPENED = "numbers"  # in the signed session: the organisation whose numbers stand open, by whose link, and until when
LONGEST = timedelta(hours=1)
TOO_MANY = "There were too many requests for a link from where you are"
NEWEST = "Of the links that were sent, the newest one works."


@blueprint.route("/<secret>", methods=["GET", "POST"])
def link(secret: str) -> ResponseReturnValue:
    """Show the numbers that a link opens, and store what is said of them."""
    reader = reader_of_link(reading(), secret)
    done = answer_again(reader.id) if reader else None
    if reader and done:  # the button was pressed twice
        _open_here(reader, used_at(reading(), secret))
        return done
    try:
        opened_link(reading(), secret, now=now())
    except NotFound:
        return _over(secret, reader)
    assert reader is not None  # whoever a link opens something for can be written to

    def stored(unit: Any) -> None:
        use_link(unit, secret, now=now())
        _open_here(reader, now())

    try:
        return update(_updating(reader.provider_id or 0, reader.id, "update/link.html", stored))
    except NotFound:  # used up at this moment
        return _over(secret, reader)
    except SentAlready:  # pressed twice, and the first is being stored at this moment
        _open_here(reader, now())
        raise


@blueprint.route("", methods=["GET", "POST"])
def numbers() -> ResponseReturnValue:
    """Show what was stored by a link in this browser, and let it be put right."""
    provider_id, user_id, until = opened_here()
    try:
        link_actor(reading(), provider_id, user_id)
    except NotFound:
        until = 0.0
    if until <= now().timestamp():
        session.pop(OPENED, None)
        return redirect(url_for("update.over"))
    return update(_updating(provider_id, user_id, "update/numbers.html"))


@blueprint.get("/over")
def over() -> ResponseReturnValue:
    """Say that a link opens nothing any more, and offer a new one."""
    return render_template("update/over.html", form=NewLinkForm(formdata=None), secret=None)


@blueprint.route("/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """Write a new link to whoever updates vacancies under an e-mail address; nobody is told whether there is one."""
    form = NewLinkForm()
    if request.method != "POST":
        return render_template("update/over.html", form=form, secret=None)
    if not form.validate() or not is_email(form.email.data.strip()):
        form.email.errors = form.email.errors or ["Enter an e-mail address, for example name@example.org"]
        return render_template("update/over.html", form=form, secret=None), 422
    return _sent(form.email.data)


@blueprint.post("/<secret>/new")
def again(secret: str) -> ResponseReturnValue:
    """Write a new link to whoever an old one was written to."""
    reader = reader_of_link(reading(), secret)
    return _sent(reader.email) if reader else _over(secret, None)


@blueprint.get("/sent")
def sent() -> ResponseReturnValue:
    """Say that a new link is on its way, if there is anybody to write to."""
    return render_template("update/sent.html")


def opened_here() -> tuple[int, int, float]:
    """Return whose numbers stand open in this browser, by whose link, and until when (in seconds)."""
    match session.get(OPENED):
        case [int(provider_id), int(user_id), float(until)]:
            return provider_id, user_id, until
    return 0, 0, 0.0


def _updating(
    provider_id: int, user_id: int, template: str, stored: Callable[[Any], None] = lambda _unit: None
) -> Updating:
    def actor(unit: Any) -> Actor:
        return link_actor(unit, provider_id, user_id)

    return Updating(
        services=lambda unit: market.services(unit, actor=actor(unit)),
        actor=actor,
        template=template,
        after=lambda: url_for("update.numbers"),
        stored=stored,
        is_by_link=True,
    )


def _open_here(reader: User, since: datetime | None) -> None:
    """Let this browser go on from when something was stored, for as long as it may."""
    if since is not None:
        session[OPENED] = [reader.provider_id, reader.id, (since + LONGEST).timestamp()]


def _over(secret: str, reader: User | None) -> ResponseReturnValue:
    """Lead to what was stored by this link in this browser, or say that it is over and offer a new one."""
    provider_id, user_id, until = opened_here()
    if reader and (reader.provider_id, reader.id) == (provider_id, user_id) and until > now().timestamp():
        return redirect(url_for("update.numbers"))
    known = secret if reader else None
    return render_template("update/over.html", form=NewLinkForm(formdata=None), secret=known), 404


def _sent(email: str) -> ResponseReturnValue:
    for subject, most in tries_at(f"new link for {email}", request.remote_addr):
        with store().writing() as counting:  # a unit of its own, as every try to sign in
            try:
                count_try(counting, subject, most=most, now=now())
            except TooManyTries as error:
                raise TooManyTries(TOO_MANY, seconds=error.seconds, advice=NEWEST) from None
    with committing() as unit:
        send_link(unit, email, now=now())
    return redirect(url_for("update.sent"))
