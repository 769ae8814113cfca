"""Reads the ward boundaries that ONS publishes as GeoJSON, of any year, into an exact ward set of the city.

The Open Geography Portal names its columns by year: WD25CD, WD25NM and LAD25CD in 2025. Files there come in several
resolutions and sometimes in National Grid metres; only longitude and latitude (WGS 84 / CRS84) are read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from placement.domain.councils import COVENTRY, Council
from placement.domain.text import readable
from placement.geography.errors import UnusableWardFile
from placement.geography.ward_names import KNOWN_WARD_SETS
from placement.geography.wards import Ward, WardSet

_CODE_COLUMN = re.compile(r"WD(\d\d)CD", re.IGNORECASE)
_DEGREES = (-9.0, 49.0, 3.0, 61.0)  # west, south, east, north of the United Kingdom
MOST_BYTES = 200_000_000  # the full-resolution file of the whole country is about 130 MB


def read_ward_set(content: bytes, *, council: Council = COVENTRY) -> WardSet:
    """Return a council's wards in a GeoJSON file as an exact set; its codes decide which set they are.

    UnusableWardFile says what is wrong and names the feature: not GeoJSON, no ward columns, no ward of the council,
    a code twice, a broken outline, metres instead of degrees, or some of a known set's wards missing.
    """
    features = _features(content)
    year = _year(features)
    mine = [each for each in features if _property(each, f"LAD{year}CD") in council.authorities]
    if not mine:
        codes = ", ".join(sorted(council.authorities))
        raise UnusableWardFile(f"No ward in this file belongs to {council.place} (LAD{year}CD {codes})")
    wards = sorted((_ward(each, year) for each in mine), key=lambda ward: ward.code)
    _refuse_doubles(ward.code for ward in wards)
    return _as_set(tuple(wards), year=year, council=council)


def _features(content: bytes) -> list[Mapping[str, Any]]:
    if len(content) > MOST_BYTES:
        raise UnusableWardFile(f"The file is larger than {MOST_BYTES // 1_000_000} MB: choose a generalised version")
    try:
        document = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise UnusableWardFile("This is not a GeoJSON file: it cannot be read as JSON") from error
    features = document.get("features") if isinstance(document, dict) else None
    if not isinstance(features, list) or not features:
        raise UnusableWardFile("This is not a GeoJSON file of wards: it has no features")
    return [_feature(each, place) for place, each in enumerate(features, start=1)]


def _feature(feature: Any, place: int) -> Mapping[str, Any]:
    if not isinstance(feature, dict) or not isinstance(feature.get("properties"), dict):
        raise UnusableWardFile(f"Feature {place} has no properties")
    properties = {str(name).upper(): value for name, value in feature["properties"].items()}
    return {"place": place, "properties": properties, "geometry": feature.get("geometry")}


def _year(features: Iterable[Mapping[str, Any]]) -> str:
    names = {name for each in features for name in each["properties"]}
    years = {found[1] for name in names if (found := _CODE_COLUMN.fullmatch(name))}
    if len(years) != 1:
        raise UnusableWardFile("The file has no ward column such as WD25CD, or has more than one")
    return years.pop()


def _property(feature: Mapping[str, Any], name: str) -> str:
    return readable(str(feature["properties"].get(name) or ""))


def _ward(feature: Mapping[str, Any], year: str) -> Ward:
    code, name = _property(feature, f"WD{year}CD"), _property(feature, f"WD{year}NM")
    label = f"Feature {feature['place']} ({name or code or 'no name'})"
    if not re.fullmatch(r"[EWSN]\d{8}", code) or not name:
        raise UnusableWardFile(f"{label} has no ward code and name in WD{year}CD and WD{year}NM")
    return Ward(code=code, name=name, outline=_outline(feature["geometry"], label))


def _outline(geometry: Any, label: str) -> BaseGeometry:
    try:
        outline = shapely.force_2d(shape(geometry))  # some exports carry heights, all of them zero
    except (ValueError, TypeError, AttributeError, KeyError, IndexError, shapely.errors.ShapelyError) as error:
        raise UnusableWardFile(f"{label} has no outline that can be read") from error
    if outline.geom_type not in {"Polygon", "MultiPolygon"} or outline.is_empty:
        raise UnusableWardFile(f"{label} is not a polygon")
    if not outline.is_valid:
        raise UnusableWardFile(f"{label} has a broken outline: {shapely.is_valid_reason(outline)}")
    _refuse_metres(outline, label)
    return outline


def _refuse_metres(outline: BaseGeometry, label: str) -> None:
    west, south, east, north = outline.bounds
    if not (_DEGREES[0] <= west and _DEGREES[1] <= south and east <= _DEGREES[2] and north <= _DEGREES[3]):
        raise UnusableWardFile(f"{label} is not in degrees of longitude and latitude within the United Kingdom")


def _refuse_doubles(codes: Iterable[str]) -> None:
    seen: set[str] = set()
    for code in codes:
        if code in seen:
            raise UnusableWardFile(f"Ward {code} stands in the file twice")
        seen.add(code)


def _as_set(wards: tuple[Ward, ...], *, year: str, council: Council) -> WardSet:
    codes = {ward.code for ward in wards}
    known = next((each for each in KNOWN_WARD_SETS if codes & {ward.code for ward in each.wards}), None)
    if known is None:
        return _new_set(wards, year=year, council=council)
    wanted = {ward.code: ward.name for ward in known.wards}
    if codes != set(wanted):
        odd = sorted(codes ^ set(wanted))[0]
        raise UnusableWardFile(f"{known.name} are {len(wanted)} wards; this file differs, first in {odd}")
    return replace(known, wards=wards, is_approximate=False)


def _new_set(wards: tuple[Ward, ...], *, year: str, council: Council) -> WardSet:
    place = council.place
    return WardSet(
        slug=f"{place.casefold().replace(' ', '-')}-20{year}",
        name=f"{place} wards of 20{year}",
        valid_from=date(2000 + int(year), 1, 1),
        valid_to=None,
        is_approximate=False,
        wards=wards,
        authority=council.code,
    )
