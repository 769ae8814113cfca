"""The facts of a problem: units with their free places, needs, the limits they share and the prices of nights."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from placement.domain.kinds import UNPLANNED
from placement.domain.states import Status

ONE_AT_A_TIME = "same"
"""The gender of a unit that takes anybody, but on a night only people of one gender."""


class Span(NamedTuple):
    """Places free on the nights `[start, end)`."""

    start: int
    end: int
    places: int


class Resident(NamedTuple):
    """Somebody who is already in a unit on the nights `[start, end)`; `gender` None where it is not recorded."""

    start: int
    end: int
    gender: str | None


class Neighbour(NamedTuple):
    """Somebody who lives in a unit on the nights `[start, end)`, as company for others: an age, to a few years, and a
    level of support; each None where it is not known.
    """

    start: int
    end: int
    age: int | None
    support: str | None


class SupportPrice(NamedTuple):
    """What a place costs a week, in pence, for somebody who needs this level of support (as in `Neighbour`)."""

    support: str
    weekly_pence: int


class Nights(NamedTuple):
    """The nights `[start, end)`."""

    start: int
    end: int


class ServiceNights(NamedTuple):
    """The nights `[start, end)` on which a need may not be in a service."""

    service: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Current:
    """The match that was proposed for a need last time."""

    unit: str
    start: int


def stay_name(need: str, stay: int | None) -> str:
    """Return what a stay of a need is called: the first like the need itself, the third `N1/3`."""
    return need if stay in (None, 1) else f"{need}/{stay}"


def need_of(name: str) -> str:
    """Return the need that a stay is one of: the way back from `stay_name`, of needs without a “/” in their ids."""
    return name.partition("/")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class FurtherStay:
    """One more stay of a series: `nights` that start on a night in `[earliest, latest]`; `current` as of a need."""

    earliest: int
    latest: int
    nights: int
    current: Current | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """The stays after a need's first that belong with it, in the order of their nights.

    `take` says what to do where not every one of them can be had: `all` or none, or the `most` that can.
    """

    take: str
    stays: tuple[FurtherStay, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitFacts:
    """A pool of interchangeable places within a service.

    `free` is ordered and does not overlap; nights it does not cover have no place. `kinds` None takes every kind.
    `quality` 0 inadequate … 3 outstanding, None not rated. `age_hours`: since the vacancy was last confirmed.
    `registered_until` is the night, in the horizon or not, from which the service is in the register no more (None: no
    such night is known). `residents` matter in a unit for one gender at a time only. `places`: how many people it is
    for, taken or not (None: not known). `solo`: nights on which somebody is there who must live alone.
    `company`: who lives there; it earns points and refuses nobody. `crisis_places`: how many people at a time it takes
    who come unplanned (None: any number; 0: it is kept for planned breaks); `crises`: the nights on which one of those
    places is taken. `support_pence`: the price where it is another one for a level of support; `weekly_pence` is that
    of everybody else.
    """

    id: str
    service: str
    authority: str
    free: tuple[Span, ...]
    provider: str | None = None
    lat: float | None = None
    lon: float | None = None
    kinds: frozenset[str] | None = None
    min_age: int = 0
    max_age: int = 150
    gender: str = "any"
    offers: frozenset[str] = frozenset()
    weekly_pence: int | None = None
    quality: int | None = None
    reply_hours: float = 0
    status: str = Status.NONE.value
    acceptance: float | None = None
    age_hours: float = 0
    shared: frozenset[str] = frozenset()
    registered_until: int | None = None
    residents: tuple[Resident, ...] = ()
    places: int | None = None
    solo: tuple[Nights, ...] = ()
    company: tuple[Neighbour, ...] = ()
    crisis_places: int | None = None
    crises: tuple[Nights, ...] = ()
    support_pence: tuple[SupportPrice, ...] = ()

    def price_for(self, support: str | None) -> int | None:
        """Return what a place costs a week for somebody of a level of support, in pence; None where nobody knows."""
        return next((row.weekly_pence for row in self.support_pence if row.support == support), self.weekly_pence)


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """One referral: a stay of `nights` (None: open-ended) that starts on a night in `[earliest, latest]`.

    A unit that offers a slug in `ruled_out` is refused: the type of its service is among what it offers.
    A slug in `unknown` never satisfies and never refuses; a document that names it as something else, too, is refused.
    `apart` is symmetric: naming one side is enough. `hold_above` is in points (see `Price`), `max_miles` by great
    circle. `home_nights`: where the person stays already; `apart_nights`: where somebody stays already who is to be
    kept apart from the person. `booked_on`: the nights, in the horizon or not, on which the person's other stays begin.
    Who must live `alone` goes only where there is one place. `support`: the level of support, as in `Neighbour`.
    With a `series` the need is for several stays, of which its own window and nights are the first (see `series`).
    """

    id: str
    kind: str
    earliest: int
    latest: int
    nights: int | None = None
    weight: int = 100
    waited_days: int = 0
    age: int | None = None
    gender: str | None = None
    essential: frozenset[str] = frozenset()
    desirable: frozenset[str] = frozenset()
    unknown: frozenset[str] = frozenset()
    lat: float | None = None
    lon: float | None = None
    max_miles: float | None = None
    budget_weekly_pence: int | None = None
    reply_within_hours: float | None = None
    wants_out_of_city: bool = False
    avoid_services: frozenset[str] = frozenset()
    ruled_out: frozenset[str] = frozenset()
    declined_units: frozenset[str] = frozenset()
    apart: frozenset[str] = frozenset()
    home_nights: tuple[ServiceNights, ...] = ()
    apart_nights: tuple[ServiceNights, ...] = ()
    booked_on: tuple[int, ...] = ()
    alone: bool = False
    support: str | None = None
    current: Current | None = None
    hold_above: float | None = None
    series: Series | None = None
    extra_points: Mapping[str, int] = field(default_factory=dict, hash=False)

    @property
    def is_unplanned(self) -> bool:
        """Whether it takes one of the places that a unit has for crises."""
        return self.kind in UNPLANNED

    @property
    def must_haves(self) -> frozenset[str]:
        """Essential needs that are known: only these refuse."""
        return self.essential - self.unknown

    @property
    def wishes(self) -> frozenset[str]:
        """Desirable needs that are known: only these earn points."""
        return self.desirable - self.unknown

    @property
    def worth(self) -> int:
        """What meeting this need adds to the first two objectives: its weight and up to a year of waiting."""
        return self.weight + min(self.waited_days, 365)


@dataclass(frozen=True, slots=True, kw_only=True)
class CapFacts:
    """At most so many people on a night over all the units that name this cap.

    Either `places`, the same on every night, or `free` as in a unit: nights that it does not cover have no place.
    """

    id: str
    places: int | None = None
    free: tuple[Span, ...] | None = None

    def spans(self, nights: int) -> tuple[Span, ...]:
        """Return the places by night over a horizon, however they were given."""
        return (Span(0, nights, self.places or 0),) if self.free is None else self.free


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """What a place of a unit is worth to people still to come: `points` a night on the nights `[start, end)`."""

    unit: str
    start: int
    end: int
    points: int
