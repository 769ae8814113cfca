"""What planning reads of the records, frozen: all that an instance is made of, and nothing of the database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from placement.domain.series import MOST, StayWindow
from placement.domain.states import Status
from placement.planning.living import Living
from placement.records.tallies import Steps


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredUnit:
    """A unit with its service, its provider's status and how it has answered.

    `free` None and `reported_at` None: it has never reported. `yes` and `no` are its answers to referrals so far. It
    `is_doubted` where it has said since its report that it has no vacancy. `features` are what it is known to offer,
    `asks_first` what it wants to be asked about before.
    """

    id: int
    service: int
    provider: int
    authority: str
    lat: float | None
    lon: float | None
    leaves_on: date | None
    quality: int | None
    status: Status
    kinds: frozenset[str]
    min_age: int
    max_age: int
    gender: str
    gender_now: str | None
    service_type: str
    features: frozenset[str]
    asks_first: frozenset[str]
    weekly_pence: int | None
    support_pence: Mapping[str, int]
    reply_hours: int
    emergencies_until: str | None
    crisis_places: int | None
    caps: frozenset[int]
    places: int
    free: Steps | None
    reported_at: datetime | None
    is_doubted: bool
    yes: int
    no: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredReferral:
    """A referral with its person: `avoided` are services, `apart` people, `declined` units.

    Of a series the window and the nights are those of the first stay that is planned, `further` are the others, and
    `take` says whether all of them are wanted.
    """

    id: int
    reference: str
    person: int
    born_on: date
    gender: str | None
    kind: str
    submitted_at: datetime | None
    essential: frozenset[str]
    desirable: frozenset[str]
    unknown: frozenset[str]
    earliest_on: date | None
    latest_on: date | None
    nights: int | None
    near_lat: float | None
    near_lon: float | None
    max_miles: float | None
    budget_weekly_pence: int | None
    wants_out_of_city: bool
    types_wanted: frozenset[str]
    types_ruled_out: frozenset[str]
    avoided: frozenset[int]
    apart: frozenset[int]
    alone: bool
    declined: frozenset[int]
    take: str = MOST
    further: tuple[StayWindow, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LastProposal:
    """Where a referral was proposed last, and from which day; of a series also each of its `stays`."""

    unit: int
    start_on: date
    stays: tuple[LastProposal, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPrices:
    """The newest prices that still hold: [unit, from night, to night, points a night], from `first_night` on."""

    first_night: date
    spans: Sequence[tuple[str, int, int, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """The records on a day: units and referrals in their order, and what concerns them.

    `left` is what is left under the caps of these units; nothing that is free anywhere changes after `last_change`.
    `proposals` are by referral, `limits` by kind of referral.
    """

    day: date
    units: tuple[StoredUnit, ...]
    left: Mapping[int, Steps]
    last_change: date
    referrals: tuple[StoredReferral, ...]
    living: Living
    proposals: Mapping[int, LastProposal]
    limits: Mapping[str, int]
    prices: StoredPrices | None
