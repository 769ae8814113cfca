from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import shapely
from sqlalchemy import func, select

from placement.domain.people import SYSTEM
from placement.geography.distances import Point
from placement.geography.localities import ASSUMED_LOCALITIES, Localities, Locality
from placement.geography.ward_files import read_ward_set
from placement.geography.ward_names import NEW_WARDS, OLD_WARDS
from placement.geography.wards import Ward, WardSet
from placement.records.events import AuditLine
from placement.records.ward_sets import (
    gazetteer_for,
    geography_version,
    save_localities,
    save_ward_set,
    stored_localities,
    stored_ward_sets,
    ward_name,
)
from placement.records.wards import StoredWardSet
from tests.builders import a_person, a_referral, a_service
from tests.conftest import NOW, SHARED

TODAY = date(2026, 11, 23)
REAL_FILE = SHARED / "geography" / "wards_2025_E08000026.geojson"


def drawn(ward_set: WardSet = NEW_WARDS) -> WardSet:
    """Return a set with made-up outlines, one square a ward from west to east."""
    wards = tuple(
        replace(ward, outline=shapely.box(-1.6 + place / 100, 52.4, -1.59 + place / 100, 52.41))
        for place, ward in enumerate(ward_set.wards)
    )
    return replace(ward_set, wards=wards, is_approximate=False)


def put(store, save, given):
    with store.writing() as session:
        save(session, given, by=SYSTEM, now=NOW)


def got(store, ask):
    with store.reading() as session:
        return ask(session)


def count(store, table):
    return got(store, lambda session: session.scalar(select(func.count()).select_from(table)))


def as_text(ward_set):
    return [(ward.code, ward.name, ward.outline.wkt) for ward in ward_set.wards]


def test_a_stored_set_comes_back_as_it_went_in(store):
    put(store, save_ward_set, drawn())
    (back,) = got(store, stored_ward_sets)

    assert as_text(back) == as_text(drawn())
    assert replace(back, wards=()) == replace(drawn(), wards=())


def test_importing_the_same_file_again_changes_nothing(store):
    put(store, save_ward_set, drawn())
    before = got(store, geography_version)
    put(store, save_ward_set, drawn())

    assert (count(store, StoredWardSet), count(store, AuditLine)) == (1, 1)
    assert got(store, geography_version) == before


def test_a_file_that_differs_is_a_new_vintage_and_the_newest_counts(store):
    moved = replace(drawn(), wards=(replace(drawn().wards[0], outline=shapely.box(0, 52, 1, 53)), *drawn().wards[1:]))
    put(store, save_ward_set, drawn())
    put(store, save_ward_set, moved)
    (back,) = got(store, stored_ward_sets)

    assert count(store, StoredWardSet) == 2
    assert as_text(back) == as_text(moved)


def test_without_a_stored_mapping_the_assumed_one_holds_and_says_so(store):
    put(store, save_ward_set, drawn())
    assert got(store, stored_localities) is ASSUMED_LOCALITIES


def test_a_stored_mapping_holds_for_every_set_that_comes_with_the_product(store):
    mapping = replace(ASSUMED_LOCALITIES, is_assumed=False)
    put(store, save_localities, mapping)
    before = got(store, geography_version)
    put(store, save_localities, mapping)

    assert got(store, stored_localities) == mapping
    assert got(store, geography_version) == before


def test_a_new_vintage_keeps_its_wards_in_their_localities(store):
    halves = (Locality(slug="east", name="East"), Locality(slug="west", name="West"))
    by_ward = {ward.code: halves[place % 2].slug for place, ward in enumerate(NEW_WARDS.wards)}
    mapping = Localities(areas=halves, by_ward=by_ward, is_assumed=False)
    put(store, save_localities, mapping)
    put(store, save_ward_set, drawn())

    assert got(store, stored_localities) == mapping
    assert len(got(store, stored_ward_sets)) == 1


def test_the_gazetteer_puts_a_postcode_into_the_uploaded_wards(store):
    put(store, save_ward_set, drawn())
    found = got(store, lambda session: gazetteer_for(session, on=TODAY))

    assert found.ward_set.slug == NEW_WARDS.slug
    assert found.ward_at(Point(lat=52.405, lon=-1.595)).code == NEW_WARDS.wards[0].code


def test_an_import_brings_services_people_and_their_referrals_over_to_the_new_wards(store):
    here, new = {"lat": 52.405, "lon": -1.595, "ward_code": "E05001228"}, NEW_WARDS.wards[0].code
    with store.writing() as session:
        service = a_service(session, **here)
        outside = a_service(session, **here | {"authority": "E07000222", "ward_code": None})
        person = a_person(session, **here)
        referral = a_referral(session, person=person)
        moved_since = a_referral(session, person=person, ward_code="E05001218")
        rows, version = (service, outside, person, referral, moved_since), service.version
    put(store, save_ward_set, drawn())
    with store.writing() as session:
        codes = [session.get(type(row), row.id).ward_code for row in rows]
        assert session.get(type(service), service.id).version == version

    assert codes == [new, None, new, new, "E05001218"]


@pytest.mark.skipif(not Path(REAL_FILE).is_file(), reason="the real ward outlines are absent")
def test_the_real_file_is_stored_exactly(store):
    real = read_ward_set(REAL_FILE.read_bytes())
    put(store, save_ward_set, real)
    put(store, save_ward_set, real)
    (back,) = got(store, stored_ward_sets)

    assert as_text(back) == as_text(real)
    assert count(store, StoredWardSet) == 1


def test_a_ward_has_the_name_of_its_latest_import_or_else_the_one_that_is_known(store):
    new, later = (
        WardSet(
            slug=f"coventry-from-{year}",
            name=f"Coventry wards from {year}",
            valid_from=date(year, 5, 1),
            valid_to=None,
            is_approximate=False,
            wards=(Ward(code="E05099001", name=name), Ward(code=NEW_WARDS.wards[0].code, name=f"A {name}")),
        )
        for year, name in ((2030, "Cathedral"), (2034, "Three Spires"))
    )
    for each in (new, later):
        put(store, save_ward_set, each)
    old, first, second = OLD_WARDS.wards[0], NEW_WARDS.wards[0], NEW_WARDS.wards[1]
    codes = ("E05099001", first.code, second.code, old.code, "E05099999", "")

    found = [got(store, lambda session, code=code: ward_name(session, code)) for code in codes]
    assert found == ["Three Spires", "A Three Spires", second.name, old.name, None, None]
