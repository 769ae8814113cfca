"""The states of referrals, placements, runs and proposals, and a provider's standing: value, words and tag.

A state is compared and stored by its value, so members of different kinds may be equal: what belongs to a state is its
own attribute or a row of its own lifecycle (`lifecycles.py`), never an entry in a dictionary that several kinds share.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Self


class State(StrEnum):
    """A value with the words that people read and the colour of its tag (of the GOV.UK Design System)."""

    label: str
    colour: str

    def __new__(cls, value: str, label: str, colour: str) -> Self:
        """Make a member from its row."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.label, member.colour = label, colour
        return member


class ReferralState(State):
    DRAFT = "draft", "Draft", "grey"
    SEARCHING = "searching", "Searching", "blue"
    RETURNED = "returned", "Sent back", "yellow"
    OPTIONS = "options", "Options with the person", "purple"
    CHOSEN = "chosen", "Choice recorded", "turquoise"
    NO_OPTION = "no_option", "No option found", "orange"
    ON_HOLD = "on_hold", "On hold", "yellow"
    PLACED = "placed", "Place found", "green"
    WITHDRAWN = "withdrawn", "Withdrawn", "grey"
    CLOSED = "closed", "Closed", "grey"

    @property
    def is_open(self) -> bool:
        """Whether a place is looked for."""
        return self in OPEN

    @property
    def is_stopped(self) -> bool:
        """Whether the clocks stand still."""
        return self in STOPPED

    @property
    def waits_because(self) -> str:
        """Return why the clocks stand still, as the end of a sentence; empty where they run."""
        return STOPPED.get(self, "")


class PlacementState(State):
    RESERVED = "reserved", "Reserved", "yellow"
    CONFIRMED = "confirmed", "Confirmed", "turquoise"
    ACTIVE = "active", "Living there", "green"
    AWAY = "away", "In hospital", "purple"
    NOTICE = "notice", "Notice given", "orange"
    ENDED = "ended", "Ended", "grey"
    RELEASED = "released", "Released", "grey"

    @property
    def is_there(self) -> bool:
        """Whether the person has arrived and not left."""
        return self in THERE

    @property
    def is_live(self) -> bool:
        """Whether a place is held."""
        return self in LIVE


class RunState(State):
    QUEUED = "queued", "Waiting to start", "grey"
    RUNNING = "running", "Running", "blue"
    FINISHED = "finished", "Finished", "green"
    CANCELLED = "cancelled", "Cancelled", "grey"
    FAILED = "failed", "Failed", "red"


class ScenarioState(State):
    DRAFT = "draft", "Being written", "yellow"
    QUEUED = "queued", "Waiting to start", "grey"
    RUNNING = "running", "Running", "blue"
    FINISHED = "finished", "Finished", "green"
    CANCELLED = "cancelled", "Cancelled", "grey"
    FAILED = "failed", "Failed", "red"


class WardSetState(State):
    PREVIEW = "preview", "To look at", "blue"
    STORED = "stored", "Stored", "green"
    UNDONE = "undone", "Taken back", "grey"


class ProposalState(State):
    PROPOSED = "proposed", "To decide", "blue"
    DEFERRED = "deferred", "Held", "yellow"
    ACCEPTED = "accepted", "Accepted", "green"
    REJECTED = "rejected", "Rejected", "grey"


class HoldState(State):
    HELD = "held", "Held", "yellow"
    USED = "used", "Place taken", "green"
    LET_GO = "let_go", "Let go", "grey"
    EXPIRED = "expired", "Time over", "grey"


class OfferState(State):
    LATER = "later", "To be asked later", "grey"
    SENT = "sent", "Asked", "blue"
    VIEWED = "viewed", "Opened", "blue"
    ASKING = "asking", "Has a question", "yellow"
    INTERESTED = "interested", "Interested", "turquoise"
    OFFERED = "offered", "Offers a place", "green"
    SELECTED = "selected", "Chosen", "green"
    NOT_SELECTED = "not_selected", "Not chosen", "grey"
    DECLINED = "declined", "Declined", "grey"
    WITHDRAWN = "withdrawn", "Withdrawn", "grey"
    EXPIRED = "expired", "No answer", "orange"


class SheetState(State):
    GIVEN = "given", "Given, no choice yet", "blue"
    ANSWERED = "answered", "Choice recorded", "green"
    WITHDRAWN = "withdrawn", "Withdrawn", "grey"


class TaskState(State):
    OPEN = "open", "To do", "blue"
    DONE = "done", "Done", "green"
    DISMISSED = "dismissed", "Dismissed", "grey"


class MessageState(State):
    WAITING = "waiting", "Waiting", "blue"
    SENT = "sent", "Sent", "green"
    PARKED = "parked", "Parked", "red"
    DROPPED = "dropped", "Dropped", "grey"


class Status(State):
    """A provider's standing. From paused on they are hard exclusions; the rest are shown."""

    NONE = "none", "No restriction", "green"
    CAUTION = "caution", "Caution", "yellow"
    RESTRICTED = "restricted", "Restricted", "orange"
    PAUSED = "paused", "Paused", "red"
    SUSPENDED = "suspended", "Suspended", "red"
    CLOSING = "closing", "Closing", "red"
    HANDED_BACK = "handed_back", "Contract handed back", "red"


THERE = (PlacementState.ACTIVE, PlacementState.AWAY, PlacementState.NOTICE)
"""Whoever has arrived and not left: also from a hospital bed, and under notice, the place is theirs."""
AGREED = (PlacementState.CONFIRMED, *THERE)
"""The provider has said yes, and the stay is not over."""
LIVE = (PlacementState.RESERVED, *AGREED)
OPEN = (ReferralState.SEARCHING, ReferralState.OPTIONS, ReferralState.CHOSEN, ReferralState.NO_OPTION)
"""Referrals for which a place is looked for: matched, asked about, held and reserved. The one answer to that."""
UNSETTLED = (*OPEN, ReferralState.RETURNED, ReferralState.ON_HOLD)
"""Referrals that were submitted and have neither a place nor an end."""
STOPPED: Mapping[ReferralState, str] = {
    ReferralState.RETURNED: "it waits for what is missing",
    ReferralState.OPTIONS: "options are with the person",
    ReferralState.ON_HOLD: "it is on hold",
}
"""Referrals whose clocks stand still, because brokerage waits for somebody else, and why in words."""
UNDECIDED = (ProposalState.PROPOSED, ProposalState.DEFERRED)
UNDER_WAY = (RunState.QUEUED, RunState.RUNNING)
WORKED_ON = (ScenarioState.QUEUED, ScenarioState.RUNNING)
BARRED = frozenset({Status.PAUSED, Status.SUSPENDED, Status.CLOSING, Status.HANDED_BACK})
RUNS_OUT = (OfferState.SENT, OfferState.VIEWED)
"""Offers whose time runs: while a question waits for brokerage, the provider's time stands still."""
UNANSWERED = (*RUNS_OUT, OfferState.ASKING)
YESES = (OfferState.INTERESTED, OfferState.OFFERED)
ASKED = (*UNANSWERED, *YESES)
"""Offers that a provider can still answer or change its answer to."""
