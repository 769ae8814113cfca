"""Outlines made at set-up: 2011 LSOAs of the city and its neighbours, and the old wards dissolved from them.

`tools/outlines.py` writes the file. Without it the product still runs: it then knows councils but no wards or maps.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from placement.geography.authorities import AUTHORITY_CODES
from placement.geography.distances import Point
from placement.geography.errors import OutlinesMissing
from placement.geography.regions import RegionIndex
from placement.geography.ward_lsoas import LSOAS_BY_WARD
from placement.geography.ward_names import OLD_WARDS
from placement.geography.wards import Ward, WardSet

OUTLINES_PATH = Path(__file__).resolve().parents[2] / "vendor" / "geography" / "lsoa.geojson"
# The outlines are generalised, so a point on the edge of its council may lie just outside all of its LSOAs.
_NEAREST_MILES = 0.5


class LsoaOutlines:
    """The 2011 LSOAs around the city: polygons by code, and the council of each."""

    def __init__(self, path: Path = OUTLINES_PATH) -> None:
        features = _features(path)
        names = {each["properties"]["code"]: each["properties"]["name"] for each in features}
        self.outlines: dict[str, BaseGeometry] = {
            each["properties"]["code"]: shape(each["geometry"]) for each in features
        }
        self.authorities = {code: AUTHORITY_CODES[authority_in(name)] for code, name in names.items()}
        self._all = RegionIndex(self.outlines)
        self._by_authority = {
            authority: RegionIndex({code: self.outlines[code] for code in self.codes(authority)})
            for authority in sorted(set(self.authorities.values()))
        }

    def codes(self, authority: str) -> tuple[str, ...]:
        """Return the LSOA codes of one council, in order."""
        return tuple(sorted(code for code, owner in self.authorities.items() if owner == authority))

    def lsoa_at(self, point: Point, *, authority: str) -> str | None:
        """Return the LSOA of a council that a point lies in; none if the council is not near the city."""
        index = self._by_authority.get(authority)
        return index.nearest(point, within_miles=_NEAREST_MILES) if index else None

    def authority_at(self, point: Point) -> str:
        """Return the council whose outlines hold a point, or nothing: only for points that come without a code."""
        code = self._all.containing(point)
        return self.authorities[code] if code else ""


def old_wards_from(lsoas: LsoaOutlines) -> WardSet:
    """Return the wards to May 2026 with outlines dissolved from whole LSOAs: approximate, and labelled so."""
    wards = tuple(
        Ward(code=ward.code, name=ward.name, outline=_dissolved(lsoas, LSOAS_BY_WARD[ward.code]))
        for ward in OLD_WARDS.wards
    )
    return replace(OLD_WARDS, wards=wards, name=f"{OLD_WARDS.name} (approximate)")


def authority_in(lsoa_name: str) -> str:
    """Return the council in an LSOA's name: “Nuneaton and Bedworth 003B” → “Nuneaton and Bedworth”."""
    return lsoa_name.rpartition(" ")[0]


def _dissolved(lsoas: LsoaOutlines, codes: tuple[str, ...]) -> BaseGeometry:
    return shapely.union_all([lsoas.outlines[code] for code in codes])


def _features(path: Path) -> list[dict[str, Any]]:
    try:
        features: list[dict[str, Any]] = json.loads(path.read_text("utf-8"))["features"]
        return features
    except FileNotFoundError as error:
        raise OutlinesMissing(f"There is no file of outlines at {path.name}") from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise OutlinesMissing(f"The file of outlines at {path.name} cannot be read") from error
