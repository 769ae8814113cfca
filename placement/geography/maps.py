"""Outlines for maps: simplified GeoJSON for the browser, and SVG paths for pages, print and PDF without scripts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import cos, radians
from typing import Any

import shapely
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from placement.geography.attribution import ATTRIBUTION
from placement.geography.errors import OutlinesMissing
from placement.geography.localities import Localities
from placement.geography.wards import WardSet

TOLERANCE_DEGREES = 0.0002  # about 20 m: a third of a pixel when the city is 1,000 pixels wide
_PLACES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class SvgPath:
    """One area to draw: its code and name, path data, and where its label goes, in the drawing's units."""

    code: str
    name: str
    d: str
    label_x: float
    label_y: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Area:
    code: str
    name: str
    outline: BaseGeometry


def geojson(ward_set: WardSet, properties_by_code: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return the wards as a GeoJSON FeatureCollection, simplified so that neighbours still share their borders.

    Each feature's properties are its code, its name and whatever is passed in for its code.
    """
    return _collection(_wards(ward_set), properties_by_code, ward_set)


def locality_geojson(
    ward_set: WardSet, localities: Localities, properties_by_slug: Mapping[str, Mapping[str, Any]]
) -> dict[str, Any]:
    """Return the localities as GeoJSON, each dissolved from its wards; `code` is the locality's slug."""
    return _collection(_localities(ward_set, localities), properties_by_slug, ward_set)


def svg_paths(ward_set: WardSet, width: float, height: float) -> list[SvgPath]:
    """Return a path for each ward in code order, fitted into width × height and centred, north up.

    The projection is equirectangular, true at the city's own latitude: over 20 km nobody can see the difference.
    """
    return _paths(_wards(ward_set), projection(ward_set, width, height))


def locality_svg_paths(ward_set: WardSet, localities: Localities, width: float, height: float) -> list[SvgPath]:
    """Return a path for each locality, on the same scale as `svg_paths` of the same ward set."""
    return _paths(_localities(ward_set, localities), projection(ward_set, width, height))


class Projection:
    """Degrees → drawing units; the same for every layer that covers the same outlines."""

    def __init__(self, bounds: tuple[float, float, float, float], width: float, height: float) -> None:
        west, south, east, north = bounds
        self._squeeze = cos(radians((south + north) / 2))
        across, down = (east - west) * self._squeeze, north - south
        self._scale = min(width / across, height / down)
        self._west, self._north = west, north
        self._left, self._top = (width - across * self._scale) / 2, (height - down * self._scale) / 2

    def xy(self, lon: float, lat: float) -> tuple[float, float]:
        """Return where a position falls on the drawing, to a tenth of a unit; y grows downwards."""
        x = self._left + (lon - self._west) * self._squeeze * self._scale
        y = self._top + (self._north - lat) * self._scale
        return round(x, 1), round(y, 1)


def projection(ward_set: WardSet, width: float, height: float) -> Projection:
    """Return the projection that `svg_paths` uses, for points to be drawn on top of it."""
    outlines = [area.outline for area in _wards(ward_set)]
    return Projection(tuple(shapely.total_bounds(outlines).tolist()), width, height)


def _wards(ward_set: WardSet) -> list[_Area]:
    if not ward_set.has_outlines:
        raise OutlinesMissing(f"There are no outlines of {ward_set.name} to draw")
    outlines = [ward.outline for ward in ward_set.wards if ward.outline is not None]
    # Simplified one by one, neighbours would gape and overlap; as a coverage they keep their common borders.
    simplified = shapely.coverage_simplify(outlines, TOLERANCE_DEGREES)
    pairs = zip(ward_set.wards, simplified, strict=True)
    return [_Area(code=ward.code, name=ward.name, outline=outline) for ward, outline in pairs]


def _localities(ward_set: WardSet, localities: Localities) -> list[_Area]:
    outlines = {area.code: area.outline for area in _wards(ward_set)}
    members = {area: localities.wards(area.slug, ward_set) for area in localities.areas}
    return [
        _Area(code=area.slug, name=area.name, outline=shapely.union_all([outlines[code] for code in codes]))
        for area, codes in members.items()
        if codes
    ]


def _collection(
    areas: Iterable[_Area], properties: Mapping[str, Mapping[str, Any]], ward_set: WardSet
) -> dict[str, Any]:
    return {
        "type": "FeatureCollection",
        "name": ward_set.name,
        "is_approximate": ward_set.is_approximate,
        "attribution": list(ATTRIBUTION),
        "features": [
            {
                "type": "Feature",
                "properties": {"code": area.code, "name": area.name, **properties.get(area.code, {})},
                "geometry": mapping(shapely.set_precision(area.outline, 10**-_PLACES)),
            }
            for area in areas
        ],
    }


def _paths(areas: list[_Area], fitted: Projection) -> list[SvgPath]:
    return [_path(area, fitted) for area in areas]


def _path(area: _Area, fitted: Projection) -> SvgPath:
    # A circle's line begins in its centre, and the widest circle leaves a label the most room.
    lon, lat = shapely.get_coordinates(shapely.maximum_inscribed_circle([area.outline], tolerance=0.0005))[0].tolist()
    x, y = fitted.xy(lon, lat)
    rings = (ring for part in shapely.get_parts(area.outline) for ring in (part.exterior, *part.interiors))
    return SvgPath(
        code=area.code, name=area.name, d="".join(_ring(ring, fitted) for ring in rings), label_x=x, label_y=y
    )


def _ring(ring: shapely.LinearRing, fitted: Projection) -> str:
    corners = [fitted.xy(lon, lat) for lon, lat in ring.coords[:-1]]
    return "M" + "L".join(f"{x:g},{y:g}" for x, y in corners) + "Z"
