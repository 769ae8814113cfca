import csv
import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import shape

from placement.geography.distances import Point
from placement.geography.errors import UnusableWardFile
from placement.geography.localities import ASSUMED_LOCALITIES
from placement.geography.maps import svg_paths
from placement.geography.ward_files import read_ward_set
from placement.geography.ward_lsoas import LSOAS_BY_WARD
from placement.geography.ward_names import CHANGE_ON, NEW_WARDS, OLD_WARDS
from placement.geography.wards import Ward, WardIndex, WardSet, choose_ward_set, dump_ward_set, load_ward_set


def square(west, south, size=0.1):
    east, north = west + size, south + size
    return {
        "type": "Polygon",
        "coordinates": [[[west, south], [east, south], [east, north], [west, north], [west, south]]],
    }


def a_feature(code="E05099001", name="East", geometry=None, authority="E08000026", year="27"):
    properties = {f"WD{year}CD": code, f"WD{year}NM": name, f"LAD{year}CD": authority}
    return {"type": "Feature", "properties": properties, "geometry": geometry or square(-1.5, 52.4)}


def a_file(*features):
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def test_the_table_of_lsoas_is_the_published_one(real_files):
    with (real_files / "lsoa11_to_ward25.csv").open(encoding="utf-8") as lines:
        published = {(row["ward25"], row["lsoa11"]) for row in csv.DictReader(lines)}

    assert {(ward, lsoa) for ward, lsoas in LSOAS_BY_WARD.items() for lsoa in lsoas} == published
    assert len(published) == 195


def test_the_names_of_both_sets_are_the_published_ones(real_files):
    with (real_files / "ward_codes_old_and_new.csv").open(encoding="utf-8-sig") as lines:
        published = {row["WDCD"]: row["WDNM"] for row in csv.DictReader(lines)}
    ours = {ward.code: ward.name for each in (OLD_WARDS, NEW_WARDS) for ward in each.wards}

    assert ours == published
    assert len(ours) == 36


def test_the_old_set_ends_on_the_day_on_which_the_new_one_begins():
    assert OLD_WARDS.covers(date(2026, 5, 6))
    assert not OLD_WARDS.covers(CHANGE_ON)
    assert NEW_WARDS.covers(CHANGE_ON)
    assert not NEW_WARDS.has_outlines


def test_the_wards_made_of_lsoas_are_whole_and_labelled_approximate(approximate_wards):
    assert approximate_wards.is_approximate
    assert "approximate" in approximate_wards.name
    assert all(ward.outline.is_valid and ward.outline.area > 0 for ward in approximate_wards.wards)


def test_the_real_file_becomes_the_old_set_made_exact(exact_wards):
    assert (exact_wards.slug, len(exact_wards.wards)) == (OLD_WARDS.slug, 18)
    assert not exact_wards.is_approximate
    assert [ward.name for ward in exact_wards.wards] == [ward.name for ward in OLD_WARDS.wards]


def test_a_stored_set_comes_back_as_it_was(exact_wards):
    assert load_ward_set(dump_ward_set(exact_wards)) == exact_wards
    assert load_ward_set(dump_ward_set(NEW_WARDS)) == NEW_WARDS


@pytest.mark.parametrize("text", ["", "[]", "{}", "null", '{"slug": 1}', '{"wards": [{}]}'])
def test_what_is_not_a_stored_set_is_refused(text):
    with pytest.raises(UnusableWardFile):
        load_ward_set(text)


def test_every_ward_of_both_sets_lies_in_one_of_three_localities():
    for ward_set in (OLD_WARDS, NEW_WARDS):
        members = [ASSUMED_LOCALITIES.wards(area.slug, ward_set) for area in ASSUMED_LOCALITIES.areas]
        assert [len(each) for each in members] == [6, 6, 6]
    assert ASSUMED_LOCALITIES.is_assumed
    assert ASSUMED_LOCALITIES.of("E05016410").name == "West"
    assert ASSUMED_LOCALITIES.of("E99999999") is None


def test_a_border_point_belongs_to_the_lowest_code_and_a_near_miss_to_the_nearest():
    ward_set = read_ward_set(a_file(a_feature("E05099002", "West", square(-1.6, 52.4)), a_feature("E05099001", "East")))
    index = WardIndex(ward_set)
    on_border, just_outside, far = Point(lat=52.45, lon=-1.5), Point(lat=52.503, lon=-1.55), Point(lat=52.6, lon=-1.55)

    assert index.at(on_border).name == "East"
    assert index.at(just_outside).name == "West"
    assert index.at(far) is None


def test_a_file_of_any_year_becomes_a_set_of_that_year():
    found = read_ward_set(a_file(a_feature(), a_feature("E05098001", "Elsewhere", authority="E07000222")))

    assert (found.slug, found.valid_from, len(found.wards)) == ("coventry-2027", date(2027, 1, 1), 1)


def test_heights_in_a_file_are_dropped():
    ring = [[*position, 0.0] for position in square(-1.5, 52.4)["coordinates"][0]]
    found = read_ward_set(a_file(a_feature(geometry={"type": "Polygon", "coordinates": [ring]})))

    assert not found.wards[0].outline.has_z
    assert svg_paths(found, 100, 100)[0].d.startswith("M")


def test_new_outlines_of_the_set_in_force_replace_the_old_ones():
    wards = tuple(a_feature(ward.code, ward.name, year="26") for ward in NEW_WARDS.wards)
    new = read_ward_set(a_file(*wards))

    assert (new.slug, new.is_approximate) == (NEW_WARDS.slug, False)
    assert choose_ward_set([OLD_WARDS, NEW_WARDS, new], on=date(2026, 11, 22)) is new


BOW_TIE = {"type": "Polygon", "coordinates": [[[-1.5, 52.4], [-1.4, 52.5], [-1.4, 52.4], [-1.5, 52.5], [-1.5, 52.4]]]}
METRES = {"type": "Polygon", "coordinates": [[[433000, 278000], [434000, 278000], [434000, 279000], [433000, 278000]]]}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "cannot be read as JSON"),
        (b"\x89PNG", "cannot be read as JSON"),
        (b"[" * 100_000, "cannot be read as JSON"),
        (b"[]", "no features"),
        (b'{"features": []}', "no features"),
        (b'{"features": [1]}', "Feature 1 has no properties"),
        (b'{"features": [{"properties": {"name": "x"}}]}', "no ward column"),
        (a_file(a_feature(), a_feature(year="25")), "mixes the wards of more than one year: WD25CD and WD27CD"),
        (a_file(a_feature(authority="E07000222")), "belongs to Coventry"),
        (a_file(a_feature(code="")), r"Feature 1 \(East\) has no ward code"),
        (a_file(a_feature(name=" ")), "has no ward code and name"),
        (a_file(a_feature(), a_feature()), "E05099001 stands in the file twice"),
        (a_file(a_feature(geometry=BOW_TIE)), r"Feature 1 \(East\) has a broken outline: Self-intersection"),
        (a_file(a_feature(geometry=METRES)), "not in degrees"),
        (a_file(a_feature(geometry={"type": "Point", "coordinates": [-1.5, 52.4]})), "is not a polygon"),
        (a_file(a_feature(geometry={"type": "Polygon", "coordinates": []})), "is not a polygon"),
        (a_file(a_feature(geometry={"type": "Polygon", "coordinates": [[[1]]]})), "no outline that can be read"),
        (a_file(a_feature(geometry={"type": "Polygon"})), "no outline that can be read"),
        (a_file(a_feature(geometry="here")), "no outline that can be read"),
        (
            a_file(a_feature(geometry={"type": "Polygon", "coordinates": [[["a", "b"]] * 4]})),
            "no outline that can be read",
        ),
        (a_file(a_feature(code="E05001218", name="Bablake")), "are 18 wards; this file differs: it lacks E05001219"),
    ],
)
def test_an_unusable_file_is_refused_and_the_feature_is_named(content, said):
    with pytest.raises(UnusableWardFile, match=said):
        read_ward_set(content)


def without(feature, *columns):
    return feature | {"properties": {name: each for name, each in feature["properties"].items() if name not in columns}}


def old_wards(**changes):
    return [a_feature(ward.code, ward.name, year="24", **changes) for ward in OLD_WARDS.wards]


def test_without_a_council_column_the_codes_say_whose_the_wards_are(field_cases):
    found = read_ward_set((field_cases / "06-wards" / "wards_no_council_column.geojson").read_bytes())
    elsewhere = without(a_feature("E05098001", "Elsewhere", year="24"), "LAD24CD")

    assert (found.name, len(found.wards)) == (OLD_WARDS.name, 18)
    wards = [without(each, "LAD24CD") for each in old_wards()]
    assert len(read_ward_set(a_file(*wards, elsewhere)).wards) == 18
    with pytest.raises(UnusableWardFile, match="no council column such as LAD24CD") as refused:
        read_ward_set(a_file(elsewhere))
    assert "E08000026" in refused.value.advice


def test_a_council_column_of_another_year_than_the_wards_is_read():
    wards = [a_feature(ward.code, ward.name, year="24") for ward in OLD_WARDS.wards]
    for each in wards:
        each["properties"]["LAD23CD"] = each["properties"].pop("LAD24CD")

    assert read_ward_set(a_file(*wards)).slug == OLD_WARDS.slug


def test_ward_columns_of_two_years_that_say_the_same_are_those_of_the_newer():
    wards = old_wards()
    for each in wards:
        each["properties"] |= {"WD25CD": each["properties"]["WD24CD"], "WD25NM": each["properties"]["WD24NM"]}
    assert read_ward_set(a_file(*wards)).slug == OLD_WARDS.slug

    wards[3]["properties"]["WD25CD"] = NEW_WARDS.wards[3].code
    with pytest.raises(UnusableWardFile, match="WD24CD and WD25CD are not the same") as refused:
        read_ward_set(a_file(*wards))
    assert "one year" in refused.value.advice


def test_a_file_that_mixes_two_sets_says_which():
    mixed = [*old_wards(), a_feature(NEW_WARDS.wards[0].code, "Bablake", year="24")]

    with pytest.raises(UnusableWardFile, match="mixes Coventry wards to May 2026 and Coventry wards from May 2026"):
        read_ward_set(a_file(*mixed))


def ring(*points):
    return {"type": "Polygon", "coordinates": [[list(point) for point in (*points, points[0])]]}


MENDABLE = {
    "a spike": ring((-1.5, 52.4), (-1.4, 52.4), (-1.3, 52.4), (-1.4, 52.4), (-1.4, 52.5), (-1.5, 52.5)),
    "a spike inwards": ring((-1.5, 52.4), (-1.4, 52.4), (-1.45, 52.45), (-1.4, 52.4), (-1.4, 52.5), (-1.5, 52.5)),
    "a ring that touches itself": ring(
        (-1.5, 52.4), (-1.45, 52.45), (-1.4, 52.4), (-1.4, 52.5), (-1.45, 52.45), (-1.5, 52.5)
    ),
    "a point twice": ring((-1.5, 52.4), (-1.5, 52.4), (-1.4, 52.4), (-1.4, 52.5), (-1.4, 52.4), (-1.4, 52.5)),
}


@pytest.mark.parametrize("name", MENDABLE)
def test_a_broken_outline_is_mended_where_its_area_stays(name):
    (ward,) = (found := read_ward_set(a_file(a_feature(geometry=MENDABLE[name])))).wards

    assert ward.outline.is_valid
    assert ward.outline.area == pytest.approx(shape(MENDABLE[name]).area, rel=1e-9)
    assert found.mended == ("East",)


@given(
    st.lists(st.tuples(st.floats(-1.6, -1.4), st.floats(52.3, 52.5)), min_size=3, max_size=9, unique=True),
)
def test_whatever_ring_is_read_is_valid_and_keeps_its_area(points):
    geometry = ring(*points)
    try:
        (ward,) = read_ward_set(a_file(a_feature(geometry=geometry))).wards
    except UnusableWardFile:
        return
    assert ward.outline.is_valid
    assert ward.outline.area == pytest.approx(shape(geometry).area, rel=2e-6)


def test_the_field_case_with_a_spike_is_mended(field_cases):
    found = read_ward_set((field_cases / "06-wards" / "wards_spike.geojson").read_bytes())

    assert (found.name, len(found.wards), found.mended) == (OLD_WARDS.name, 18, ("Earlsdon",))


def test_every_refusal_of_a_broken_outline_says_how_to_mend_it():
    with pytest.raises(UnusableWardFile, match="Mending it would change its area") as refused:
        read_ward_set(a_file(a_feature(geometry=BOW_TIE)))
    assert "Fix geometries" in refused.value.advice


def test_a_set_with_one_outline_missing_cannot_place_anybody():
    half = WardSet(
        slug="half",
        name="Half",
        valid_from=None,
        valid_to=None,
        is_approximate=False,
        wards=(Ward(code="E05099001", name="East"),),
    )
    assert not half.has_outlines
    assert WardIndex(half).at(Point(lat=52.4, lon=-1.5)) is None
