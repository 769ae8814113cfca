"""Whether outlines are the city's: how many of its postcodes they leave out, and how many change ward by them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import shapely

from placement.domain.councils import Council
from placement.geography.directory import PostcodeDirectory
from placement.geography.distances import Point
from placement.geography.errors import UnusableWardFile
from placement.geography.grid import to_wgs84
from placement.geography.ward_names import KNOWN_WARD_SETS
from placement.geography.wards import WardSet

# Measured over Coventry's postcodes: the ONS's outlines leave out none, those made of whole LSOAs 0.1%, and the ONS's
# moved by 340 m 1.6%, of which a third would change ward.
MOST_LEFT_OUT = 0.01
# The approximate outlines and the ONS's differ in 4%: above this the outlines of one and the same set are doubtful.
MUCH_CHANGED = 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """What outlines do to a council's postcodes, counted. `has_same_codes`: the wards before had the same codes."""

    postcodes: int
    left_out: int
    changed: int
    has_same_codes: bool

    @property
    def share_left_out(self) -> float:
        """The share of the postcodes that lie in no ward."""
        return self.left_out / self.postcodes if self.postcodes else 0.0

    @property
    def share_changed(self) -> float:
        """The share of the postcodes that would be counted in another ward than before, or in none."""
        return self.changed / self.postcodes if self.postcodes else 0.0

    @property
    def is_doubtful(self) -> bool:
        """Whether so much changes within one and the same set that its outlines may be wrong."""
        return self.has_same_codes and self.share_changed > MUCH_CHANGED


def cover_of(ward_set: WardSet, before: WardSet, points: Sequence[Point]) -> Cover:
    """Return what a set's outlines do to points in the city, against the wards that are in use before it."""
    pairs = list(zip(_ward_codes(ward_set, points), _ward_codes(before, points), strict=True))
    codes, codes_before = ({ward.code for ward in each.wards} for each in (ward_set, before))
    return Cover(
        postcodes=len(points),
        left_out=sum(code is None for code, _ in pairs),
        changed=sum(code != earlier for code, earlier in pairs),
        has_same_codes=codes == codes_before,
    )


def city_points(directory: PostcodeDirectory, council: Council) -> tuple[Point, ...]:
    """Return where the postcodes of a council's area are."""
    return tuple(
        Point(lat=lat, lon=lon)
        for lat, lon in (to_wgs84(*metres) for metres in directory.points_in(council.authorities, council.letters))
    )


def refuse_foreign(ward_set: WardSet, cover: Cover, council: Council) -> None:
    """Raise UnusableWardFile for a set that is not this council's: outlines that leave its postcodes out, or codes that
    its wards did not have in the file's year."""
    told = f"{percent(cover.share_changed)} of {council.place}’s {cover.postcodes:,} postcodes would change ward"
    if cover.share_left_out > MOST_LEFT_OUT:
        raise UnusableWardFile(
            f"The outlines in this file leave out {percent(cover.share_left_out)} of {council.place}, and {told}",
            advice=f"Check that the file has the wards of {council.place}, all of them, and that its positions have "
            "not been moved.",
        )
    if known := _known_then(ward_set, council):
        odd = ", ".join(ward.code for ward in ward_set.wards[:3])
        raise UnusableWardFile(
            f"No ward of {council.place} had a code such as {odd} in the year of this file, and {told}",
            advice=f"Choose a file with the codes of {known.name}: {known.wards[0].code} to {known.wards[-1].code}.",
        )


def percent(share: float) -> str:
    """Return “0.4%” or “34%”; what is little is never rounded to nothing, nor nearly all to all."""
    if share < 0.001:
        return "under 0.1%" if share else "0%"
    return f"{share:.1%}" if share < 0.1 or 0.99 < share < 1 else f"{share:.0%}"


def _ward_codes(ward_set: WardSet, points: Sequence[Point]) -> list[str | None]:
    """Return the ward that each point lies in, all asked at once; a border point belongs to the lowest code."""
    outlines = {ward.code: ward.outline for ward in ward_set.wards if ward.outline is not None}
    drawn = [(code, outlines[code]) for code in sorted(outlines)]
    tree = shapely.STRtree([outline for _, outline in drawn])
    spots = shapely.points([(point.lon, point.lat) for point in points])
    codes: list[str | None] = [None] * len(points)
    found = tree.query(spots, predicate="intersects").T.tolist() if drawn and points else []
    for spot, place in sorted(found, reverse=True):
        codes[spot] = drawn[place][0]
    return codes


def _known_then(ward_set: WardSet, council: Council) -> WardSet | None:
    """Return the set that is known to have been in force then; one without an end may have been followed by this."""
    known = [each for each in KNOWN_WARD_SETS if each.authority == council.code]
    if ward_set.slug in {each.slug for each in known} or ward_set.valid_from is None:
        return None
    begins = ward_set.valid_from
    return next((each for each in known if each.valid_to is not None and each.covers(begins)), None)
