"""The city's three Local Implementation Team areas, as groups of wards.

The council publishes the three areas but not their wards. This mapping is a working assumption, is marked as such
wherever it is shown, and is passed in where it is used, so that an administrator's own mapping can take its place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from placement.domain.councils import COVENTRY, Council
from placement.geography.ward_names import NEW_WARDS, OLD_WARDS
from placement.geography.wards import WardSet


@dataclass(frozen=True, slots=True, kw_only=True)
class Locality:
    """One area with its own team."""

    slug: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Localities:
    """The areas and the ward codes in each, of any number of ward sets."""

    areas: tuple[Locality, ...]
    by_ward: Mapping[str, str]
    is_assumed: bool

    def of(self, ward_code: str | None) -> Locality | None:
        """Return the area that a ward lies in; none for a ward nobody has assigned."""
        slug = self.by_ward.get(ward_code or "")
        return next((area for area in self.areas if area.slug == slug), None)

    def wards(self, slug: str, ward_set: WardSet) -> tuple[str, ...]:
        """Return the codes of one set's wards in an area, in order."""
        return tuple(ward.code for ward in ward_set.wards if self.by_ward.get(ward.code) == slug)


AREAS = (
    Locality(slug="north", name="North"),
    Locality(slug="south_east", name="South-East"),
    Locality(slug="west", name="West"),
)
_ASSUMED = {
    "north": ("Holbrook", "Holbrooks", "Longford", "Foleshill", "Radford", "Henley", "Upper Stoke"),
    "south_east": (
        "Binley and Willenhall",
        "Binley & Willenhall",
        "Wyken",
        "Lower Stoke",
        "St Michael's",
        "Cheylesmore",
        "Wainbody",
    ),
    "west": (
        "Bablake",
        "Sherbourne",
        "Whoberley",
        "Woodlands",
        "Earlsdon",
        "Westwood",
        "Tile Hill & Canley",
    ),
}


def _assumed_by_ward() -> dict[str, str]:
    area_of = {name: slug for slug, names in _ASSUMED.items() for name in names}
    return {ward.code: area_of[ward.name] for each in (OLD_WARDS, NEW_WARDS) for ward in each.wards}


def assumed_localities(council: Council) -> Localities:
    """Return the working assumption for a council: Coventry's three areas, and none for any other."""
    return ASSUMED_LOCALITIES if council == COVENTRY else Localities(areas=(), by_ward={}, is_assumed=True)


ASSUMED_LOCALITIES = Localities(areas=AREAS, by_ward=_assumed_by_ward(), is_assumed=True)
