"""`flask market import-cqc` as somebody types it."""

import json
from pathlib import Path

import pytest
from sqlalchemy import select

from placement.records.providers import Service
from placement.web.commands.market import market

from .registers import held

HEADER = (
    "Name,Address 1,Postcode,CQC Provider ID (for office use only),CQC Location ID (for office use only),"
    "Local authority,Specialisms/services,Service types,Provider name"
)


def a_row(number=1, postcode="CV1 5RR", types="Residential homes", name="House"):
    return f"{name} {number},1 High Street,{postcode},1-2000001,1-100000{number},Coventry,Dementia,{types},A Company"


@pytest.fixture
def run(app):
    def invoke(*arguments):
        return app.test_cli_runner().invoke(market, ["import-cqc", *map(str, arguments)])

    return invoke


@pytest.fixture
def stored(app):
    return app.extensions["placement_store"]


@pytest.fixture
def directory(tmp_path) -> Path:
    folder = tmp_path / "files"
    folder.mkdir()
    rows = [a_row(1), a_row(2, postcode="CV1 0ZZ"), a_row(3, postcode="SW1A 1AA"), "cut,off", a_row(4)]
    (folder / "directory.csv").write_text("\n".join([HEADER, *rows]))
    return folder


def services(stored):
    with stored.reading() as session:
        return {each.cqc_location_id: each.name for each in session.scalars(select(Service))}


def test_a_dry_run_says_what_would_change_and_writes_nothing(run, stored, directory):
    before = held(stored)
    told = run(directory, "--dry-run")

    assert told.exit_code == 0
    assert told.output.startswith("Nothing was written: this is what the import would do. 5 rows were read.")
    assert "Services: 2 added, 0 unchanged" in told.output
    assert "1 outside the area" in told.output
    assert "1-1000001 House 1: added" in told.output
    assert "directory.csv, row 3: Not added: CV1 0ZZ is not in the postcode directory" in told.output
    assert "directory.csv, row 5: The row has no location id that can be read" in told.output
    assert held(stored) == before


def test_an_import_does_what_the_dry_run_said_and_then_nothing_more(run, stored, directory):
    promised = json.loads(run(directory, "--dry-run", "--json").output)
    done = json.loads(run(directory, "--json").output)

    assert done | {"is_dry_run": True} == promised
    assert services(stored) == {"1-1000001": "House 1", "1-1000004": "House 4"}
    before = held(stored)
    again = json.loads(run(directory, "--json").output)
    assert (again["changes"], again["counts"]["unchanged"]) == ([], 2)
    assert again["problems"] == done["problems"]
    assert held(stored) == before


def test_the_json_is_complete(run, directory):
    told = json.loads(run(directory, "--dry-run", "--json").output)

    assert told["rows_read"] == 5
    assert {action: count for action, count in told["counts"]["service"].items() if count} == {"added": 2}
    assert told["left_out_counts"] == {"outside the area": 1}
    assert [(each["cqc_id"], each["row"]) for each in told["left_out"]] == [("1-1000003", 4)]
    assert [(each["file"], each["row"], each["is_row_used"]) for each in told["problems"]] == [
        ("directory.csv", 5, False),
        ("directory.csv", 3, False),
    ]
    added = {each["field"]: each["new"] for each in told["changes"][-1]["fields"]}
    assert (added["authority"], added["bands"], added["service_type"]) == ("E08000026", ["dementia"], "residential")


def test_the_councils_can_be_chosen_by_name_or_code_or_all(run, directory):
    def added(*options):
        return json.loads(run(directory, "--dry-run", "--json", *options).output)["counts"]["service"]["added"]

    assert added("--authority", "rugby") == 0
    assert added("--authority", "Rugby", "--authority", "E08000026") == 2
    assert added("--authority", "E09000033") == 1
    assert added("--all") == 3


def test_an_update_is_shown_field_by_field_and_the_list_is_cut_with_a_word(run, directory):
    run(directory)
    (directory / "directory.csv").write_text("\n".join([HEADER, a_row(1, name="Home")]))
    assert "1-1000001 Home 1: updated; name House 1 → Home 1" in run(directory).output

    many = [a_row(1, name=f"Home {number}").replace("1-1000001", f"1-10001{number}") for number in range(10, 40)]
    (directory / "directory.csv").write_text("\n".join([HEADER, *many]))
    assert "and 10 more: --json has them all" in run(directory, "--dry-run").output


def test_arguments_that_cannot_be_used_are_refused_in_words(run, directory, tmp_path):
    empty = tmp_path / "nothing"
    empty.mkdir()
    (tmp_path / "notes.txt").write_text("Dear all,")
    refused = {
        "does not exist": [tmp_path / "none.csv"],
        "There are no files in it": [empty],
        "notes.txt: The columns are none of these": [tmp_path / "notes.txt"],
        "“Narnia” is neither": [directory, "--authority", "Narnia"],
        "either --authority or --all": [directory, "--authority", "Rugby", "--all"],
        "Missing argument": [],
    }
    for words, arguments in refused.items():
        told = run(*arguments)
        assert (told.exit_code, words in told.output) == (2, True), told.output
        assert isinstance(told.exception, SystemExit)


def test_a_broken_file_among_good_ones_is_a_problem_and_the_rest_is_imported(run, stored, directory):
    (directory / "broken.json").write_text('{"locationId": ')
    told = run(directory)

    assert told.exit_code == 0
    assert "broken.json: This looks like JSON and cannot be read as JSON" in told.output
    assert len(services(stored)) == 2
