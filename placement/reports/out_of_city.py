"""Placements outside the city: which stays count, and for what reason a place outside was taken."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Exists, exists
from sqlalchemy.orm import aliased

from placement.domain.reasons import OUT_OF_CITY_REASON, Reason
from placement.domain.states import THERE, PlacementState
from placement.records.placements import Placement

# A stay that was only reserved has not begun, and a released one never did.
BEGUN = (PlacementState.CONFIRMED, *THERE, PlacementState.ENDED)


def reason_of(slug: str | None) -> Reason:
    """Return a reason; a code that is no longer in the table is shown as it is stored, and never as a choice."""
    return OUT_OF_CITY_REASON.get(slug or "not_recorded") or Reason(
        slug=slug or "", label=(slug or "").replace("_", " ")
    )


def choice_label(reason: Reason) -> str:
    """Return whether a reason is a choice, in words."""
    return "By choice or best interest" if reason.by_choice else "Not by choice"


def is_counted_there(states: Collection[PlacementState]) -> Exists:
    """Say that a stay goes on from one in these states on the same side of the boundary: it is the same placement."""
    before = aliased(Placement)
    return exists().where(
        before.id == Placement.moved_from_id, before.state.in_(states), before.is_in_city == Placement.is_in_city
    )
