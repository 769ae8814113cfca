"""Great-circle miles for many pairs at once, agreeing with one pair's wherever a limit or a floor could tell."""

from __future__ import annotations

import numpy as np

from placement.matching.judging.distance import EARTH_RADIUS_KM, KM_A_MILE, miles_between
from placement.matching.table.arrays import Floats

_EDGE = 1e-9
"""Array and scalar sines may differ in their last bits; nearer than this to an edge, the scalar decides."""


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
