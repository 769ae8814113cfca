"""Stand-in, replaced as the pages are built."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from placement.web.pages.admin import blueprint


@blueprint.get("/")
def home() -> ResponseReturnValue:
    return ""


@blueprint.get("/users")
def users() -> ResponseReturnValue:
    return ""


@blueprint.get("/audit")
def audit() -> ResponseReturnValue:
    return ""
