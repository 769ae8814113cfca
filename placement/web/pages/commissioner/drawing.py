"""The map of who has no place as shapes to draw: the number of an area is the same whatever is asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for

from placement.geography.errors import OutlinesMissing
from placement.geography.maps import SvgPath, geojson, locality_geojson, locality_svg_paths, svg_paths
from placement.reports.asked import Level
from placement.reports.bands import Band, band_of, bands
from placement.reports.gaps import Gap, Gaps
from placement.web.pages.commissioner.filters import query
from placement.web.pages.commissioner.words import FEW, band_label, gap_words

WIDTH, HEIGHT = 640, 600
HELD, NO_DATA = "held", "none"
"""The classes of areas that are not told, and of all of them where nobody knows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """One area on the map; `band` is the number of its class, “held” where it is not told, “none” where not known.

    `is_stale`: half of its units or more are not confirmed, so that what is free there may be wrong.
    """

    path: SvgPath
    number: int
    band: str
    words: str
    free: int
    is_stale: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Legend:
    """One line of the legend and how many areas it stands for."""

    band: str
    label: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """Everything that the page draws; without outlines there are no shapes."""

    shapes: tuple[Shape, ...]
    legend: tuple[Legend, ...]
    width: int = WIDTH
    height: int = HEIGHT


def drawing(gaps: Gaps) -> Drawing:
    """Return the map of a report."""
    return _drawn(gaps, bands(row.unmet for row in gaps.rows if row.unmet))


def drawings(several: Sequence[Gaps]) -> list[Drawing]:
    """Return the maps of several reports, to be held against each other: a class is the same in all of them."""
    known = bands(row.unmet for gaps in several for row in gaps.rows if row.unmet)
    return [_drawn(gaps, known) for gaps in several]


def _drawn(gaps: Gaps, known: tuple[Band, ...]) -> Drawing:
    rows = {row.area.code: row for row in gaps.rows}
    shapes = tuple(_shape(path, rows[path.code], known, gaps) for path in _paths(gaps) if path.code in rows)
    return Drawing(shapes=shapes, legend=_legend(gaps, shapes, known))


def features(gaps: Gaps) -> dict[str, Any]:
    """Return the map as GeoJSON with the figures, class, words and address of each area. Raises OutlinesMissing.

    `people` null: fewer than 8, or held back.
    """
    known = bands(row.unmet for row in gaps.rows if row.unmet)
    properties = {
        row.area.code: {
            "number": row.number,
            "band": _band(row, known, gaps),
            "people": row.unmet,
            "free": row.supply,
            "stale": _is_stale(row),
            "words": gap_words(row, gaps.asked, is_known=gaps.is_known),
            "href": url_for("commissioner.area", code=row.area.code, **query(gaps.asked)),
        }
        for row in gaps.rows
    }
    return _collection(gaps, properties)


def _collection(gaps: Gaps, properties: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    asked = gaps.asked
    if asked.level is Level.WARD:
        return geojson(asked.ward_set, properties)
    return locality_geojson(asked.ward_set, asked.localities, properties)


def _paths(gaps: Gaps) -> list[SvgPath]:
    asked = gaps.asked
    try:
        if asked.level is Level.WARD:
            return svg_paths(asked.ward_set, WIDTH, HEIGHT)
        return locality_svg_paths(asked.ward_set, asked.localities, WIDTH, HEIGHT)
    except OutlinesMissing:
        return []


def _shape(path: SvgPath, row: Gap, known: tuple[Band, ...], gaps: Gaps) -> Shape:
    return Shape(
        path=path,
        number=row.number or 0,
        band=_band(row, known, gaps),
        words=gap_words(row, gaps.asked, is_known=gaps.is_known),
        free=row.supply,
        is_stale=_is_stale(row),
    )


def _is_stale(row: Gap) -> bool:
    return bool(row.units) and 2 * row.stale >= row.units


def _band(row: Gap, known: tuple[Band, ...], gaps: Gaps) -> str:
    if not gaps.is_known:
        return NO_DATA
    return str(band_of(row.unmet, known)) if row.unmet else HELD


def _legend(gaps: Gaps, shapes: tuple[Shape, ...], known: tuple[Band, ...]) -> tuple[Legend, ...]:
    """Return a line for each class in which there is an area, the darkest first."""
    lines = [(str(band.number), band_label(band)) for band in reversed(known)]
    lines += [(HELD, FEW.capitalize()), (NO_DATA, "Not known yet")]
    counted = [(band, label, sum(shape.band == band for shape in shapes)) for band, label in lines]
    return tuple(Legend(band=band, label=label, count=count) for band, label, count in counted if count)
