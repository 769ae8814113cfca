"""Where a postcode is: its point, council, LSOA, ward and locality, from data on this machine."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from placement.domain.councils import COVENTRY, Council
from placement.geography.authorities import authority_name
from placement.geography.directory import PostcodeDirectory
from placement.geography.distances import Point
from placement.geography.errors import OffTheMap, OutlinesMissing, UnknownPostcode
from placement.geography.fallback import Fallback
from placement.geography.grid import to_wgs84
from placement.geography.localities import ASSUMED_LOCALITIES, Localities, Locality
from placement.geography.outlines import OUTLINES_PATH, LsoaOutlines, old_wards_from
from placement.geography.postcodes import lookalikes, normalise
from placement.geography.ward_names import NEW_WARDS, OLD_WARDS
from placement.geography.wards import Ward, WardIndex, WardSet, choose_ward_set, no_wards

FROM_DIRECTORY, FROM_GEOCODER = "directory", "geocoder"


@dataclass(frozen=True, slots=True, kw_only=True)
class Located:
    """All that is known about where a postcode is. `authority` is an ONS code, or nothing where there is none.

    `ward` and `locality` are none outside the city, and in it where the ward set has no outlines.
    """

    postcode: str
    point: Point
    authority: str
    authority_name: str
    in_city: bool
    lsoa: str | None
    ward: Ward | None
    ward_set: WardSet
    locality: Locality | None
    source: str = FROM_DIRECTORY
    note: str = ""


class Gazetteer:
    """One place to ask where things are. Build it once a process; it is safe to share between threads."""

    def __init__(
        self,
        *,
        directory: PostcodeDirectory,
        ward_set: WardSet,
        lsoas: LsoaOutlines | None = None,
        localities: Localities = ASSUMED_LOCALITIES,
        fallback: Fallback | None = None,
        council: Council = COVENTRY,
    ) -> None:
        self.ward_set, self.localities, self.council = ward_set, localities, council
        self._directory, self._lsoas, self._fallback = directory, lsoas, fallback
        self._wards = WardIndex(ward_set)

    def locate(self, text: str) -> Located:
        """Return where a postcode is, in whatever spelling it was typed.

        Raises MalformedPostcode if it cannot be one and UnknownPostcode if neither the directory nor the fallback
        (where there is one) has it.
        """
        postcode = normalise(text)
        entry = self._directory.find(postcode)
        if entry is None:
            if where := self._directory.off_the_grid(postcode):
                raise OffTheMap(f"{postcode} {where}")
            return self._ask_fallback(postcode)
        lat, lon = to_wgs84(entry.easting, entry.northing)
        return self._located(postcode, Point(lat=round(lat, 6), lon=round(lon, 6)), entry.authority)

    def ward_at(self, point: Point) -> Ward | None:
        """Return the ward of a point that is known to be in the city."""
        return self._wards.at(point)

    def _located(self, postcode: str, point: Point, authority: str, **origin: str) -> Located:
        in_city = self.council.has(authority)
        ward = self._wards.at(point) if in_city else None
        return Located(
            postcode=postcode,
            point=point,
            authority=authority,
            authority_name=authority_name(authority),
            in_city=in_city,
            lsoa=self._lsoas.lsoa_at(point, authority=authority) if self._lsoas else None,
            ward=ward,
            ward_set=self.ward_set,
            locality=self.localities.of(ward.code) if ward else None,
            **origin,
        )

    def _ask_fallback(self, postcode: str) -> Located:
        if self._fallback is None:
            raise self._unknown(postcode)
        found = self._fallback.find(postcode)
        if found.point is None:
            raise self._unknown(postcode, found.note)
        authority = self._lsoas.authority_at(found.point) if self._lsoas else ""
        return self._located(postcode, found.point, authority, source=FROM_GEOCODER, note=found.note)

    def _unknown(self, postcode: str, note: str = "") -> UnknownPostcode:
        likely = [each for each in lookalikes(postcode.replace(" ", "")) if self._directory.find(each)]
        message = f"{postcode} is not in the postcode directory"
        return UnknownPostcode(f"{message}. {note}" if note else message, suggestions=likely)


def build_gazetteer(
    *,
    on: date,
    ward_sets: Iterable[WardSet] = (),
    localities: Localities = ASSUMED_LOCALITIES,
    fallback: Fallback | None = None,
    outlines_path: Path = OUTLINES_PATH,
    directory: PostcodeDirectory | None = None,
    council: Council = COVENTRY,
) -> Gazetteer:
    """Return a council's gazetteer for a day: uploaded ward sets first, else what comes with the product.

    For Coventry that is the approximate outlines made at set-up; for any other council no wards at all.
    """
    lsoas = _lsoas(outlines_path)
    return Gazetteer(
        directory=directory or PostcodeDirectory(),
        ward_set=choose_ward_set((*_known_sets(council, lsoas), *ward_sets), on=on),
        lsoas=lsoas,
        localities=localities,
        fallback=fallback,
        council=council,
    )


def _known_sets(council: Council, lsoas: LsoaOutlines | None) -> tuple[WardSet, ...]:
    if council == COVENTRY:
        return old_wards_from(lsoas) if lsoas else OLD_WARDS, NEW_WARDS
    return (no_wards(council),)


def _lsoas(path: Path) -> LsoaOutlines | None:
    try:
        return LsoaOutlines(path)
    except OutlinesMissing:
        return None
