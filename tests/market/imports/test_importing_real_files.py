"""Imports of files that CQC made. The names in them are read here and never written here."""

import csv
import io
import json
import shutil
from collections import Counter
from functools import cache

import pytest
from sqlalchemy import select

from placement.domain.people import SYSTEM
from placement.market.imports.apply import apply_import
from placement.market.imports.changes import Action, LeftOutReason
from placement.market.imports.cqc.combine import combine
from placement.market.imports.cqc.files import read_paths
from placement.market.imports.cqc.rows import OVERALL
from placement.market.imports.plan import NO_POSTCODE, plan_import
from placement.market.imports.scope import EVERYWHERE, MARKET
from placement.records.placements import Placement
from placement.records.providers import FormerRegistration, Service
from tests.builders import TODAY, a_placement, a_service, a_unit
from tests.conftest import NOW

from .registers import held, service_changes, the_service

FILES = (
    "api_locations",
    "api_providers",
    "directory_wide_999.csv",
    "care_directory_500.csv",
    "latest_ratings_lincolnshire.csv",
)
WIDE, CARE, RATINGS = FILES[2:]


@cache
def read(*paths):
    reading = read_paths(paths)
    return reading, combine(reading)


def plan_of(store, gazetteer, *paths, scope=EVERYWHERE):
    reading, combined = read(*paths)
    with store.reading() as session:
        return plan_import(session, combined, gazetteer, on=TODAY, scope=scope, problems=reading.problems)


def do(store, plan):
    with store.writing() as session:
        apply_import(session, plan, by=SYSTEM, now=NOW)


def figures(plan):
    added = plan.counts("service")[Action.ADDED]
    return added, dict(Counter(each.reason for each in plan.left_out)), len(plan.problems)


@pytest.fixture
def paths(cqc_files):
    return [cqc_files / name for name in FILES]


def test_figures_of_each_file_alone(store, gazetteer, cqc_files):
    found = {name: figures(plan_of(store, gazetteer, cqc_files / name)) for name in FILES}

    assert found == {
        "api_locations": (59, {LeftOutReason.ENDED: 16, LeftOutReason.EARLIER: 9, LeftOutReason.CHILDREN: 1}, 0),
        "api_providers": (0, {}, 0),
        WIDE: (0, {LeftOutReason.OTHER_SECTOR: 8, LeftOutReason.CHILDREN: 2}, 989),  # it has no postcodes
        CARE: (
            148,
            {LeftOutReason.NO_TYPE: 177, LeftOutReason.CHILDREN: 4},
            0,
        ),  # more than half of it are surgeries and dentists
        RATINGS: (
            0,
            {LeftOutReason.NO_TYPE: 356, LeftOutReason.OTHER_SECTOR: 122},
            0,
        ),  # it says what is rated, not what it is
    }


def test_of_the_market_only_what_lies_in_it_by_postcode_is_added(store, gazetteer, paths):
    plan = plan_of(store, gazetteer, *paths, scope=MARKET)
    added = [change.values["authority"] for change in service_changes(plan)]

    assert added
    assert all(MARKET.takes(authority) for authority in added)


def test_rows_without_a_postcode_are_problems_and_those_that_name_the_city_stand_out(store, gazetteer, cqc_files):
    plan = plan_of(store, gazetteer, cqc_files / WIDE, scope=MARKET)
    reasons = Counter(each.reason for each in plan.problems)
    with (cqc_files / WIDE).open(encoding="utf-8-sig", newline="") as file:
        in_city = sum(row["Location Local Authority"] == "Coventry" for row in csv.DictReader(file))

    assert in_city > 0
    assert reasons[f"{NO_POSTCODE}; the file says Coventry"] == in_city
    assert all(each.file == WIDE and each.row > 1 for each in plan.problems)


def test_the_same_files_again_plan_nothing_and_leave_every_row_as_it_was(store, gazetteer, paths):
    do(store, plan_of(store, gazetteer, *paths))
    before = held(store)
    again = plan_of(store, gazetteer, *paths)
    do(store, again)

    assert again.changes == ()
    assert again.unchanged == len(before["service"])
    assert held(store) == before


def test_the_order_in_which_files_are_given_does_not_matter(paths):
    assert read(*paths) == read(*reversed(paths), paths[0])


def test_planning_leaves_the_database_as_it_is(store, gazetteer, paths):
    before = held(store)
    plan = plan_of(store, gazetteer, *paths)

    assert plan.changes
    assert held(store) == before


def test_services_under_every_earlier_id_go_on_with_their_units_and_placements(store, gazetteer, cqc_files):
    combined = combine(read_paths([cqc_files / "api_locations"]))
    news = {new: old for old, new in combined.goes_on_as.items() if new in combined.locations}
    with store.writing() as session:
        ids = {}
        for new, old in news.items():
            unit = a_unit(session, service=a_service(session, cqc_location_id=old))
            ids[new] = unit.service_id, unit.id, a_placement(session, unit).id
    do(store, plan_of(store, gazetteer, cqc_files / "api_locations"))

    assert len(ids) > 20
    with store.reading() as session:
        for new, (service_id, unit_id, placement_id) in ids.items():
            service = the_service(session, new)
            assert (service.id, [unit.id for unit in service.units]) == (service_id, [unit_id])
            assert service.is_listed == combined.locations[new].is_registered
            assert session.get_one(Placement, placement_id).unit_id == unit_id
            assert session.get_one(FormerRegistration, news[new]).service_id == service_id
    assert plan_of(store, gazetteer, cqc_files / "api_locations").changes == ()


def test_locations_without_a_rating_of_their_own_take_that_of_their_service_group(store, gazetteer, cqc_files):
    do(store, plan_of(store, gazetteer, cqc_files / "api_locations"))
    combined = combine(read_paths([cqc_files / "api_locations"]))
    with store.reading() as session:
        qualities = {each.cqc_location_id: each.quality for each in session.scalars(select(Service))}
    rated = 0
    for location_id, quality in qualities.items():
        overall = {
            each.service_group: each.quality
            for each in combined.locations[location_id].ratings
            if each.domain == OVERALL
        }
        groups = {each for group, each in overall.items() if group != OVERALL and each is not None}
        if overall.get(OVERALL) is None and groups:
            rated += 1
            assert quality in groups

    assert rated > 0


def test_not_rated_in_the_locations_file_is_rated_from_the_ratings_file(
    store, gazetteer, cqc_files, hsca_file, tmp_path
):
    with (cqc_files / RATINGS).open(encoding="utf-8-sig", newline="") as file:
        rows = [
            row
            for row in csv.DictReader(file)
            if row["Service / Population Group"] != "Overall" and row["Care Home?"] == "Y"
        ]
    rated = next(row for row in rows if row["Domain"] == "Overall" and row["Latest Rating"] == "Good")
    hsca = {
        "Location ID": rated["Location ID"],
        "Location Name": rated["Location Name"],
        "Location Postal Code": rated["Location Post Code"],
        "Provider ID": rated["Provider ID"],
        "Provider Name": rated["Provider Name"],
        "Location Type/Sector": "Social Care Org",
        "Location Latest Overall Rating": "Not Rated",
        "Care homes beds": "12",
        "Service type - Care home service without nursing": "Y",
        "Service type - Domiciliary care service": "Y",
    }
    (tmp_path / "hsca.csv").write_bytes(hsca_file(hsca))
    do(store, plan_of(store, gazetteer, tmp_path / "hsca.csv"))
    plan = plan_of(store, gazetteer, tmp_path / "hsca.csv", cqc_files / RATINGS)

    assert {each.field: (each.old, each.new) for each in service_changes(plan)[0].fields}["quality"] == (None, 2)


def test_bad_rows_are_each_reported_and_everything_else_is_imported(store, gazetteer, cqc_files, tmp_path):
    folder = tmp_path / "files"
    shutil.copytree(cqc_files / "api_locations", folder)
    (folder / "broken.json").write_text('{"locationId": "1-1000001", "name": ')
    (folder / "lost.json").write_text(json.dumps(a_copy_with(folder, postalCode="OL8 0ZZ")))
    spoilt = Truncated((cqc_files / CARE).read_text("utf-8-sig"))
    (folder / CARE).write_text(spoilt.text, "utf-8")
    whole = plan_of(store, gazetteer, cqc_files / "api_locations", cqc_files / CARE)
    plan = plan_of(store, gazetteer, folder)

    bad = {(each.file, each.row): each.reason for each in plan.problems}
    assert set(bad) == {("broken.json", 0), ("lost.json", 1), (CARE, spoilt.line)}
    assert "OL8 0ZZ" in bad["lost.json", 1]
    gone = {change.cqc_id for change in service_changes(whole)} - {change.cqc_id for change in service_changes(plan)}
    assert gone == {spoilt.location_id}
    do(store, plan)
    assert plan_of(store, gazetteer, folder).changes == ()


def a_copy_with(folder, **facts):
    """Return an answer of the API under an id of its own, with other facts."""
    registered = (json.loads(path.read_text()) for path in sorted(folder.glob("location_*.json")))
    answer = next(each for each in registered if each["registrationStatus"] == "Registered")
    return answer | {"locationId": "1-1000009", "relationships": []} | facts


class Truncated:
    """A care directory of which the row of one homecare agency ends in the middle."""

    def __init__(self, text: str) -> None:
        lines = text.splitlines(keepends=True)
        header = next(csv.reader([lines[0]]))
        at, row = next(found for found in enumerate(map(self.cells, lines)) if self.is_agency(header, found[1]))
        self.location_id = row[header.index("CQC Location ID (for office use only)")]
        self.line = at + 1
        lines[at] = ",".join(row[:4]) + "\n"
        self.text = "".join(lines)

    @staticmethod
    def cells(line: str) -> list[str]:
        return next(csv.reader(io.StringIO(line)), [])

    @staticmethod
    def is_agency(header: list[str], row: list[str]) -> bool:
        named = dict(zip(header, row, strict=False))
        id_cell = named.get("CQC Location ID (for office use only)", "")
        return len(row) == len(header) and bool(id_cell) and named["Service types"] == "Homecare agencies"
