"""A fact that is read has an effect or a note: every column of every layout, every key of the API and every field."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import fields
from pathlib import Path

import pytest

from placement.market.imports.cqc import api
from placement.market.imports.cqc.combine import combine
from placement.market.imports.cqc.files import read_file
from placement.market.imports.cqc.layouts import LATEST_RATINGS, LAYOUTS, WIDE_DIRECTORY
from placement.market.imports.cqc.rows import CqcLocation, CqcProvider, CqcRating
from placement.market.imports.plan import plan_import
from placement.market.imports.report import as_values
from placement.records.sessions import open_url
from tests.builders import TODAY, a_provider, a_service
from tests.conftest import fresh_database

HOME, OTHER = "1-1000001", "1-1000009"

# What a filled cell says in the first file and, of the same location, in a second one that differs in this cell only.
CELLS = {
    "location_id": (HOME, OTHER),
    "name": ("House", "Home"),
    "provider_id": ("1-2000001", "1-2000002"),
    "provider_name": ("Some Company", "Another Company"),
    "postcode": ("CV1 5RR", "CV1 2FH"),
    "local_authority": ("Coventry", "Rugby"),
    "status": ("", "Inactive"),
    "registered_on": ("2020-01-02", "2021-01-02"),
    "deregistered_on": ("", "2024-03-14"),
    "is_care_home": ("Y", "N"),
    "is_dormant": ("N", "Y"),
    "is_dual": ("", "Y"),
    "primary_id": ("", OTHER),
    "beds": ("12", "13"),
    "published_on": ("2025-05-06", "2025-06-06"),
    "is_inherited": ("N", "Y"),
    "group": ("Overall", "Homecare"),
    "domain": ("Overall", "Safe"),
    "words": ("Good", "Outstanding"),
}
RATING = ("Good", "Inadequate")
FLAGS = ("Service type - Care home service without nursing", "Service user band - Dementia")


@pytest.fixture(scope="module")
def store(request, tmp_path_factory):
    """Return a register with one service without a location id, its provider, and a service of another provider."""
    with fresh_database("sqlite", request, tmp_path_factory.mktemp("fields")) as database:
        store = open_url(database.url)
        with store.writing() as session:
            owner = a_provider(session, name="Some Company", cqc_id="1-2000001")
            a_service(session, provider=owner, cqc_location_id="1-1000007")
            # The ratings file cannot add a service, so it is about one that the register has.
            a_service(session, provider=owner, cqc_location_id=f"{HOME}1", service_type="residential", quality=None)
        yield store
        store.engine.dispose()


def outcome(store, gazetteer, content):
    """Return all that an import would do and say, but for where in the file it was read."""
    reading = read_file(content, name="file")
    with store.reading() as session:
        plan = plan_import(session, combine(reading), gazetteer, on=TODAY, problems=reading.problems)
    return as_values(plan, rows_read=0, is_dry_run=True)


def base_of(layout):
    """Return a row with every cell that a layout reads filled, by column."""
    row = {column: CELLS[name][0] for name, column in layout.columns.items()}
    row |= {column: f"{number} Road" for number, column in enumerate(layout.address, start=1)}
    row |= dict.fromkeys(layout.sector[:1], "Social Care Org")
    row |= dict.fromkeys(layout.ratings.values(), RATING[0])
    row |= dict.fromkeys(FLAGS, "Y") if layout.bands.endswith("*") else {}
    if layout.bands and not layout.bands.endswith("*"):
        row |= {layout.service_types: "Residential homes", layout.bands: "Dementia,Caring for adults over 65 yrs"}
    if layout is WIDE_DIRECTORY:  # it has no postcodes, so it is about a service that the register has
        row["Location ID"] = f"{HOME}1"
    if layout is LATEST_RATINGS:
        row["Location ID"] = f"{HOME}1"
    if layout.must_say:
        row["Location Status"] = "Active"
    return row


def differing(layout):
    """Return every column that a layout reads with another value for its cell."""
    cells = {column: CELLS[name][1] for name, column in layout.columns.items()}
    cells |= dict.fromkeys((*layout.address, *layout.whole_address), "Another Road")
    cells |= dict.fromkeys(layout.sector[:1], "Primary Dental Care")
    cells |= dict.fromkeys(layout.ratings.values(), RATING[1])
    cells |= dict.fromkeys(FLAGS, "") if layout.bands.endswith("*") else {}
    if layout.bands and not layout.bands.endswith("*"):
        cells |= {layout.service_types: "Nursing homes", layout.bands: "Eating disorders"}
    return cells


def as_file(row):
    text = io.StringIO()
    writer = csv.DictWriter(text, list(row))
    writer.writeheader()
    writer.writerow(row)
    return text.getvalue().encode()


COLUMNS = [(layout, column) for layout in LAYOUTS for column in differing(layout)]


@pytest.mark.parametrize(("layout", "column"), COLUMNS, ids=lambda each: getattr(each, "label", each))
def test_every_column_that_a_layout_reads_has_an_effect_or_a_note(layout, column, store, gazetteer):
    row = base_of(layout)
    if column in layout.whole_address:
        row = {key: value for key, value in row.items() if key not in layout.address} | {column: "1 Road"}
    changed = row | {column: differing(layout)[column]}

    assert outcome(store, gazetteer, as_file(row)) != outcome(store, gazetteer, as_file(changed))


ANSWER = {
    "locationId": HOME,
    "providerId": "1-2000001",
    "name": "House",
    "type": "Social Care Org",
    "registrationStatus": "Registered",
    "registrationDate": "2020-01-02",
    "postalCode": "CV1 5RR",
    "postalAddressLine1": "1 Road",
    "localAuthority": "Coventry",
    "careHome": "Y",
    "dormancy": "N",
    "numberOfBeds": 12,
    "gacServiceTypes": [{"name": "Residential homes", "description": "Care home service without nursing"}],
    "specialisms": [{"name": "Dementia"}],
    "currentRatings": {
        "overall": {
            "rating": "Good",
            "reportDate": "2025-05-06",
            "keyQuestionRatings": [{"name": "Safe", "rating": "Good"}],
        }
    },
}
RATED = ANSWER["currentRatings"]["overall"]
CURRENT = {"name": "Care homes", "status": "Current", "rating": "Good"}
NO_RATING = ANSWER | {"currentRatings": {}}
# Key of the API → an answer, and the same but for what stands under this key.
ANSWERS = {
    "locationId": (ANSWER, ANSWER | {"locationId": OTHER}),
    "providerId": (ANSWER, ANSWER | {"providerId": "1-2000002"}),
    "name": (ANSWER, ANSWER | {"name": "Home"}),
    "type": (ANSWER, ANSWER | {"type": "Primary Dental Care"}),
    "registrationStatus": (ANSWER, ANSWER | {"registrationStatus": "Deregistered"}),
    "registrationDate": (ANSWER, ANSWER | {"registrationDate": "2021-01-02"}),
    "deregistrationDate": (ANSWER, ANSWER | {"deregistrationDate": "2024-03-14"}),
    "postalCode": (ANSWER, ANSWER | {"postalCode": "CV1 2FH"}),
    **{line: (ANSWER, ANSWER | {line: "Another Road"}) for line in api.ADDRESS},
    "localAuthority": (ANSWER, ANSWER | {"localAuthority": "Rugby"}),
    "careHome": (ANSWER, ANSWER | {"careHome": "N"}),
    "dormancy": (ANSWER, ANSWER | {"dormancy": "Y"}),
    "numberOfBeds": (ANSWER, ANSWER | {"numberOfBeds": 13}),
    "gacServiceTypes": (ANSWER, ANSWER | {"gacServiceTypes": [{"name": "Nursing homes"}]}),
    "description": (ANSWER, ANSWER | {"gacServiceTypes": [{"description": "Care home service with nursing"}]}),
    "specialisms": (ANSWER, ANSWER | {"specialisms": [{"name": "Eating disorders"}]}),
    "relationships": (
        ANSWER,
        ANSWER | {"relationships": [{"type": "HSCA Predecessor", "relatedLocationId": "1-1000005"}]},
    ),
    "relatedLocationId": (
        ANSWER | {"relationships": [{"type": "HSCA Predecessor", "relatedLocationId": "1-1000005"}]},
        ANSWER | {"relationships": [{"type": "HSCA Predecessor", "relatedLocationId": "1-1000006"}]},
    ),
    "currentRatings": (ANSWER, NO_RATING),
    "overall": (ANSWER, NO_RATING),
    "rating": (ANSWER, ANSWER | {"currentRatings": {"overall": RATED | {"rating": "Inadequate"}}}),
    "reportDate": (ANSWER, ANSWER | {"currentRatings": {"overall": RATED | {"reportDate": "2025-06-06"}}}),
    "keyQuestionRatings": (
        ANSWER,
        ANSWER
        | {"currentRatings": {"overall": RATED | {"keyQuestionRatings": [{"name": "Safe", "rating": "Inadequate"}]}}},
    ),
    "serviceRatings": (
        NO_RATING,
        ANSWER | {"currentRatings": {"serviceRatings": [{"name": "Care Homes", "rating": "Good"}]}},
    ),
    "assessment": (NO_RATING, NO_RATING | {"assessment": [{"ratings": {"asgRatings": [CURRENT]}}]}),
    "assessmentDate": (
        NO_RATING | {"currentRatings": {"overall": {"rating": "Good"}}},
        NO_RATING | {"currentRatings": {"overall": {"rating": "Good", "assessmentDate": "2025-01-01"}}},
    ),
    "locationIds": (
        [ANSWER | {"providerId": ""}, {"providerId": "1-2000001", "name": "Some Company", "locationIds": []}],
        [ANSWER | {"providerId": ""}, {"providerId": "1-2000001", "name": "Some Company", "locationIds": [HOME]}],
    ),
    "locations": ([], {"total": 1, "locations": [ANSWER]}),
    "providers": ([], {"total": 1, "providers": [{"providerId": "1-2000001", "name": "Another name"}]}),
    "locationName": ([], [{"locationId": HOME, "locationName": "House"}]),
    "providerName": ([], [{"providerId": HOME, "providerName": "House"}]),
}
INNER = {"ratings", "asgRatings", "status", "total"}  # each only leads to what is tried above


@pytest.mark.parametrize("key", ANSWERS)
def test_every_key_of_the_api_that_is_read_has_an_effect_or_a_note(key, store, gazetteer):
    one, other = (outcome(store, gazetteer, json.dumps(each).encode()) for each in ANSWERS[key])

    assert one != other


def test_every_key_that_the_reader_of_the_api_names_is_tried():
    source = Path(api.__file__).read_text("utf-8")
    named = set(re.findall(r'(?:get\(|_(?:list|object|names|doubts)\(\w+, )"(\w+)"', source))
    named |= set(re.findall(r'"([a-z]+[A-Z]\w+)"', source))

    assert named - INNER <= ANSWERS.keys()


ENDED_PROVIDER = {"providerId": "1-2000001", "name": "Some Company"}


ENDS = {"registrationStatus": "Deregistered", "deregistrationDate": "2024-03-14"}


@pytest.mark.parametrize("key", ENDS)
def test_the_end_of_a_provider_with_listed_services_is_noted(key, store, gazetteer):
    told = outcome(store, gazetteer, json.dumps(ENDED_PROVIDER | {key: ENDS[key]}).encode())

    assert ["2 of its services are still listed" in note["words"] for note in told["notes"]] == [True]


# Where each field of a row that was read goes; a new field fails here until somebody says so.
GOES_TO = {
    CqcLocation: {
        "a column": "location_id name provider_id postcode address local_authority registered_on deregistered_on "
        "is_dormant beds service_types specialisms ratings",
        "another column": "provider_name predecessor_ids successor_ids ages is_social_care is_registered primary_id",
        "a note": "is_care_home is_dual other_service_types",
        "a problem": "unread_types unread_bands",
        "what is believed": "source vintage",
        "where it was read": "file row",
    },
    CqcProvider: {
        "a column": "provider_id name location_ids",
        "a note": "is_registered deregistered_on",
        "what is believed": "source vintage",
    },
    CqcRating: {
        "a column": "location_id service_group quality published_on",
        "a note": "domain words is_inherited",
        "what is believed": "source vintage",
    },
}


@pytest.mark.parametrize("kind", GOES_TO, ids=lambda kind: kind.__name__)
def test_every_field_of_a_row_goes_somewhere(kind):
    told = [name for names in GOES_TO[kind].values() for name in names.split()]

    assert sorted(told) == sorted(each.name for each in fields(kind))
