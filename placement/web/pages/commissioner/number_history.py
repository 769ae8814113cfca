"""Who changed which number of a unit, for commissioning."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from placement.web.pages.commissioner import blueprint
from placement.web.pages.history import history_page


@blueprint.get("/units/<int:unit_id>/numbers")
def number_history(unit_id: int) -> ResponseReturnValue:
    """Show what was reported of a unit, by whom, and from what to what."""
    return history_page("commissioner/number_history.html", unit_id)
