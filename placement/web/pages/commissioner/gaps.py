"""Stand-in, replaced as the pages are built."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from placement.web.pages.commissioner import blueprint


@blueprint.get("/gaps")
def gaps() -> ResponseReturnValue:
    return ""


@blueprint.get("/out_of_city")
def out_of_city() -> ResponseReturnValue:
    return ""
