"""Great-circle miles, for one pair and for many at once, agreeing wherever a limit or a floor could tell."""

from __future__ import annotations

from math import asin, cos, radians, sin, sqrt

import numpy as np

from placement.matching.arrays import Floats

EARTH_RADIUS_KM = 6371.009
KM_A_MILE = 1.609344

_EDGE = 1e-9
"""Array and scalar sines may differ in their last bits; nearer than this to an edge, the scalar decides."""


def miles_between(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """Return the haversine distance in miles between two points in degrees."""
    north, east = radians(other_lat - lat) / 2, radians(other_lon - lon) / 2
    chord = sin(north) ** 2 + cos(radians(lat)) * cos(radians(other_lat)) * sin(east) ** 2
    return 2 * EARTH_RADIUS_KM * asin(sqrt(min(1.0, max(0.0, chord)))) / KM_A_MILE


def miles_from(
    lat: float | Floats, lon: float | Floats, lats: Floats, lons: Floats, limit: float | Floats | None = None
) -> Floats:
    """Return miles from one point to each of n points, or from each of n points to its own; NaN where a point is NaN.

    Where a quarter mile (the step of the points) or `limit` is within a hair, the value is that of `miles_between`.
    """
    north, east = np.radians(lats - lat) / 2, np.radians(lons - lon) / 2
    chord = np.sin(north) ** 2 + np.cos(np.radians(lat)) * np.cos(np.radians(lats)) * np.sin(east) ** 2
    miles: Floats = 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.clip(chord, 0, 1))) / KM_A_MILE
    quarters = 4 * miles
    close = np.abs(quarters - np.rint(quarters)) < _EDGE
    if limit is not None:
        close |= np.abs(miles - limit) < _EDGE
    where = np.flatnonzero(close)
    if not len(where):
        return miles
    points = (np.broadcast_to(each, miles.shape)[where].tolist() for each in (lat, lon, lats, lons))
    for index, *point in zip(where.tolist(), *points, strict=True):
        miles[index] = miles_between(*point)
    return miles
