import json
import re

import pytest
import shapely
from shapely.geometry import shape

from placement.geography.attribution import ATTRIBUTION
from placement.geography.errors import OutlinesMissing
from placement.geography.localities import ASSUMED_LOCALITIES
from placement.geography.maps import geojson, locality_geojson, locality_svg_paths, projection, svg_paths
from placement.geography.ward_names import NEW_WARDS


def test_a_map_for_the_browser_is_small_valid_and_credited(exact_wards):
    drawn = geojson(exact_wards, {"E05001218": {"vacancies": 3}})
    text = json.dumps(drawn)

    assert len(text) < 60_000
    assert drawn["attribution"] == list(ATTRIBUTION)
    assert drawn["features"][0]["properties"] == {"code": "E05001218", "name": "Bablake", "vacancies": 3}
    assert all(shape(each["geometry"]).is_valid for each in json.loads(text)["features"])


def test_simplified_neighbours_neither_gape_nor_overlap(exact_wards):
    shapes = [shape(each["geometry"]) for each in geojson(exact_wards, {})["features"]]
    overlap = sum(each.area for each in shapes) - shapely.union_all(shapes).area

    assert abs(overlap) / shapely.union_all(shapes).area < 1e-4


def test_every_ward_is_drawn_inside_the_frame_with_its_label_inside_it(exact_wards, approximate_wards):
    for ward_set in (exact_wards, approximate_wards):
        paths = svg_paths(ward_set, 600, 500)
        numbers = [float(each) for path in paths for each in re.findall(r"[\d.]+", path.d)]
        assert [path.code for path in paths] == [ward.code for ward in ward_set.wards]
        assert 0 <= min(numbers) <= max(numbers) <= 600
        assert all(0 < path.label_x < 600 and 0 < path.label_y < 500 for path in paths)
        assert all(re.fullmatch(r"(M[\d.,L]+Z)+", path.d) for path in paths)


def test_north_is_up_and_a_point_falls_on_its_ward(exact_wards):
    paths = {path.name: path for path in svg_paths(exact_wards, 600, 600)}

    assert paths["Longford"].label_y < paths["St Michael's"].label_y < paths["Wainbody"].label_y
    x, y = projection(exact_wards, 600, 600).xy(-1.507614, 52.40709)
    assert abs(x - paths["St Michael's"].label_x) < 60
    assert abs(y - paths["St Michael's"].label_y) < 60


def test_localities_are_dissolved_from_their_wards_on_the_same_scale(exact_wards):
    paths = locality_svg_paths(exact_wards, ASSUMED_LOCALITIES, 600, 600)
    drawn = locality_geojson(exact_wards, ASSUMED_LOCALITIES, {})

    assert [path.code for path in paths] == ["north", "south_east", "west"]
    assert sum(shape(each["geometry"]).area for each in drawn["features"]) == pytest.approx(
        sum(ward.outline.area for ward in exact_wards.wards), rel=0.01
    )


def test_names_without_outlines_cannot_be_drawn():
    with pytest.raises(OutlinesMissing, match="Coventry wards from May 2026"):
        svg_paths(NEW_WARDS, 600, 600)


def test_the_same_map_is_drawn_twice(exact_wards):
    assert svg_paths(exact_wards, 600, 600) == svg_paths(exact_wards, 600, 600)
