"""For how long a place can be held while somebody decides: a row a length. Nobody else is given it meanwhile."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from placement.domain.kinds import KIND, Clock, WorkingDays


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldLength:
    """One length of a hold, from the moment at which somebody holds the place."""

    slug: str
    label: str
    clock: Clock


HOLD_LENGTHS = (
    HoldLength(slug="half_hour", label="30 minutes", clock=timedelta(minutes=30)),
    HoldLength(slug="two_hours", label="2 hours", clock=timedelta(hours=2)),
    HoldLength(slug="working_day", label="Until 5pm on the next working day", clock=WorkingDays(days=1)),
)
FIRST_REFUSAL = "First refusal"
"""Who holds a place that has opened for somebody who waits outside the city."""
HOLD_LENGTH: Mapping[str, HoldLength] = {length.slug: length for length in HOLD_LENGTHS}


def usual_hold(kind: str) -> str:
    """Return the length that is offered first: where a reply is due within hours, a place is not kept from others."""
    return "half_hour" if isinstance(KIND[kind].reply_within, timedelta) else "working_day"
