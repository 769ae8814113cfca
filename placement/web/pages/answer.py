"""Answering a request from the link of an e-mail, without an account: the link opens one request, once.

Looking at the link's page changes nothing, so that whoever looks at mail before its reader does not use it up. Its
button opens the request in this browser for as long as it can be answered, half a day at most.
"""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from placement.brokerage.offers.finding import offer_by_id
from placement.brokerage.offers.links import link_actor, offer_of_link, use_link
from placement.domain.errors import NotFound
from placement.web.access import guard
from placement.web.pages.answering import Answering, answer, asked_row
from placement.web.transactions import committing, now, reading

blueprint = Blueprint("answer", __name__, url_prefix="/answer")
guard(blueprint)
OPENED = "offer"  # in the signed session: the request that a link has opened, by whose link, and until when
LONGEST = timedelta(hours=12)


@blueprint.route("/link/<secret>", methods=["GET", "POST"])
def link(secret: str) -> ResponseReturnValue:
    """Show what a link opens, and open it."""
    form = FlaskForm()
    try:
        if not form.validate_on_submit():
            found = offer_of_link(reading(), secret, now=now())
            return render_template("answer/link.html", asked=asked_row(found))
        with committing() as unit:
            used = use_link(unit, secret, now=now())
            opened = [used.subject_id, used.user_id, (now() + LONGEST).timestamp()]
    except NotFound:
        return render_template("answer/over.html"), 404
    session[OPENED] = opened
    return redirect(url_for("answer.offer"))


@blueprint.route("", methods=["GET", "POST"])
def offer() -> ResponseReturnValue:
    """Show the request that a link has opened in this browser, and take the answer."""
    offer_id, user_id, until = opened_here()
    if until <= now().timestamp() or not _works_there(offer_id, user_id):
        session.pop(OPENED, None)
        return redirect(url_for("answer.over"))
    return answer(
        Answering(
            find=lambda unit: offer_by_id(unit, offer_id),
            actor=lambda unit, found: link_actor(unit, found, user_id),
            template="answer/offer.html",
            after_no=url_for("answer.offer"),
        )
    )


def opened_here() -> tuple[int, int, float]:
    """Return which request a link has opened in this browser, by whose link, and until when (in seconds)."""
    match session.get(OPENED):
        case [int(offer_id), int(user_id), float(until)]:
            return offer_id, user_id, until
    return 0, 0, 0.0


def _works_there(offer_id: int, user_id: int) -> bool:
    """Return whether who the link was written to still works for the provider that is asked."""
    try:
        link_actor(reading(), offer_by_id(reading(), offer_id), user_id)
    except NotFound:
        return False
    return True


@blueprint.get("/over")
def over() -> ResponseReturnValue:
    """Say that a link opens nothing any more, and what to do."""
    return render_template("answer/over.html")
