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
_COUNCIL_COLUMN = re.compile(r"LAD(\d\d)CD", re.IGNORECASE)
LEAST_CHANGE = 1e-6  # of an outline's area: what mending may change, for a rounding error is no change
_DEGREES = (-9.0, 49.0, 3.0, 61.0)  # west, south, east, north of the United Kingdom
MOST_BYTES = 200_000_000  # the full-resolution file of the whole country is about 130 MB


def read_ward_set(content: bytes, *, council: Council = COVENTRY) -> WardSet:
    """Return a council's wards in a GeoJSON file as an exact set; its codes decide which set they are.

    A ward is the council's by the file's council column or, where it has none, by its code. An outline with a spike, or
    a ring that touches itself, is mended where that leaves its area as it is. UnusableWardFile says what is wrong and
    names the feature: not GeoJSON, no ward columns or those of several years, no ward of the council, a code twice, a
    broken outline, metres instead of degrees, or some of a known set's wards missing.
    """
    features = _features(content)
    year = _year(features)
    mine = _wards_of(council, features, year)
    drawn = sorted((_ward(each, year) for each in mine), key=lambda pair: pair[0].code)
    wards = tuple(ward for ward, _ in drawn)
    _refuse_doubles(ward.code for ward in wards)
    mended = tuple(ward.name for ward, is_mended in drawn if is_mended)
    return replace(_as_set(wards, year=year, council=council), mended=mended)


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
    """Return the year of the ward column; of several, the newest where they give every feature one code."""
    listed = list(features)
    names = {name for each in listed for name in each["properties"]}
    years = sorted(found[1] for name in names if (found := _CODE_COLUMN.fullmatch(name)))
    if not years:
        raise UnusableWardFile(
            "The file has no ward column such as WD25CD",
            advice="Choose a file of wards; one of districts or of output areas has other columns.",
        )
    if any(len({_property(each, f"WD{year}CD") for year in years}) > 1 for each in listed):
        columns = " and ".join(f"WD{year}CD" for year in years)
        raise UnusableWardFile(
            f"The file mixes the wards of more than one year: {columns} are not the same in every feature",
            advice="Keep the features and the columns of one year, and upload that.",
        )
    return years[-1]


def _wards_of(council: Council, features: list[Mapping[str, Any]], year: str) -> list[Mapping[str, Any]]:
    """Return the features that are a council's, by its code in any year's council column or by the ward's own code."""
    names = {name for each in features for name in each["properties"]}
    columns = sorted(name for name in names if _COUNCIL_COLUMN.fullmatch(name))
    known = {ward.code for ward_set in _known_sets(council) for ward in ward_set.wards}

    def is_ours(feature: Mapping[str, Any]) -> bool:
        said = {code for name in columns if (code := _property(feature, name))}
        return bool(said & council.authorities) if said else _property(feature, f"WD{year}CD") in known

    mine = [each for each in features if is_ours(each)]
    if mine:
        return mine
    codes = ", ".join(sorted(council.authorities))
    if not columns:
        raise UnusableWardFile(
            f"The file has no council column such as LAD{year}CD, and no ward of it has a code that is known to be "
            f"{council.place}’s",
            advice=f"Choose a file whose council column has {codes}.",
        )
    found = sorted({_property(each, name) for each in features for name in columns} - {""})
    raise UnusableWardFile(
        f"No ward in this file belongs to {council.place}: {', '.join(columns)} has {', '.join(found[:3]) or 'nothing'}"
        f"{' and others' if len(found) > 3 else ''}, and not {codes}",
        advice=f"Choose a file that has the wards of {council.place}.",
    )


def _known_sets(council: Council) -> list[WardSet]:
    return [each for each in KNOWN_WARD_SETS if each.authority == council.code]


def _property(feature: Mapping[str, Any], name: str) -> str:
    return readable(str(feature["properties"].get(name) or ""))


def _ward(feature: Mapping[str, Any], year: str) -> tuple[Ward, bool]:
    """Return a ward, and whether its outline was mended."""
    code, name = _property(feature, f"WD{year}CD"), _property(feature, f"WD{year}NM")
    label = f"Feature {feature['place']} ({name or code or 'no name'})"
    if not re.fullmatch(r"[EWSN]\d{8}", code) or not name:
        raise UnusableWardFile(f"{label} has no ward code and name in WD{year}CD and WD{year}NM")
    outline, is_mended = _outline(feature["geometry"], label)
    return Ward(code=code, name=name, outline=outline), is_mended


def _outline(geometry: Any, label: str) -> tuple[BaseGeometry, bool]:
    try:
        outline = shapely.force_2d(shape(geometry))  # some exports carry heights, all of them zero
    except (ValueError, TypeError, AttributeError, KeyError, IndexError, shapely.errors.ShapelyError) as error:
        raise UnusableWardFile(f"{label} has no outline that can be read") from error
    if outline.geom_type not in {"Polygon", "MultiPolygon"} or outline.is_empty:
        raise UnusableWardFile(f"{label} is not a polygon")
    _refuse_metres(outline, label)
    return (outline, False) if outline.is_valid else (_mended(outline, label), True)


def _mended(outline: BaseGeometry, label: str) -> BaseGeometry:
    """Return a broken outline without its spikes, its rings parted where they touch; refuse what changes its area."""
    parts = shapely.get_parts(shapely.make_valid(outline))
    shapes = [part for part in parts if part.geom_type in {"Polygon", "MultiPolygon"}]
    mended = shapely.union_all(shapes)
    change = abs(mended.area - outline.area)
    if not mended.is_valid or mended.is_empty or change > LEAST_CHANGE * outline.area:
        raise UnusableWardFile(
            f"{label} has a broken outline: {shapely.is_valid_reason(outline)}. Mending it would change its area",
            advice="Mend it in a mapping program (“Fix geometries” in QGIS) and look at it, or choose a version of the "
            "boundaries in another resolution.",
        )
    return mended


def _refuse_metres(outline: BaseGeometry, label: str) -> None:
    west, south, east, north = outline.bounds
    if not (_DEGREES[0] <= west and _DEGREES[1] <= south and east <= _DEGREES[2] and north <= _DEGREES[3]):
        raise UnusableWardFile(
            f"{label} is not in degrees of longitude and latitude within the United Kingdom",
            advice="Choose GeoJSON in WGS 84 (longitude and latitude), not in metres of the National Grid.",
        )


def _refuse_doubles(codes: Iterable[str]) -> None:
    seen: set[str] = set()
    for code in codes:
        if code in seen:
            raise UnusableWardFile(f"Ward {code} stands in the file twice", advice="Keep one feature a ward.")
        seen.add(code)


def _as_set(wards: tuple[Ward, ...], *, year: str, council: Council) -> WardSet:
    codes = {ward.code for ward in wards}
    known = [each for each in _known_sets(council) if codes & {ward.code for ward in each.wards}]
    if not known:
        return _new_set(wards, year=year, council=council)
    if len(known) > 1:
        names = " and ".join(each.name for each in known)
        raise UnusableWardFile(f"The file mixes {names}", advice="Keep the wards of one of the two sets.")
    wanted = {ward.code: ward.name for ward in known[0].wards}
    if codes != set(wanted):
        raise UnusableWardFile(
            f"{known[0].name} are {len(wanted)} wards; {_difference(codes, set(wanted))}",
            advice="Keep exactly the wards of that set: all of them and no others.",
        )
    return replace(known[0], wards=wards, is_approximate=False)


def _difference(codes: set[str], wanted: set[str]) -> str:
    missing, more = sorted(wanted - codes), sorted(codes - wanted)
    told = [f"{words} {', '.join(some[:3])}" for words, some in (("lacks", missing), ("also has", more)) if some]
    return f"this file differs: it {' and '.join(told)}"


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
