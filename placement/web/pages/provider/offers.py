"""Requests about a place: what is asked, and the provider's answer."""

from __future__ import annotations

from flask import url_for
from flask.typing import ResponseReturnValue

from placement.brokerage.offers.finding import offer as offer_with
from placement.web.access import current_actor
from placement.web.pages.answering import Answering, answer
from placement.web.pages.provider import blueprint


@blueprint.route("/offers/<int:offer_id>", methods=["GET", "POST"])
def offer(offer_id: int) -> ResponseReturnValue:
    """Show what is asked, without who it is, and take the answer."""
    return answer(
        Answering(
            find=lambda session: offer_with(session, offer_id, actor=current_actor()),
            actor=lambda _, __: current_actor(),
            template="provider/offer.html",
            after_no=url_for("provider.home"),
        )
    )
