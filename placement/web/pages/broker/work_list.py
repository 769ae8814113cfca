"""The work list: every open referral with its clock."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from placement.web.pages.broker import blueprint


@blueprint.get("/")
def work_list() -> ResponseReturnValue:
    return ""


@blueprint.get("/runs")
def runs() -> ResponseReturnValue:
    return ""


@blueprint.get("/services")
def services() -> ResponseReturnValue:
    return ""


@blueprint.get("/placements")
def placements() -> ResponseReturnValue:
    return ""
