"""Referral kinds: each row names its questions, clocks, start and duration rules (domain.md §2).

Clocks and weights marked [G] are working defaults that an administrator can change; none is a published figure.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from placement.domain.limits import LONGEST_STAY


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkingDays:
    """A clock that runs on working days, Monday to Friday, and stops at the end of the last one."""

    days: int


Clock = timedelta | WorkingDays
HOSPITAL, CARER = "hospital", "carer"
"""Questions that some kinds have: where the person waits, and who cares for them now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of referral, as everybody in the product sees it."""

    slug: str
    label: str
    colour: str  # of its tag; a kind is never told by colour alone
    hint: str
    weight: int  # points per person in the first two objectives; waiting adds one a day
    reply_within: Clock  # first reply of a provider
    reply_hours: int  # the same in hours, as the engine's `notice` rule reads it
    place_within: Clock | None
    start_label: str
    window_days: int  # default width of the start window
    default_nights: int | None  # None: open-ended
    max_nights: int | None
    has_window: bool
    must_end: bool
    must_end_why: str = ""
    may_recur: bool = False  # whether one referral may ask for several stays
    place_before_window: bool = False  # where no time runs from the referral: before the window opens
    starts_within_days: int | None = None  # None: the start may lie as far ahead as any
    starts_within_why: str = ""
    allowance: str | None = None  # the setting that says how many nights a person may have in a year; None: any
    is_return: bool = False  # for somebody who lives outside the city
    has_reply_clock: bool = True  # without: nobody is late while the person waits for a place that suits to open
    has_exit_review: bool = False
    is_unplanned: bool = False  # whether a unit that keeps places for planned breaks takes few of it, or none
    stands_first: bool = False  # on a work list, before whatever has an earlier deadline
    can_be_held_back: bool = True  # whether a limit may keep a place from it for people still to come
    pen_needs: frozenset[str] = frozenset()  # sections without which no pen picture will do; none: there is none
    asks: frozenset[str] = frozenset()  # questions of the section “around” that this kind has, beside the referrer's

    @property
    def most_nights(self) -> int:
        """Return how long a stay of this kind may be where it ends at all."""
        return self.max_nights or LONGEST_STAY


KINDS = (
    Kind(
        slug="crisis",
        label="Crisis",
        colour="red",
        hint="Needs a place today or tomorrow, for a short stay",
        weight=400,
        reply_within=timedelta(hours=2),
        reply_hours=2,
        place_within=timedelta(hours=24),
        start_label="When does the person need the place?",
        window_days=1,
        default_nights=14,
        max_nights=42,
        has_window=False,
        must_end=True,
        must_end_why="A crisis stay has an end date and an exit review, so that the place is free for the next person",
        starts_within_days=1,
        starts_within_why="A crisis place is needed today or tomorrow",
        has_exit_review=True,
        is_unplanned=True,
        stands_first=True,
        can_be_held_back=False,
        pen_needs=frozenset({"person", "dates"}),
        asks=frozenset({HOSPITAL, CARER}),
    ),
    Kind(
        slug="respite",
        label="Respite",
        colour="purple",
        hint="A short planned stay so that a carer can have a break",
        weight=100,
        reply_within=WorkingDays(days=5),
        reply_hours=120,
        place_within=None,
        start_label="Between which dates can the stay begin?",
        window_days=28,
        default_nights=7,
        max_nights=42,
        has_window=True,
        must_end=True,
        must_end_why="Respite is counted in nights against a yearly allowance",
        allowance="respite_nights",
        may_recur=True,
        place_before_window=True,
        asks=frozenset({CARER}),
    ),
    Kind(
        slug="move_on",
        label="Move-on",
        colour="turquoise",
        hint="Ready to leave hospital, residential care or supported living for somewhere more independent",
        weight=150,
        reply_within=WorkingDays(days=2),
        reply_hours=48,
        place_within=WorkingDays(days=10),
        start_label="From which date is the person ready to move?",
        window_days=14,
        default_nights=None,
        max_nights=None,
        has_window=True,
        must_end=False,
        asks=frozenset({HOSPITAL, CARER}),
    ),
    Kind(
        slug="return_to_city",
        label="Return to city",
        colour="pink",
        hint="Placed outside the city now, and wants or would do better to come back",
        weight=120,
        reply_within=WorkingDays(days=5),
        reply_hours=120,
        place_within=None,
        start_label="From which date could the person come back?",
        window_days=60,
        default_nights=None,
        max_nights=None,
        has_window=True,
        must_end=False,
        is_return=True,
        has_reply_clock=False,
    ),
    Kind(
        slug="planned",
        label="Planned",
        colour="grey",
        hint="A placement from a date that is already known",
        weight=80,
        reply_within=WorkingDays(days=5),
        reply_hours=120,
        place_within=None,
        start_label="From which date is the place needed?",
        window_days=28,
        default_nights=None,
        max_nights=None,
        has_window=True,
        must_end=False,
        asks=frozenset({HOSPITAL, CARER}),
    ),
)
KIND = {kind.slug: kind for kind in KINDS}
UNPLANNED = frozenset(kind.slug for kind in KINDS if kind.is_unplanned)
"""The kinds of which a unit may limit how many it takes at a time (`crisis_places`)."""
RECURRING = frozenset(kind.slug for kind in KINDS if kind.may_recur)
"""The kinds of planned breaks."""
MOVE_ON = KIND["move_on"]
"""The kind that follows a stay which cannot last."""
RETURN = next(kind for kind in KINDS if kind.is_return)
"""The kind that looks for a way back to the city."""
