"""A geocoder of the administrator's choice, for postcodes that are newer than the directory. Off unless it is named.

A person's postcode is personal data, and asking a geocoder tells it to somebody else: that is why this is a setting
and why the default is none. Whatever goes wrong, the answer is a note and no point, never a failed page.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from geopy.exc import GeocoderNotFound, GeopyError
from geopy.geocoders import get_geocoder_for_service

from placement.domain.errors import PlacementError
from placement.geography.distances import Point

SERVICE_SETTING, OPTIONS_SETTING = "PLACEMENT_GEOCODER", "PLACEMENT_GEOCODER_OPTIONS"
TIMEOUT_SECONDS = 4
NOTE_FOUND = "Found by a geocoder, not in the directory: the council is read from approximate outlines."
NOTE_FAILED = "The geocoder did not answer."
NOTE_NOTHING = "The geocoder does not know it either."
NOTE_ABROAD = "The geocoder's answer is not this postcode in the United Kingdom."

_SOUTH, _NORTH, _WEST, _EAST = 49.8, 60.9, -8.7, 1.8  # degrees; the islands and all four nations
_UK_NAMES = frozenset(
    {"uk", "gb", "gbr", "united kingdom", "great britain", "england", "scotland", "wales", "northern ireland"}
)


class Geocoder(Protocol):
    """What is used of a geopy geocoder."""

    def geocode(self, query: str, *, timeout: int) -> Any:
        """Return a location with `latitude`, `longitude` and `address`, or none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FallbackAnswer:
    """A point, or none and why."""

    point: Point | None
    note: str


class UnusableGeocoder(PlacementError):
    """The geocoder named in the settings cannot be made."""

    status = 500
    advice = f"Put right or remove {SERVICE_SETTING} and {OPTIONS_SETTING}."


class Fallback:
    """Asks one geocoder, once a question, within a time-out."""

    def __init__(self, geocoder: Geocoder, *, timeout_seconds: int = TIMEOUT_SECONDS) -> None:
        self._geocoder, self._timeout = geocoder, timeout_seconds

    def find(self, postcode: str) -> FallbackAnswer:
        """Return the point of a printed postcode, or none with the reason in words."""
        try:
            location = self._geocoder.geocode(f"{postcode}, United Kingdom", timeout=self._timeout)
            return _answer(postcode, location)
        except (GeopyError, OSError, ValueError, TypeError, AttributeError):
            # A third party's reply is not worth a failed page, whatever shape its fault has.
            return FallbackAnswer(point=None, note=NOTE_FAILED)


def fallback_from(settings: Mapping[str, str]) -> Fallback | None:
    """Return the fallback that the settings name, or none where they name none.

    The options are a JSON object of the geocoder's own arguments, such as `user_agent` and `domain`.
    """
    service = settings.get(SERVICE_SETTING, "").strip()
    if not service:
        return None
    try:
        options = json.loads(settings.get(OPTIONS_SETTING) or "{}")
        return Fallback(get_geocoder_for_service(service)(**options))
    except (GeocoderNotFound, GeopyError, TypeError, ValueError) as error:
        raise UnusableGeocoder(f"The geocoder “{service}” cannot be used: {error}") from error


def _answer(postcode: str, location: Any) -> FallbackAnswer:
    if location is None:
        return FallbackAnswer(point=None, note=NOTE_NOTHING)
    point = Point(lat=round(float(location.latitude), 6), lon=round(float(location.longitude), 6))
    if not (_is_in_uk(point, location.address) and _is_same(postcode, location.address)):
        return FallbackAnswer(point=None, note=NOTE_ABROAD)
    return FallbackAnswer(point=point, note=NOTE_FOUND)


def _is_in_uk(point: Point, address: str) -> bool:
    country = address.rpartition(",")[2].strip().casefold()
    return _SOUTH <= point.lat <= _NORTH and _WEST <= point.lon <= _EAST and country in _UK_NAMES


def _is_same(postcode: str, address: str) -> bool:
    # Geocoders that do not know a postcode like to answer with the middle of its town.
    return postcode.replace(" ", "") in address.upper().replace(" ", "")
