"""Which page of a long list an address asks for: `after` and `before` are numbers of rows, and never words."""

from __future__ import annotations

from flask import request

from placement.records.pages import PlaceInList
from placement.web.forms.hidden import first_id


def place(of: str = "") -> PlaceInList:
    """Return where the page begins that is asked for; of several lists on one page, `of` names the list."""
    name = f"{of}_" if of else ""
    return PlaceInList(
        after=first_id(request.args.get(f"{name}after")), before=first_id(request.args.get(f"{name}before"))
    )
