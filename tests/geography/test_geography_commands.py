import json
from dataclasses import replace

import pytest
from shapely.affinity import translate

from placement.geography.ward_names import OLD_WARDS
from placement.records.ward_sets import stored_ward_sets
from tests.builders import a_ward_file, drawn


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


def test_a_dry_run_says_what_would_change_and_stores_nothing(run, store, real_files):
    result = run("import-wards", "--dry-run", real_files / "wards_2025_E08000026.geojson")

    assert result.exit_code == 0
    assert "3.9% of 9,359 postcodes change ward" in result.stdout
    assert "Nothing was stored" in result.stdout
    assert saved(store) == []


def test_wards_of_another_place_are_refused_with_what_would_change(run, store, tmp_path):
    away = tmp_path / "away.geojson"
    wards = tuple(replace(each, outline=translate(each.outline, 0.1)) for each in drawn(OLD_WARDS).wards)
    away.write_bytes(a_ward_file(replace(drawn(OLD_WARDS), wards=wards), year="25"))
    result = run("import-wards", away)

    assert (result.exit_code, saved(store)) == (2, [])
    assert "would change ward" in result.stderr
    assert "Check that the file has the wards of Coventry" in result.stderr


def test_field_cases_are_imported_with_what_is_odd_about_them(run, store, field_cases):
    plain = run("import-wards", field_cases / "06-wards" / "wards_no_council_column.geojson")
    spike = run("import-wards", field_cases / "06-wards" / "wards_spike.geojson")

    assert (plain.exit_code, spike.exit_code) == (0, 0)
    assert plain.stdout.startswith("Coventry wards to May 2026: 18 wards")
    assert "Mended without a change of area: Earlsdon" in spike.stdout
    assert "look at where the file comes from" in plain.stderr


def test_stored_wards_are_listed_with_their_dates_and_can_be_taken_back(run, store, real_files):
    run("import-wards", real_files / "wards_2025_E08000026.geojson")
    listed = run("ward-sets").stdout.splitlines()
    number = next(line.split("\t")[0] for line in listed if line.endswith("in use"))

    assert [line.split("\t")[1:] for line in listed] == [
        ["Coventry wards from May 2026", "2026-05-07 to …", "in force", "comes with the product"],
        ["Coventry wards to May 2026", "… to 2026-05-07", "expired", "in use"],
    ]
    assert run("undo-wards", number).stdout == "Coventry wards to May 2026 was taken back\n"
    assert saved(store) == []
    assert run("undo-wards", number).exit_code == 2
    assert run("undo-wards", "987").exit_code == 2
