"""Words that nobody knows are told, and are never taken for a no."""

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from placement.market.imports.cqc import directories, table_rows, terms
from placement.market.imports.cqc.combine import combine
from placement.market.imports.cqc.files import read_file, read_paths
from placement.market.imports.cqc.rows import Source
from placement.market.imports.plan import plan_import
from tests.builders import TODAY

from .registers import a_location, imported, service_changes

ID = "1-1000001"
BANDS = ("autism", "dementia")
CARE_HEADER = (
    "CQC Location ID (for office use only),Name,Service types,Specialisms/services,Address,Postcode,"
    "CQC Provider ID (for office use only),Provider name"
)


def care_file(types="Residential homes", bands="Dementia", address="1 High Street"):
    row = f'{ID},House,"{types}","{bands}","{address}",CV1 5RR,1-2000001,Some Company'
    return read_file(f"{CARE_HEADER}\n{row}\n".encode(), name="care.csv")


def hsca_file(**flags):
    given = {
        "Location ID": ID,
        "Location Name": "House",
        "Location HSCA start date": "2020-01-01",
        "Location Postal Code": "CV1 5RR",
        "Provider ID": "1-2000001",
        **{name.replace("_", " - ", 1).replace("_", " "): value for name, value in flags.items()},
    }
    return read_file((",".join(given) + "\n" + ",".join(given.values()) + "\n").encode(), name="hsca.csv")


def answer(**fields):
    given = {"locationId": ID, "name": "House", "providerId": "1-2000001", "postalCode": "CV1 5RR"}
    return read_file(json.dumps(given | fields).encode(), name="answer.json")


def stored_home(store, gazetteer):
    began = date(2020, 1, 1)
    home = a_location(ID, name="House", specialisms=BANDS, address=("1 High Street",), registered_on=began)
    imported(store, gazetteer, home)


def changed(store, gazetteer, reading):
    """Return the fields that a file would change of the stored home."""
    with store.reading() as session:
        plan = plan_import(session, combine(reading), gazetteer, on=TODAY, problems=reading.problems)
    return {each.field: each.new for change in service_changes(plan) for each in change.fields}


def test_the_weekly_directory_is_read_whole(store, gazetteer, field_cases):
    reading = read_paths([field_cases / "01-weekly-directory"])
    with store.reading() as session:
        plan = plan_import(session, combine(reading), gazetteer, on=TODAY, problems=reading.problems)
    added = {each.cqc_id: each.values for each in service_changes(plan)}

    assert {key: (values["service_type"], values.get("bands", ())) for key, values in added.items()} == {
        "1-9000000001": ("nursing", ("dementia", "physical_disability")),
        "1-9000000002": ("supported_living", ("learning_disability",)),
        "1-9000000003": ("residential", ()),
    }
    assert added["1-9000000002"]["address"] == "Unit 4, Test Park, Coventry"
    assert all(values["address"] for values in added.values())
    assert (plan.left_out, [each for each in plan.problems if each.row]) == ((), [])


@pytest.mark.parametrize("between", ["|", " | ", ";", "; ", ",", ", ", "\n", "\r\n"])
def test_the_items_of_a_list_are_told_apart_by_any_usual_separator(between):
    (location,) = care_file(
        bands=between.join(["Dementia", "Eating disorders", "Caring for adults over 65 yrs"])
    ).locations

    assert location.specialisms == ("dementia", "eating_disorder")
    assert location.ages[0].youngest == 65


@given(st.lists(st.sampled_from(sorted(terms.BANDS)), unique=True, min_size=1), st.sampled_from("|;,\n"))
def test_every_list_of_known_words_comes_back_whole(words, between):
    assert [terms.fold(each) for each in terms.split_list(between.join(words))] == words


UNREADABLE = {
    "bands of a cell": lambda: care_file(bands="Dementia/Autism"),
    "types of a cell": lambda: care_file(types="Home & Nursing", bands=""),
    "bands of flags": lambda: hsca_file(**{"Service user band_Dementia": "perhaps"}),
    "types of flags": lambda: hsca_file(**{"Service type_Care home service with nursing": "?"}),
    "specialisms of the API": lambda: answer(specialisms=[{"name": "Dementia/Autism"}]),
    "specialisms that are no list": lambda: answer(specialisms="Dementia"),
    "types of the API": lambda: answer(gacServiceTypes=[{"name": "Home", "description": "Nursing & Home"}]),
    "a rating": lambda: answer(currentRatings={"overall": {"rating": "Splendid"}}),
    "a status": lambda: answer(registrationStatus="Perhaps"),
    "beds": lambda: answer(numberOfBeds="1,4"),
    "a provider": lambda: answer(providerId="some company"),
    "dormancy": lambda: answer(dormancy="perhaps"),
    "a day": lambda: answer(registrationDate="soon"),
}


@pytest.mark.parametrize("case", UNREADABLE)
def test_what_cannot_be_read_is_told_and_changes_nothing(case, store, gazetteer):
    stored_home(store, gazetteer)
    reading = UNREADABLE[case]()

    assert [each.is_row_used for each in reading.problems] == [True]
    assert changed(store, gazetteer, reading) == {}


def test_a_list_of_which_a_part_is_known_adds_it_and_takes_nothing_away(store, gazetteer):
    stored_home(store, gazetteer)
    reading = care_file(types="Nursing homes|Residental homes", bands="Eating disorders|Autsim")

    assert changed(store, gazetteer, reading) == {"bands": ("autism", "dementia", "eating_disorder")}
    assert [each.reason for each in reading.problems] == [
        table_rows.SOME_UNREAD.format("Service types", "“Residental homes”"),
        table_rows.SOME_UNREAD.format("Specialisms/services", "“Autsim”"),
    ]


def test_a_list_of_which_all_is_known_is_what_the_cqc_says(store, gazetteer):
    stored_home(store, gazetteer)

    assert changed(store, gazetteer, care_file(bands="Eating disorders")) == {"bands": ("eating_disorder",)}
    assert changed(store, gazetteer, care_file(bands="Personal care")) == {}  # an activity, and no band
    assert changed(store, gazetteer, care_file(bands="")) == {}


def test_a_file_whose_lists_cannot_be_read_leaves_the_word_to_the_next():
    rows = (
        a_location(ID, specialisms=(), unread_bands=("Autsim",)),
        a_location(ID, specialisms=BANDS, source=Source.WIDE_DIRECTORY),
    )
    (location,) = combine(care_file().of([type(care_file())(locations=rows)])).locations.values()

    assert (location.specialisms, location.unread_bands) == (BANDS, ())


def test_a_sector_that_nobody_knows_keeps_no_home_out(store, gazetteer):
    header = "Location ID,Location Name,Location HSCA start date,Location Postal Code,Provider ID,Location Type/Sector"
    reading = read_file(f"{header}\n{ID},House,2020-01-01,CV1 5RR,1-2000001,Care of adults\n".encode(), name="hsca.csv")

    assert [each.is_social_care for each in reading.locations] == [None]
    assert [each.reason for each in reading.problems] == [table_rows.UNREAD.format("Location Type/Sector")]


def test_a_rating_that_the_cqc_does_not_give_is_told():
    header = "Location ID,Location Name,Service / Population Group,Domain,Latest Rating"
    reading = read_file(f"{header}\n{ID},House,Overall,Overall,Godo\n".encode(), name="ratings.csv")

    assert (reading.ratings, [each.reason for each in reading.problems]) == ((), [directories.UNKNOWN_RATING])


@pytest.mark.parametrize(
    ("cell", "lines"),
    [
        ("12 Sample Road,Coventry", ("12 Sample Road", "Coventry")),
        ("12 Sample Road\nCoventry", ("12 Sample Road", "Coventry")),
        (" 12 Sample Road ,, Coventry ", ("12 Sample Road", "Coventry")),
        ("", ()),
    ],
)
def test_an_address_in_one_column_is_read(cell, lines):
    assert [each.address for each in care_file(address=cell).locations] == [lines]
