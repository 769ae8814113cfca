import json

import pytest

from placement.records.ward_sets import stored_ward_sets


@pytest.fixture
def run(app, lsoas):
    return lambda *words: app.test_cli_runner().invoke(args=["geography", *map(str, words)])


def saved(store):
    with store.reading() as session:
        return [each.slug for each in stored_ward_sets(session)]


def test_locate_prints_where_a_postcode_is(run):
    result = run("locate", "cv1 5rr")
    told = json.loads(result.stdout)

    assert result.exit_code == 0
    assert (told["postcode"], told["authority"], told["in_city"]) == ("CV1 5RR", "E08000026", True)
    assert (told["ward"], told["ward_set"], told["locality"]) == ("E05001228", "coventry-to-2026", "south_east")
    assert told["ward_is_approximate"]
    assert set(told) >= {"lat", "lon", "lsoa"}


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("BT1 5GS", "BT1 5GS is in Northern Ireland, which is not on this map"),
        ("je23ab", "JE2 3AB is in Jersey, which is not on this map"),
        ("CV99 9ZZ", "not in the postcode directory"),
        ("CVI 5RR", "Did you mean CV1 5RR?"),
    ],
)
def test_locate_says_what_is_wrong_and_leaves_with_2(run, typed, said):
    result = run("locate", typed)

    assert result.exit_code == 2
    assert result.stdout == ""
    assert said in result.stderr


def test_import_wards_stores_an_exact_set(run, store, real_files):
    result = run("import-wards", real_files / "wards_2025_E08000026.geojson")

    assert result.exit_code == 0
    assert "18 wards with exact outlines" in result.stdout
    assert saved(store) == ["coventry-to-2026"]


def test_import_wards_refuses_another_file(run, store, tmp_path):
    (tmp_path / "wards.txt").write_text("not wards")
    result = run("import-wards", tmp_path / "wards.txt")

    assert (result.exit_code, saved(store)) == (2, [])
    assert "cannot be read as JSON" in result.stderr
