"""Who changed which number of a unit, for its provider."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from placement.web.pages.history import number_history
from placement.web.pages.provider import blueprint


@blueprint.get("/services/units/<int:unit_id>/numbers")
def numbers(unit_id: int) -> ResponseReturnValue:
    """Show what was reported of a unit, by whom, and from what to what."""
    return number_history(blueprint, unit_id)
