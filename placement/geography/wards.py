"""Wards as dated, versioned sets, and which ward of a set a point lies in.

Coventry's wards changed in May 2026, so a figure or a map by ward means nothing without its set's name.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry

from placement.domain.councils import COVENTRY, Council
from placement.geography.distances import Point
from placement.geography.errors import UnusableWardFile
from placement.geography.regions import RegionIndex

# A postcode's point may lie a little outside generalised outlines; further away than this it is no ward's.
NEAREST_MILES = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Ward:
    """One ward: ONS code, name and, where it is known, its outline in degrees (longitude, latitude), WGS 84."""

    code: str
    name: str
    outline: BaseGeometry | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class WardSet:
    """A council's wards over one period [valid_from, valid_to), in the order of their codes. None: not known.

    `authority` is the code of the council; `mended` names the wards whose outlines a file had broken.
    """

    slug: str
    name: str
    valid_from: date | None
    valid_to: date | None
    is_approximate: bool
    wards: tuple[Ward, ...] = field(repr=False)
    authority: str = COVENTRY.code
    mended: tuple[str, ...] = field(default=(), compare=False)

    @property
    def has_outlines(self) -> bool:
        """Whether every ward can be drawn and points can be put into wards."""
        return bool(self.wards) and all(ward.outline is not None for ward in self.wards)

    def covers(self, day: date) -> bool:
        """Return whether the set was in force on a day."""
        return (self.valid_from or date.min) <= day < (self.valid_to or date.max)

    def ends_before(self, day: date) -> bool:
        """Return whether the set had expired by a day."""
        return self.valid_to is not None and self.valid_to <= day

    def ward(self, code: str) -> Ward | None:
        """Return the ward with a code."""
        return next((ward for ward in self.wards if ward.code == code), None)


def no_wards(council: Council) -> WardSet:
    """Return what stands for the wards of a council that has uploaded none."""
    return WardSet(
        slug="none",
        name=f"{council.place}: no wards yet",
        valid_from=None,
        valid_to=None,
        is_approximate=True,
        wards=(),
        authority=council.code,
    )


class WardIndex:
    """Answers which ward of one set a point lies in; a border point belongs to the lowest code."""

    def __init__(self, ward_set: WardSet) -> None:
        self.ward_set = ward_set
        self._wards = {ward.code: ward for ward in ward_set.wards}
        outlines = {ward.code: ward.outline for ward in ward_set.wards if ward.outline is not None}
        self._regions = RegionIndex(outlines if ward_set.has_outlines else {})

    def at(self, point: Point) -> Ward | None:
        """Return the ward that a point of the city lies in, or else the nearest one within `NEAREST_MILES`."""
        code = self._regions.nearest(point, within_miles=NEAREST_MILES)
        return self._wards[code] if code else None


def choose_ward_set(ward_sets: Iterable[WardSet], *, on: date) -> WardSet:
    """Return the set to work with on a day.

    Wanted in this order: outlines, for a set of names can place nobody; in force; the latest; exact.
    """
    ranked = sorted(
        ward_sets,
        key=lambda each: (each.has_outlines, each.covers(on), each.valid_from or date.min, not each.is_approximate),
    )
    return ranked[-1]


def dump_ward_set(ward_set: WardSet) -> str:
    """Return the set as JSON text: what is stored, and what `load_ward_set` reads."""
    wards = [
        {"code": ward.code, "name": ward.name, "outline": mapping(ward.outline) if ward.outline is not None else None}
        for ward in ward_set.wards
    ]
    return json.dumps(
        {
            "slug": ward_set.slug,
            "name": ward_set.name,
            "valid_from": ward_set.valid_from.isoformat() if ward_set.valid_from else None,
            "valid_to": ward_set.valid_to.isoformat() if ward_set.valid_to else None,
            "is_approximate": ward_set.is_approximate,
            "authority": ward_set.authority,
            "wards": wards,
        }
    )


def load_ward_set(text: str) -> WardSet:
    """Return the set that `dump_ward_set` wrote; UnusableWardFile if it is anything else."""
    try:
        stored = json.loads(text)
        return WardSet(
            slug=stored["slug"],
            name=stored["name"],
            valid_from=_day(stored["valid_from"]),
            valid_to=_day(stored["valid_to"]),
            is_approximate=stored["is_approximate"],
            authority=stored["authority"],
            wards=tuple(_ward(each) for each in stored["wards"]),
        )
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise UnusableWardFile("This is not a stored ward set") from error


def _ward(stored: dict[str, Any]) -> Ward:
    outline = stored["outline"]
    return Ward(code=stored["code"], name=stored["name"], outline=shape(outline) if outline else None)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
