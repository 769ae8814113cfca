"""What a CQC file says, as frozen rows: locations, providers, ratings, and what could not be used."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum

OVERALL = "overall"


class Source(IntEnum):
    """The kinds of file; of two files of one date the higher is believed."""

    RATINGS = 1
    CARE_DIRECTORY = 2
    WIDE_DIRECTORY = 3
    HSCA_LOCATIONS = 4
    API = 5
    HSCA_ENDED = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Ages:
    """An age band in whole years, [youngest, below); `below` is none where there is no upper end."""

    youngest: int
    below: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CqcRating:
    """One published judgement: of a location (`overall`) or of one service group in it, in one domain or overall.

    `quality` is 0 (Inadequate) to 3 (Outstanding), and none where CQC gives no rating; `words` then say why.
    """

    location_id: str
    service_group: str
    domain: str
    quality: int | None
    words: str
    published_on: date | None
    is_inherited: bool = False
    source: Source
    vintage: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CqcLocation:
    """One location, registered or no longer. None and empty mean that this file does not say; they never mean no.

    `service_types` and `specialisms` are this product's slugs; `other_service_types` are CQC's own words that have no
    slug. `unread_types` and `unread_bands` are words that nobody knows: they never stand for a no. `primary_id` is the
    location under which the beds of a dual registration are counted. A band says for whom a service is built: it is no
    rating and no severity. `file` and `row` are where it was read, of several rows the one with the postcode; they are
    no part of what it says.
    """

    location_id: str
    name: str
    provider_id: str = ""
    provider_name: str = ""
    postcode: str = ""
    address: tuple[str, ...] = ()
    local_authority: str = ""
    is_social_care: bool | None = None
    is_registered: bool | None = None
    registered_on: date | None = None
    deregistered_on: date | None = None
    is_care_home: bool | None = None
    is_dormant: bool | None = None
    is_dual: bool | None = None
    primary_id: str = ""
    beds: int | None = None
    service_types: tuple[str, ...] = ()
    other_service_types: tuple[str, ...] = ()
    unread_types: tuple[str, ...] = ()
    specialisms: tuple[str, ...] = ()
    ages: tuple[Ages, ...] = ()
    unread_bands: tuple[str, ...] = ()
    ratings: tuple[CqcRating, ...] = ()
    predecessor_ids: tuple[str, ...] = ()
    successor_ids: tuple[str, ...] = ()
    source: Source
    vintage: date | None = None
    file: str = field(default="", compare=False, repr=False)
    row: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class CqcProvider:
    """One provider, registered or no longer: the organisation behind locations."""

    provider_id: str
    name: str
    is_registered: bool | None = None
    deregistered_on: date | None = None
    location_ids: tuple[str, ...] = ()
    source: Source
    vintage: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A row of a file with something wrong; row 0 is the file as a whole. `is_row_used`: only a cell was left out."""

    file: str
    row: int
    reason: str
    is_row_used: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """All that one or more files gave. `rows_read` counts rows with anything in them, usable or not."""

    rows_read: int = 0
    locations: tuple[CqcLocation, ...] = ()
    providers: tuple[CqcProvider, ...] = ()
    ratings: tuple[CqcRating, ...] = ()
    problems: tuple[Problem, ...] = ()

    @staticmethod
    def of(readings: Iterable[Reading]) -> Reading:
        """Return many readings as one, in their order."""
        each = list(readings)
        return Reading(
            rows_read=sum(reading.rows_read for reading in each),
            locations=tuple(row for reading in each for row in reading.locations),
            providers=tuple(row for reading in each for row in reading.providers),
            ratings=tuple(row for reading in each for row in reading.ratings),
            problems=tuple(row for reading in each for row in reading.problems),
        )
