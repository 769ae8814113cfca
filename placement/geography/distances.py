"""How far it is, in miles, as the crow flies."""

from __future__ import annotations

from dataclasses import dataclass

from geopy.distance import great_circle

MILE_KM = 1.609344  # the international mile, exact
EARTH_RADIUS_KM = 6371.009  # the mean radius that geopy uses; pinned by a test


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A position in degrees, WGS 84."""

    lat: float
    lon: float


def miles_between(here: Point, there: Point) -> float:
    """Return the great-circle distance in miles; it is the same both ways and 0 for one point."""
    kilometres: float = great_circle((here.lat, here.lon), (there.lat, there.lon), radius=EARTH_RADIUS_KM).kilometers
    return kilometres / MILE_KM
