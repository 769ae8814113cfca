from datetime import date

import pytest

from placement.geography.distances import Point
from placement.geography.errors import UnknownPostcode
from placement.geography.fallback import Fallback
from placement.geography.gazetteer import build_gazetteer
from placement.geography.ward_names import CHANGE_ON, NEW_WARDS, OLD_WARDS


def right(rows, gazetteer, column, of):
    return sum(of(gazetteer.locate(row["postcode"])) == row[column] for row in rows)


def ward_code(located):
    return located.ward.code if located.ward else ""


def test_every_council_of_the_oracle_is_right(oracle, gazetteer):
    hits = right(oracle, gazetteer, "local_authority", lambda located: located.authority)

    print(f"council: {hits} of {len(oracle)}")
    assert hits == len(oracle) == 498


def test_every_ward_is_right_with_the_real_outlines(oracle, exact_gazetteer):
    in_city = [row for row in oracle if row["ward_2025"]]
    hits = right(in_city, exact_gazetteer, "ward_2025", ward_code)

    print(f"ward, exact outlines: {hits} of {len(in_city)}")
    assert hits == len(in_city) == 328


def test_94_of_100_wards_are_right_with_the_outlines_made_at_set_up(oracle, gazetteer):
    in_city = [row for row in oracle if row["ward_2025"]]
    hits = right(in_city, gazetteer, "ward_2025", ward_code)

    print(f"ward, approximate outlines: {hits} of {len(in_city)} = {hits / len(in_city):.1%}")
    assert hits / len(in_city) >= 0.94


def test_nothing_outside_the_city_has_a_ward_or_a_locality(oracle, gazetteer, exact_gazetteer):
    outside = [row["postcode"] for row in oracle if not row["ward_2025"]]
    located = [each.locate(postcode) for each in (gazetteer, exact_gazetteer) for postcode in outside]

    print(f"outside: {len(outside)} postcodes, all without a ward")
    assert not any(each.ward or each.locality or each.in_city for each in located)


def test_in_city_goes_by_council_and_not_by_prefix(oracle, gazetteer):
    doubtful = [row for row in oracle if row["postcode"].startswith(("CV7", "CV8"))]
    inside = [row for row in doubtful if gazetteer.locate(row["postcode"]).in_city]

    assert len(doubtful) >= 100
    assert inside == [row for row in doubtful if row["local_authority"] == "E08000026"]


def test_a_postcode_of_the_city_is_known_down_to_its_locality(exact_gazetteer):
    located = exact_gazetteer.locate("cv15rr")

    assert (located.authority_name, located.lsoa) == ("Coventry", "E01009642")
    assert located.ward.name == "St Michael's"
    assert located.locality.slug == "south_east"
    assert located.ward_set.slug == "coventry-to-2026"


def test_an_unknown_postcode_is_refused_with_the_known_ones_that_look_like_it(gazetteer):
    with pytest.raises(UnknownPostcode, match="CV99 9ZZ is not in the postcode directory"):
        gazetteer.locate("CV99 9ZZ")
    with pytest.raises(UnknownPostcode) as refused:
        gazetteer.locate("IV10 1AA")
    assert all(gazetteer.locate(each) for each in refused.value.suggestions)


def test_a_far_away_council_is_told_by_its_code(gazetteer):
    located = gazetteer.locate("SW1A 1AA")

    assert (located.authority, located.authority_name) == ("E09000033", "E09000033")
    assert not located.in_city
    assert located.lsoa is None


def test_without_outlines_there_are_councils_but_no_wards(directory, tmp_path):
    located = build_gazetteer(on=date(2026, 11, 22), directory=directory, outlines_path=tmp_path / "none").locate(
        "CV1 5RR"
    )

    assert located.in_city
    assert located.ward is None
    assert located.ward_set.slug == NEW_WARDS.slug


def test_the_set_in_force_is_used_as_soon_as_it_has_outlines(directory, exact_wards, lsoas):
    before = build_gazetteer(on=date(2026, 5, 6), directory=directory, ward_sets=[exact_wards]).ward_set
    after = build_gazetteer(on=CHANGE_ON, directory=directory, ward_sets=[exact_wards]).ward_set

    assert (before.slug, before.is_approximate) == (OLD_WARDS.slug, False)
    # The new set has no outlines yet: the old one goes on, under its own name.
    assert (after.slug, after.is_approximate) == (OLD_WARDS.slug, False)


class OneAnswer:
    """A geopy geocoder that always says the same."""

    def __init__(self, lat, lon, address):
        self.latitude, self.longitude, self.address = lat, lon, address

    def geocode(self, query, *, timeout):
        return self


def test_a_new_postcode_is_found_by_the_geocoder_and_says_so(directory, lsoas):
    fallback = Fallback(OneAnswer(52.4071, -1.5076, "CV99 9ZZ, Coventry, United Kingdom"))
    gazetteer = build_gazetteer(on=date(2026, 11, 22), directory=directory, fallback=fallback)
    located = gazetteer.locate("CV99 9ZZ")

    assert located.point == Point(lat=52.4071, lon=-1.5076)
    assert (located.in_city, located.source) == (True, "geocoder")
    assert "approximate" in located.note


def test_a_geocoder_that_finds_nothing_leaves_the_postcode_unknown(directory):
    fallback = Fallback(OneAnswer(48.85, 2.35, "Paris, France"))
    gazetteer = build_gazetteer(on=date(2026, 11, 22), directory=directory, fallback=fallback)

    with pytest.raises(UnknownPostcode, match="not this postcode in the United Kingdom"):
        gazetteer.locate("CV99 9ZZ")
