"""Updating the vacancies of one service, or of all of them in one grid: “These numbers are right” first."""

from __future__ import annotations

from flask import url_for
from flask.typing import ResponseReturnValue

from placement.market import services as market
from placement.web.access import current_actor
from placement.web.pages.provider import blueprint
from placement.web.pages.provider.board import board
from placement.web.pages.updating import Updating, update
from placement.web.transactions import reading


@blueprint.route("/services/<int:service_id>/vacancies", methods=["GET", "POST"])
def vacancies(service_id: int) -> ResponseReturnValue:
    """Ask for the four numbers of each unit of a service and store them, all or none."""
    market.service(reading(), service_id, actor=current_actor())  # what is not theirs is not there
    return update(
        Updating(
            services=lambda session: [market.service(session, service_id, actor=current_actor())],
            actor=lambda _session: current_actor(),
            template="provider/vacancies.html",
            after=lambda: url_for("provider.home"),
        )
    )


@blueprint.route("/numbers", methods=["GET", "POST"])
def numbers() -> ResponseReturnValue:
    """Show the numbers of all services in one grid, and store what is changed or said to be right."""
    return update(
        Updating(
            services=lambda session: market.services(session, actor=current_actor()),
            actor=lambda _session: current_actor(),
            template="provider/numbers.html",
            after=_next,
        )
    )


def _next() -> str:
    """Return the grid as long as something is due, and the to-do list after that."""
    is_due = any(row.is_due for row in board(market.services(reading(), actor=current_actor())) if row.units)
    return url_for("provider.numbers" if is_due else "provider.home")
