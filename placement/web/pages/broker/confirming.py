"""Whom to ring about their numbers, and writing down what they say: a report by brokerage on the provider's behalf."""

from __future__ import annotations

from dataclasses import replace

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from placement.domain.people import Actor
from placement.market import services as market
from placement.planning.to_confirm import to_confirm
from placement.records.pages import cut
from placement.web.access import current_actor
from placement.web.pages.broker import blueprint
from placement.web.pages.provider.board import board
from placement.web.pages.updating import Updating, update
from placement.web.paging import place
from placement.web.transactions import now, reading

TO_RING = 10  # on a page: as many as somebody rings in an hour


@blueprint.get("/confirm")
def confirm_numbers() -> ResponseReturnValue:
    """Show which services to ring: numbers that are stale or in doubt, and that would matter to somebody now."""
    found = to_confirm(reading(), now=now())
    page = cut(found, [row.known.service.id for row in found], at=place(), size=TO_RING)
    known = {row.id: row for row in board([row.known.service for row in page.rows])}
    return render_template("broker/confirm_numbers.html", page=page, known=known)


@blueprint.route("/services/<int:service_id>/said", methods=["GET", "POST"])
def said_numbers(service_id: int) -> ResponseReturnValue:
    """Ask for the numbers that a provider says on the telephone, and store them for it."""
    market.service(reading(), service_id, actor=current_actor())  # what is not there is not there
    return update(
        Updating(
            services=lambda session: [market.service(session, service_id, actor=current_actor())],
            actor=lambda _session: _by_telephone(),
            template="broker/said_numbers.html",
            after=lambda: url_for("broker.confirm_numbers"),
        )
    )


def _by_telephone() -> Actor:
    """Return who reports: the broker, and that they only write down what was said."""
    actor = current_actor()
    return replace(actor, name=f"{actor.name[:90]} of brokerage, by telephone")
