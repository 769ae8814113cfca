"""The readers against files that CQC made. The figures were counted in the files by other means."""

import csv
from datetime import date

import pytest

from placement.domain.features import SPECIALISMS
from placement.domain.services import SERVICE_TYPE
from placement.market.imports.cqc.combine import combine
from placement.market.imports.cqc.files import read_file, read_paths
from placement.market.imports.cqc.judgement import judgement_for
from placement.market.imports.cqc.rows import OVERALL, Ages, Reading, Source

from .conftest import told

FILES = ("directory_wide_999.csv", "care_directory_500.csv", "latest_ratings_lincolnshire.csv")


@pytest.fixture(scope="module")
def readings(cqc_files) -> dict[str, Reading]:
    names = ("api_locations", "api_providers", *FILES)
    return {name: read_paths([cqc_files / name]) for name in names}


def location(reading: Reading, location_id: str):
    return next(each for each in reading.locations if each.location_id == location_id)


def test_every_row_of_every_file_is_used(readings):
    for name, reading in readings.items():
        print(told(name, reading))

    assert [reading.rows_read for reading in readings.values()] == [85, 14, 999, 500, 4159]
    assert [len({each.location_id for each in reading.locations}) for reading in readings.values()] == [
        85,
        0,
        999,
        329,
        478,
    ]
    assert [len(reading.providers) for reading in readings.values()] == [0, 14, 0, 170, 0]
    assert [len(reading.ratings) for reading in readings.values()] == [330, 0, 4490, 0, 4159]
    assert not any(reading.problems for reading in readings.values())


def test_every_slug_is_in_the_products_own_tables(readings):
    specialisms = {each.slug for each in SPECIALISMS}
    for reading in readings.values():
        assert {slug for each in reading.locations for slug in each.specialisms} <= specialisms
        assert {slug for each in reading.locations for slug in each.service_types} <= set(SERVICE_TYPE)
        assert {words for each in reading.locations for words in each.unread_bands} == set()


def test_an_api_location_is_read_whole(readings):
    found = location(readings["api_locations"], "1-5203053560")

    assert (found.is_registered, found.is_care_home, found.beds) == (True, True, 34)
    assert found.service_types == ("nursing",)
    assert found.predecessor_ids == ("1-280584830",)
    assert {(each.service_group, each.domain, each.quality) for each in found.ratings} >= {("care_homes", OVERALL, 2)}
    assert {each.published_on for each in found.ratings} == {date(2024, 7, 15)}


def test_only_todays_ratings_are_read_and_not_history(readings):
    rated = [each for each in readings["api_locations"].ratings if each.service_group == OVERALL]

    assert len([each for each in rated if each.domain == OVERALL]) == 54
    assert sum(each.quality is None for each in rated if each.domain == OVERALL) == 9


def test_deregistered_locations_keep_their_end(readings):
    gone = [each for each in readings["api_locations"].locations if each.is_registered is False]

    assert len(gone) == 25
    assert all(each.deregistered_on for each in gone)


def test_both_spellings_of_requires_improvement_are_one_rating(readings):
    wide = [each for each in readings["directory_wide_999.csv"].ratings if each.domain == OVERALL]

    assert sum(each.quality == 1 for each in wide) == 66 + 29
    assert {each.words for each in wide} == {
        "Good",
        "Requires improvement",
        "Outstanding",
        "Inadequate",
        "Inspected but not rated",
    }


def test_a_publication_date_that_repeats_the_registration_is_not_believed(readings):
    wide = readings["directory_wide_999.csv"]

    assert all(each.published_on is None for each in wide.ratings)
    assert all(each.registered_on for each in wide.locations)


def test_leading_spaces_and_tabs_in_names_are_gone(readings):
    assert location(readings["directory_wide_999.csv"], "1-21268168552").name == "AbilityAvenue Care"
    for reading in readings.values():
        assert all(each.name == " ".join(each.name.split()) != "" for each in reading.locations)


def test_the_wide_directory_knows_five_locations_of_the_city(readings):
    ours = [each for each in readings["directory_wide_999.csv"].locations if each.local_authority == "Coventry"]

    assert len(ours) == 5
    assert sum(each.beds or 0 for each in ours) > 0


def test_a_band_names_specialisms_and_ages(readings):
    found = location(readings["directory_wide_999.csv"], "1-21268168552")

    assert found.specialisms == ("autism", "learning_disability", "mental_health", "physical_disability")
    assert found.ages == (Ages(youngest=18, below=65),)
    assert (found.is_dormant, found.beds, found.is_social_care) == (True, 0, True)


def test_providers_in_the_care_directory_are_not_taken_for_locations(readings):
    named = {each.provider_id: each.name for each in readings["care_directory_500.csv"].providers}

    assert {"1-2003330215", "1-119227569", "1-20189624308"} <= named.keys()
    assert "Carers Trust, Heart Of England" in named.values()


def test_american_dates_are_read_as_american(readings, cqc_files):
    with (cqc_files / "latest_ratings_lincolnshire.csv").open(encoding="utf-8-sig") as lines:
        months = {row["Publication Date"][:2] for row in csv.DictReader(lines) if row["Publication Date"]}
    dates = {each.published_on for each in readings["latest_ratings_lincolnshire.csv"].ratings if each.published_on}

    assert {each.month for each in dates} == set(map(int, months)) == set(range(1, 13))
    assert max(dates) < date(2026, 12, 31)


def test_a_location_that_shows_as_not_rated_takes_its_groups_ratings(readings):
    combined = combine(readings["latest_ratings_lincolnshire.csv"])
    both, supported = combined.locations["1-115522855"], combined.locations["1-145212140"]

    assert next(each for each in both.ratings if each.service_group == OVERALL).words == "Not rated"
    assert judgement_for(both, "residential").rating.published_on == date(2026, 2, 16)
    assert judgement_for(both, "homecare").rating.published_on == date(2026, 4, 9)
    assert judgement_for(supported, "supported_living").rule.slug == "group"
    assert judgement_for(supported, "residential").rule.slug == "lowest"


def test_all_files_together_make_one_record_a_location_whatever_their_order(readings):
    ways = [list(readings.values()), list(reversed(readings.values()))]
    one, other = (combine(Reading.of(each)) for each in ways)

    print(
        f"together: {len(one.locations)} locations, {len(one.providers)} providers, "
        f"{len(one.goes_on_as)} ids that were given up"
    )
    assert one == other
    assert len(one.locations) == len({each.location_id for reading in ways[0] for each in reading.locations})


def test_re_registrations_lead_to_the_location_that_goes_on(readings):
    combined = combine(readings["api_locations"])

    assert combined.goes_on_as["1-222457842"] == "1-470061969"
    assert combined.goes_on_as["1-349185032"] == combined.goes_on_as["1-2058385384"] == "1-2934550191"
    assert not set(combined.goes_on_as) & set(combined.goes_on_as.values())


def test_an_api_location_takes_its_providers_name_from_the_providers_own_answer(readings):
    combined = combine(Reading.of([readings["api_locations"], readings["api_providers"]]))
    named = [each for each in combined.locations.values() if each.provider_id in combined.providers]

    assert named
    assert all(each.provider_name == combined.providers[each.provider_id].name for each in named)


def test_hsca_flags_become_slugs(hsca_file, hsca_header):
    content = hsca_file(
        {
            "Location ID": "1-100000001",
            "Location Name": "Elm House",
            "Location HSCA start date": "25/12/2010",
            "Care home?": "Y",
            "Care homes beds": "30",
            "Dormant (Y/N)": "N",
            "Location Postal Code": "cv15rr",
            "Location Latest Overall Rating": "Outstanding",
            "Publication Date": "03/04/2020",
            "Provider ID": "1-100000002",
            "Registered manager": "Smith, Jane",
            "Location Telephone Number": "02476000000",
            "Provider Nominated Individual Name": "Doe, John",
            "Service type - Care home service with nursing": "Y",
            "Service type - Hospice services": "Y",
            "Service user band - Learning disabilities or autistic spectrum disorder": "Y",
            "Service user band - People detained under the Mental Health Act": "Y",
            "Service user band - Whole Population": "Y",
        }
    )
    reading = read_file(content, name="hsca.csv", vintage=date(2026, 10, 1))
    found = reading.locations[0]

    assert len(hsca_header) == 122
    assert found.source is Source.HSCA_LOCATIONS
    assert (found.registered_on, found.ratings[0].published_on) == (date(2010, 12, 25), date(2020, 4, 3))
    assert (found.service_types, found.other_service_types) == (("nursing",), ("Hospice services",))
    assert found.specialisms == ("autism", "learning_disability", "mental_health")
    assert found.ages == (Ages(youngest=0, below=None),)
    assert (found.postcode, found.beds, found.is_care_home, found.is_dormant) == ("CV1 5RR", 30, True, False)
    assert not any(name in repr(reading) for name in ("Smith", "Doe", "02476"))


def test_every_hsca_service_type_and_band_is_known_or_kept(hsca_file, hsca_header):
    flags = {name: "Y" for name in hsca_header if name.startswith(("Service type - ", "Service user band - "))}
    row = {"Location ID": "1-100000001", "Location Name": "All", "Location HSCA start date": "2020-01-01", **flags}
    found = read_file(hsca_file(row), name="hsca.csv").locations[0]

    assert len(found.service_types) == 6
    assert len(found.other_service_types) == 33 - 6
    assert found.unread_bands == ()
    assert len(found.specialisms) == 8


def test_a_file_saved_by_a_spreadsheet_says_what_the_whole_file_says(field_cases):
    folder = field_cases / "05-excel-short-rows"
    full, saved = (read_paths([folder / name]) for name in ("hsca_full.csv", "hsca_saved_by_excel.csv"))

    assert len(saved.locations) == 40
    assert (saved.locations, saved.problems) == (full.locations, ())
