"""Stand-in, replaced as the pages are built."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from placement.web.pages.provider import blueprint


@blueprint.get("/")
def home() -> ResponseReturnValue:
    return ""


@blueprint.get("/services")
def services() -> ResponseReturnValue:
    return ""


@blueprint.get("/placements")
def placements() -> ResponseReturnValue:
    return ""
