"""Which of several outlines a point lies in: the one search that wards and LSOAs share."""

from __future__ import annotations

from collections.abc import Mapping
from math import cos, radians
from threading import Lock

import shapely
from shapely.affinity import scale
from shapely.geometry.base import BaseGeometry

from placement.geography.distances import Point

_CITY_LAT = 52.4
# Degrees of longitude are shorter than degrees of latitude; without this the nearest outline would be the wrong one.
_SQUEEZE = cos(radians(_CITY_LAT))
_MILES_A_DEGREE = 69.09  # of latitude, 111.19 km on the mean sphere


class RegionIndex:
    """Outlines by code, searched by point. A point on a border belongs to the lowest code. Safe between threads."""

    def __init__(self, outlines: Mapping[str, BaseGeometry]) -> None:
        self._codes = sorted(outlines)
        self._shapes = [_flat(outlines[code]) for code in self._codes]
        self._tree = shapely.STRtree(self._shapes)
        shapely.prepare(self._shapes)
        # GEOS builds its search structures on first use and lets other threads in meanwhile.
        self._searching = Lock()

    def containing(self, point: Point) -> str | None:
        """Return the code of the outline that a point lies in or on."""
        spot = _flat(shapely.Point(point.lon, point.lat))
        with self._searching:
            boxes = sorted(int(row) for row in self._tree.query(spot))
            return next((self._codes[row] for row in boxes if shapely.intersects(self._shapes[row], spot)), None)

    def nearest(self, point: Point, *, within_miles: float) -> str | None:
        """Return the code of the outline that a point lies in, or else the nearest one within a distance."""
        if (code := self.containing(point)) is not None or not self._codes:
            return code
        spot = _flat(shapely.Point(point.lon, point.lat))
        with self._searching:
            apart, code = min((shapely.distance(each, spot), code) for each, code in self._pairs())
        return code if apart * _MILES_A_DEGREE <= within_miles else None

    def _pairs(self) -> zip[tuple[BaseGeometry, str]]:
        return zip(self._shapes, self._codes, strict=True)


def _flat(outline: BaseGeometry) -> BaseGeometry:
    return scale(outline, xfact=_SQUEEZE, yfact=1.0, origin=(0, 0))
