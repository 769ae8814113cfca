"""The map of who has no place as shapes to draw: one number a shape, as in the table and the key beside the map."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import url_for

from placement.geography.errors import OutlinesMissing
from placement.geography.maps import SvgPath, geojson, locality_geojson, locality_svg_paths, svg_paths
from placement.reports.asked import Level
from placement.reports.bands import Band, band_of, bands
from placement.reports.gaps import Gap, Gaps
from placement.web.pages.commissioner.filters import query
from placement.web.pages.commissioner.words import band_label, gap_words

WIDTH, HEIGHT = 640, 600
NO_DATA = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """One area on the map; `band` is the number of its class, or “none” where there is nothing to map."""

    path: SvgPath
    number: int
    band: str
    words: str


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
    rows = {row.area.code: (number, row) for number, row in enumerate(gaps.ranked(), start=1)}
    known = bands(row.unmet or 0 for row in gaps.rows)
    shapes = tuple(_shape(path, *rows[path.code], known) for path in _paths(gaps) if path.code in rows)
    return Drawing(shapes=shapes, legend=_legend(gaps, shapes, known))


def features(gaps: Gaps) -> dict[str, Any]:
    """Return the map as GeoJSON with number, class, words and address of each area. Raises OutlinesMissing."""
    known = bands(row.unmet or 0 for row in gaps.rows)
    properties = {
        row.area.code: {
            "number": number,
            "band": _band(row, known),
            "words": gap_words(row),
            "href": url_for("commissioner.area", code=row.area.code, **query(gaps.asked)),
        }
        for number, row in enumerate(gaps.ranked(), start=1)
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


def _shape(path: SvgPath, number: int, row: Gap, known: tuple[Band, ...]) -> Shape:
    return Shape(path=path, number=number, band=_band(row, known), words=gap_words(row))


def _band(row: Gap, known: tuple[Band, ...]) -> str:
    return NO_DATA if row.is_empty or row.unmet is None else str(band_of(row.unmet, known))


def _legend(gaps: Gaps, shapes: tuple[Shape, ...], known: tuple[Band, ...]) -> tuple[Legend, ...]:
    """Return a line for each class, the darkest first; where nobody knows who waits there is one line only."""
    is_known = gaps.city.unmet is not None
    lines = [(str(band.number), band_label(band, gaps.asked)) for band in reversed(known) if is_known]
    lines.append((NO_DATA, "Nothing asked for and nothing offered" if is_known else "Not known yet"))
    counts = [sum(shape.band == band for shape in shapes) for band, _ in lines]
    return tuple(Legend(band=band, label=label, count=n) for (band, label), n in zip(lines, counts, strict=True))
