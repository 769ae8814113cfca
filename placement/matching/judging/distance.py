"""Great-circle miles between two points."""

from __future__ import annotations

from math import asin, cos, radians, sin, sqrt

EARTH_RADIUS_KM = 6371.009
KM_A_MILE = 1.609344


def miles_between(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """Return the distance in miles between two points in degrees, by great circle on the mean Earth radius (haversine).

    Sinnott, Virtues of the Haversine, Sky and Telescope 1984; the radius is the mean one of the
    International Union of Geodesy and Geophysics.
    """
    north, east = radians(other_lat - lat) / 2, radians(other_lon - lon) / 2
    chord = sin(north) ** 2 + cos(radians(lat)) * cos(radians(other_lat)) * sin(east) ** 2
    return 2 * EARTH_RADIUS_KM * asin(sqrt(min(1.0, max(0.0, chord)))) / KM_A_MILE
