"""The states of referrals, runs, proposals and placements, and which moves between them are allowed."""

from __future__ import annotations

from enum import StrEnum

from placement.domain.errors import OutOfStep


class ReferralState(StrEnum):
    DRAFT = "draft"
    SEARCHING = "searching"
    ON_HOLD = "on_hold"
    PLACED = "placed"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"


class PlacementState(StrEnum):
    RESERVED = "reserved"
    CONFIRMED = "confirmed"
    ACTIVE = "active"
    ENDED = "ended"
    RELEASED = "released"


class RunState(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    FINISHED = "finished"
    CANCELLED = "cancelled"
    FAILED = "failed"


class ProposalState(StrEnum):
    PROPOSED = "proposed"
    HELD = "held"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


class Status(StrEnum):
    """A provider's standing. Paused, suspended and closing are hard exclusions; the rest are shown."""

    NONE = "none"
    CAUTION = "caution"
    RESTRICTED = "restricted"
    PAUSED = "paused"
    SUSPENDED = "suspended"
    CLOSING = "closing"


STATE_LABELS: dict[StrEnum, str] = {
    ReferralState.DRAFT: "Draft",
    ReferralState.SEARCHING: "Searching",
    ReferralState.ON_HOLD: "On hold",
    ReferralState.PLACED: "Place found",
    ReferralState.WITHDRAWN: "Withdrawn",
    ReferralState.CLOSED: "Closed",
    PlacementState.RESERVED: "Reserved",
    PlacementState.CONFIRMED: "Confirmed",
    PlacementState.ACTIVE: "Living there",
    PlacementState.ENDED: "Ended",
    PlacementState.RELEASED: "Released",
    RunState.QUEUED: "Waiting to start",
    RunState.RUNNING: "Running",
    RunState.FINISHED: "Finished",
    RunState.CANCELLED: "Cancelled",
    RunState.FAILED: "Failed",
    ProposalState.PROPOSED: "To decide",
    ProposalState.HELD: "Held",
    ProposalState.ACCEPTED: "Accepted",
    ProposalState.REJECTED: "Rejected",
    Status.NONE: "No restriction",
    Status.CAUTION: "Caution",
    Status.RESTRICTED: "Restricted",
    Status.PAUSED: "Paused",
    Status.SUSPENDED: "Suspended",
    Status.CLOSING: "Closing",
}

LIVE = (PlacementState.RESERVED, PlacementState.CONFIRMED, PlacementState.ACTIVE)
OPEN = (ReferralState.SEARCHING,)
BARRED = frozenset({Status.PAUSED, Status.SUSPENDED, Status.CLOSING})

_REFERRAL_MOVES: dict[StrEnum, frozenset[StrEnum]] = {
    ReferralState.DRAFT: frozenset({ReferralState.SEARCHING, ReferralState.WITHDRAWN}),
    ReferralState.SEARCHING: frozenset(
        {ReferralState.ON_HOLD, ReferralState.PLACED, ReferralState.WITHDRAWN, ReferralState.CLOSED}
    ),
    ReferralState.ON_HOLD: frozenset({ReferralState.SEARCHING, ReferralState.WITHDRAWN}),
    ReferralState.PLACED: frozenset({ReferralState.SEARCHING, ReferralState.CLOSED}),
}
_PLACEMENT_MOVES: dict[StrEnum, frozenset[StrEnum]] = {
    PlacementState.RESERVED: frozenset({PlacementState.CONFIRMED, PlacementState.RELEASED}),
    PlacementState.CONFIRMED: frozenset({PlacementState.ACTIVE, PlacementState.RELEASED}),
    PlacementState.ACTIVE: frozenset({PlacementState.ENDED}),
}
MOVES = _REFERRAL_MOVES | _PLACEMENT_MOVES


def require_move(before: StrEnum, after: StrEnum) -> None:
    """Raise OutOfStep unless the record may go from one state to the other."""
    if after not in MOVES.get(before, frozenset()):
        was, wanted = STATE_LABELS[before].lower(), STATE_LABELS[after].lower()
        raise OutOfStep(f"This is {was} now, so it cannot become {wanted}.")
